//! Tokens good and bad, against a real JWKS over HTTP.

#![expect(clippy::expect_used, reason = "a test that cannot go on must stop")]

mod callers;
mod credentials;
mod forge;
mod keys;
mod proofs;
mod revocations;
mod scopes;
mod tokens;
