//! What integration tests need: a fresh database each, tokens, and waiting for a condition.
//!
//! A dev-dependency only; nothing that ships links it.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod database;
mod hostile;
mod issuer;
mod people;
mod wait;

pub use database::TestDb;
pub use hostile::{HostileTransport, Malice};
pub use issuer::{TestCaller, TestIssuer, TestKey};
pub use people::person_joined;
pub use wait::eventually;
