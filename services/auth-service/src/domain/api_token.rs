//! API tokens as people see them: how they begin, what is shown of them again, and how many one may have.

/// Whose token it is. Its beginning tells whoever finds one, and the programs that look for lost ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A person's own.
    Personal,
    /// A service account's.
    Service,
}

/// Most live tokens of one member.
pub const MAX_TOKENS: i64 = 50;
/// Most days that a token lives.
pub const MAX_DAYS: u32 = 365;

/// Characters at the end by which a token is known again.
const HINT: usize = 4;
/// Characters of 256 random bits in base64url.
const RANDOM: usize = 43;

impl TokenKind {
    /// What its tokens begin with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Personal => "onus_pat_",
            Self::Service => "onus_sat_",
        }
    }
}

/// Whether a text could be one of our tokens at all; anything else need not be looked up.
pub fn is_token(text: &str) -> bool {
    let random = [TokenKind::Personal, TokenKind::Service]
        .iter()
        .find_map(|kind| text.strip_prefix(kind.prefix()));
    random.is_some_and(|random| random.len() == RANDOM && random.bytes().all(is_base64url))
}

/// What is shown of a token once its owner has left the page.
pub fn hint(token: &str) -> String {
    let skipped = token.chars().count().saturating_sub(HINT);
    format!("…{}", token.chars().skip(skipped).collect::<String>())
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_its_beginning_and_its_length() {
        let random = "a".repeat(RANDOM);
        let varied = format!("{}zZ09-_", "a".repeat(RANDOM - 6));
        for good in [
            format!("onus_pat_{varied}"),
            format!("onus_pat_{random}"),
            format!("onus_sat_{random}"),
        ] {
            assert!(is_token(&good), "{good}");
        }
        for bad in [
            String::new(),
            "onus_pat_".to_owned(),
            random.clone(),
            format!("onus_xat_{random}"),
            format!("onus_pat_{random}a"),
            format!("onus_pat_{}", "a".repeat(RANDOM - 1)),
            format!("onus_pat_{}!", "a".repeat(RANDOM - 1)),
            format!(" onus_pat_{random}"),
        ] {
            assert!(!is_token(&bad), "{bad}");
        }
    }

    #[test]
    fn a_hint_is_the_end() {
        assert_eq!(hint("onus_pat_abcdefgh"), "…efgh");
        assert_eq!(hint("한글"), "…한글");
    }
}
