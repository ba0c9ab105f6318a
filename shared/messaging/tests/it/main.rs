//! The bus against a real Postgres, real HTTP and a real SQS emulator.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod conformance;
mod dead_destination;
mod drain;
mod feed;
mod healing;
mod hostile;
mod internal_routes;
mod outbox;
mod quarantine;
mod rights;
mod support;
mod trace;
