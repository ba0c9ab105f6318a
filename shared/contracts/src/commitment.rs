//! Salted commitments: proof of a value without the value.

use rand::RngCore as _;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

/// SHA-256 over a 16-byte salt and the value's JSON text (no white space, keys sorted), in base64url.
///
/// Without the salt nobody can guess a short value from its commitment; with it anybody can check it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Commitment(String);

/// A value with the salt that opens its [`Commitment`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Salted {
    /// The value itself.
    pub value: Value,
    /// 16 random bytes in base64url.
    pub salt: String,
}

impl Salted {
    /// Salts a value.
    pub fn new(value: Value) -> Salted {
        let mut salt = [0_u8; 16];
        rand::rng().fill_bytes(&mut salt);
        Salted {
            value,
            salt: BASE64.encode(salt),
        }
    }

    /// The commitment that goes into the record.
    pub fn commitment(&self) -> Commitment {
        let mut hash = Sha256::new();
        hash.update(self.salt.as_bytes());
        hash.update(self.value.to_string().as_bytes());
        Commitment(BASE64.encode(hash.finalize()))
    }

    /// Whether this value and salt open the given commitment.
    pub fn opens(&self, commitment: &Commitment) -> bool {
        self.commitment() == *commitment
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn only_the_same_value_opens_it(a in ".{0,40}", b in ".{0,40}") {
            let salted = Salted::new(Value::String(a.clone()));
            let other = Salted { value: Value::String(b.clone()), salt: salted.salt.clone() };
            prop_assert!(salted.opens(&salted.commitment()));
            prop_assert_eq!(other.opens(&salted.commitment()), a == b);
        }
    }

    #[test]
    fn equal_values_have_unequal_commitments() {
        let value = Value::from("high");
        assert_ne!(
            Salted::new(value.clone()).commitment(),
            Salted::new(value).commitment()
        );
    }
}
