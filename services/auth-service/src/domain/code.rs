//! Codes that people type as their second factor.

/// Letters and digits of recovery codes: none that is taken for another one.
const ALPHABET: &[u8; 31] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";
/// Characters of a recovery code, without the hyphen in its middle: some 49 bits.
const RECOVERY_CHARS: usize = 10;
/// Digits of a code of an authenticator app.
const APP_DIGITS: usize = 6;
/// Nobody types more.
const MAX_TYPED: usize = 32;

/// A code as it was typed, in normal form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Code {
    /// Six digits of an authenticator app.
    App(String),
    /// A recovery code.
    Recovery(String),
}

/// The text is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the 6 digits of your app, or a recovery code")]
pub struct NoCode;

impl Code {
    /// Reads what was typed, with whatever spaces and hyphens.
    pub fn parse(typed: &str) -> Result<Self, NoCode> {
        if typed.len() > MAX_TYPED {
            return Err(NoCode);
        }
        let kept: String = typed
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| c.to_ascii_uppercase())
            .collect();
        if kept.len() == APP_DIGITS && kept.bytes().all(|c| c.is_ascii_digit()) {
            return Ok(Self::App(kept));
        }
        if kept.len() == RECOVERY_CHARS && kept.bytes().all(|c| ALPHABET.contains(&c)) {
            return Ok(Self::Recovery(kept));
        }
        Err(NoCode)
    }
}

/// A recovery code in normal form, of random bytes.
pub fn recovery_code(random: &[u8; RECOVERY_CHARS * 4]) -> String {
    let (words, _) = random.as_chunks::<4>();
    // Four bytes for one of 31 characters: none comes noticeably more often.
    let letter = |word: &[u8; 4]| {
        let index = u32::from_le_bytes(*word) as usize % ALPHABET.len();
        char::from(ALPHABET[index])
    };
    words.iter().map(letter).collect()
}

/// A recovery code as it is shown.
pub fn shown(code: &str) -> String {
    let (left, right) = code.split_at(code.len() / 2);
    format!("{left}-{right}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_however_they_are_typed() {
        assert_eq!(Code::parse("123 456"), Ok(Code::App("123456".to_owned())));
        let recovery = Ok(Code::Recovery("ABCDE23456".to_owned()));
        assert_eq!(Code::parse("abcde-23456"), recovery);
        assert_eq!(Code::parse(" ABCDE 23456 "), recovery);
        for wrong in [
            "",
            "12345",
            "1234567",
            "ABCDE-2345O",
            "１２３４５６",
            &"1".repeat(1000),
        ] {
            assert_eq!(Code::parse(wrong), Err(NoCode), "{wrong}");
        }
    }

    #[test]
    fn a_recovery_code_is_read_back() {
        let mut random = [0; 40];
        for (index, byte) in random.iter_mut().enumerate() {
            *byte = u8::try_from(index * 7 % 256).unwrap();
        }
        let code = recovery_code(&random);
        assert_eq!(Code::parse(&shown(&code)), Ok(Code::Recovery(code)));
    }
}
