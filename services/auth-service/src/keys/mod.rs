//! Secrets at work: what is derived from the setting `auth.secret`, and the RSA keys that sign access tokens.

mod cache;
mod ring;
mod secrets;
mod signing;

pub use cache::KeyCache;
pub use ring::{KeyRing, RingKey};
pub use secrets::{Nonce, Secrets, random_bytes, random_nonce, random_token, split_link_token, token_hash};
pub use signing::{NewKey, PublicKey, SigningKey};

/// A cryptographic operation failed. The library gives no reasons, on purpose.
#[derive(Debug, thiserror::Error)]
#[error("cannot {what}")]
pub struct CryptoError {
    what: &'static str,
}

impl CryptoError {
    /// An error that says what could not be done.
    pub(crate) fn new(what: &'static str) -> Self {
        Self { what }
    }
}
