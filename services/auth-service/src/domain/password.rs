//! What counts as a password. How it is hashed is the business of [`crate::passwords`].

use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;

/// Fewest characters of a new password: length is worth more than rules about its letters (NIST SP 800-63B).
pub const MIN_PASSWORD: usize = 12;
/// Most characters: enough for any passphrase, and a bound on what is hashed.
pub const MAX_PASSWORD: usize = 128;

/// A password in the form that is hashed: Unicode NFKC, so that the same keys give the same password on every
/// keyboard (macOS decomposes Hangul, Windows does not).
#[derive(Debug, Clone)]
pub struct Password(SecretString);

/// The password is too short or too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have 12 to 128 characters")]
pub struct WrongLength;

impl Password {
    /// A password somebody chooses now.
    pub fn choose(typed: &SecretString) -> Result<Self, WrongLength> {
        let password = Self::typed(typed)?;
        if password.0.expose_secret().chars().count() < MIN_PASSWORD {
            return Err(WrongLength);
        }
        Ok(password)
    }

    /// A password somebody signs in with: the lower bound may have been another when it was chosen.
    pub fn typed(typed: &SecretString) -> Result<Self, WrongLength> {
        // Checked before and after: normal forms may be longer than what was typed.
        if typed.expose_secret().chars().count() > MAX_PASSWORD {
            return Err(WrongLength);
        }
        let normal: String = typed.expose_secret().nfkc().collect();
        if normal.is_empty() || normal.chars().count() > MAX_PASSWORD {
            return Err(WrongLength);
        }
        Ok(Self(SecretString::from(normal)))
    }

    /// The text, to be compared with what is commonly chosen.
    pub fn expose_text(&self) -> &str {
        self.0.expose_secret()
    }

    /// The bytes to hash.
    pub fn expose_bytes(&self) -> &[u8] {
        self.0.expose_secret().as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text.to_owned())
    }

    #[test]
    fn length_counts_characters() {
        assert!(Password::choose(&secret("짧은 비밀번호")).is_err());
        assert!(Password::choose(&secret("열두 글자 되는 비밀번호")).is_ok());
        assert!(Password::choose(&secret(&"a".repeat(128))).is_ok());
        assert!(Password::choose(&secret(&"a".repeat(129))).is_err());
    }

    #[test]
    fn composed_and_decomposed_are_one_password() {
        let composed = Password::choose(&secret("비밀번호 열두 글자 이상")).unwrap();
        let decomposed: String = "비밀번호 열두 글자 이상".nfd().collect();
        let decomposed = Password::choose(&secret(&decomposed)).unwrap();
        assert_eq!(composed.expose_bytes(), decomposed.expose_bytes());
    }

    #[test]
    fn signing_in_takes_short_ones_but_not_none() {
        assert!(Password::typed(&secret("x")).is_ok());
        assert!(Password::typed(&secret("")).is_err());
    }

    #[test]
    fn debug_hides_it() {
        let shown = format!(
            "{:?}",
            Password::choose(&secret("correct horse battery")).unwrap()
        );
        assert!(!shown.contains("horse"));
    }
}
