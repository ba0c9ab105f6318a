//! The service from outside: over HTTP, on a real Postgres.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]

mod bad_input;
mod idempotency;
mod invitations;
mod keys;
mod me;
mod members;
mod migrations;
mod openapi;
mod refresh;
mod sign_in;
mod sign_up;
mod support;
