//! Which second factors a person has, and what they may be asked for because of it.

/// The means at hand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Means {
    /// A confirmed authenticator app.
    pub app: bool,
    /// At least one passkey.
    pub passkey: bool,
    /// At least one recovery code that was not used yet.
    pub recovery_code: bool,
}

impl Means {
    /// Whether a password alone is not enough. Recovery codes do not count: they only stand in for something lost.
    pub fn any(self) -> bool {
        self.app || self.passkey
    }

    /// What can be presented as a second factor, in the words of the API.
    pub fn methods(self) -> Vec<&'static str> {
        let all = [
            ("passkey", self.passkey),
            ("totp", self.app),
            ("recovery_code", self.any() && self.recovery_code),
        ];
        all.iter()
            .filter(|(_, here)| *here)
            .map(|(word, _)| *word)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovery_codes_alone_are_no_second_factor() {
        let codes = Means {
            recovery_code: true,
            ..Means::default()
        };
        assert!(!codes.any());
        assert!(codes.methods().is_empty());
    }

    #[test]
    fn only_what_is_there_is_asked_for() {
        let passkey = Means {
            passkey: true,
            ..Means::default()
        };
        assert!(passkey.any());
        assert_eq!(passkey.methods(), ["passkey"]);
        let all = Means {
            app: true,
            passkey: true,
            recovery_code: true,
        };
        assert_eq!(all.methods(), ["passkey", "totp", "recovery_code"]);
    }
}
