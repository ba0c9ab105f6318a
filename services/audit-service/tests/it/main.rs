//! The service over HTTP, with a real Postgres, a real queue and a real producer.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod append;
mod heal;
mod openapi;
mod read;
mod security;
mod support;
