//! The keys in use, opened once and then kept in memory.

use super::{PublicKey, SigningKey};

/// Every key that verifies, and the one that signs.
pub struct KeyRing {
    signer: SigningKey,
    public: Vec<PublicKey>,
}

impl KeyRing {
    /// A ring of the newest key and all the published ones.
    pub fn new(signer: SigningKey, public: Vec<PublicKey>) -> Self {
        Self { signer, public }
    }

    /// The key that signs now.
    pub fn signer(&self) -> &SigningKey {
        &self.signer
    }

    /// The keys to publish.
    pub fn public(&self) -> &[PublicKey] {
        &self.public
    }
}
