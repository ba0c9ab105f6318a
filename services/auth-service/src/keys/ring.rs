//! The keys in use, opened now and then and kept in memory.

use chrono::{DateTime, Utc};

use super::{CryptoError, PublicKey, SigningKey};
use crate::domain::rotation::{Duty, duties};

/// A key that was opened.
pub struct RingKey {
    /// Its private half.
    pub signing: SigningKey,
    /// Its public half.
    pub public: PublicKey,
    /// From when on it signs.
    pub signs_from: DateTime<Utc>,
}

/// Every key that is not retired, the newest first.
pub struct KeyRing {
    keys: Vec<SigningKey>,
    public: Vec<PublicKey>,
    signs_from: Vec<DateTime<Utc>>,
}

impl KeyRing {
    /// A ring of these keys, the newest first.
    pub fn new(keys: Vec<RingKey>) -> Self {
        let mut ring = Self {
            keys: Vec::new(),
            public: Vec::new(),
            signs_from: Vec::new(),
        };
        for key in keys {
            ring.keys.push(key.signing);
            ring.public.push(key.public);
            ring.signs_from.push(key.signs_from);
        }
        ring
    }

    /// The key that signs at this moment.
    pub fn signer(&self, now: DateTime<Utc>) -> Result<&SigningKey, CryptoError> {
        let index = duties(&self.signs_from, now)
            .iter()
            .position(|duty| *duty == Duty::Signing);
        index
            .and_then(|index| self.keys.get(index))
            .ok_or(CryptoError::new("find a key that signs"))
    }

    /// The keys to publish.
    pub fn public(&self) -> &[PublicKey] {
        &self.public
    }
}
