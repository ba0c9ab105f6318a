//! What a person says about themselves: name, language and time zone.

use std::{fmt, str::FromStr};

/// Most characters of a person's or a workspace's name.
pub const MAX_NAME: usize = 100;

/// Languages the product speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Korean
    Ko,
    /// English
    #[default]
    En,
}

/// The language is not one of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be \"ko\" or \"en\"")]
pub struct UnknownLanguage;

impl Language {
    /// The code as stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        match code {
            "ko" => Ok(Self::Ko),
            "en" => Ok(Self::En),
            _ => Err(UnknownLanguage),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())
    }
}

/// A display name: one line, trimmed, 1 to 100 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

/// The name is empty, too long or more than a line of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one line of 1 to 100 characters")]
pub struct NotAName;

impl Name {
    /// Reads a name that a person typed.
    pub fn parse(typed: &str) -> Result<Self, NotAName> {
        let name = typed.trim();
        let length = name.chars().count();
        if !(1..=MAX_NAME).contains(&length) || !name.chars().all(is_printable) {
            return Err(NotAName);
        }
        Ok(Self(name.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Refuses controls, line separators and the non-characters that a queue would refuse later, and the marks that
/// reverse the direction of text, which let one name look like another.
fn is_printable(letter: char) -> bool {
    let code = u32::from(letter);
    let non_character = code & 0xFFFE == 0xFFFE || (0xFDD0..=0xFDEF).contains(&code);
    let separator = matches!(letter, '\u{2028}' | '\u{2029}');
    let reversing = matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    !letter.is_control() && !non_character && !separator && !reversing
}

/// An IANA time zone, such as `Asia/Seoul`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeZone(chrono_tz::Tz);

/// The text is no IANA time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an IANA time zone such as Asia/Seoul")]
pub struct UnknownTimeZone;

impl TimeZone {
    /// Coordinated universal time, for those who did not say.
    pub const UTC: Self = Self(chrono_tz::Tz::UTC);

    /// The zone's IANA name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }
}

impl FromStr for TimeZone {
    type Err = UnknownTimeZone;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        name.parse().map(Self).map_err(|_unknown| UnknownTimeZone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_trimmed_line() {
        assert_eq!(Name::parse("  김민지 ").unwrap().as_str(), "김민지");
        assert!(Name::parse(&"ㄱ".repeat(100)).is_ok());
        for typed in [
            "",
            "   ",
            "a\nb",
            "a\u{0}",
            "a\u{FFFE}",
            "a\u{10FFFF}",
            "a\u{202E}b",
            &"ㄱ".repeat(101),
        ] {
            assert_eq!(Name::parse(typed), Err(NotAName), "{typed:?}");
        }
    }

    #[test]
    fn languages_and_zones_by_their_codes() {
        assert_eq!("ko".parse(), Ok(Language::Ko));
        assert_eq!("de".parse::<Language>(), Err(UnknownLanguage));
        assert_eq!("Asia/Seoul".parse::<TimeZone>().unwrap().name(), "Asia/Seoul");
        assert_eq!("Mars/Olympus".parse::<TimeZone>(), Err(UnknownTimeZone));
    }
}
