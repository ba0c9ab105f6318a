//! The service from outside: over HTTP, on a real Postgres, with real relays and consumers.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod bad_input;
mod boards;
mod client;
mod documents;
mod faults;
mod feed;
mod foreign;
mod idempotency;
mod lists;
mod merge;
mod moves;
mod people;
mod plans;
mod roles;
mod size;
mod support;
mod tasks;
