//! Which entries a reader asks for.

use chrono::{DateTime, Datelike as _, Utc};
use uuid::Uuid;

/// Which of the two logs that share the entries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Log {
    /// What was changed: for everybody.
    #[default]
    Changes,
    /// What concerns the security of accounts: for admins.
    Security,
}

/// A question to the log. Every condition narrows the answer; none at all means the whole workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of which log.
    pub log: Log,
    /// Entries about this task.
    pub task: Option<Uuid>,
    /// Entries about this board, its columns and its tasks.
    pub board: Option<Uuid>,
    /// Entries caused by this person.
    pub actor: Option<Uuid>,
    /// Entries about the account of this person.
    pub account: Option<Uuid>,
    /// Entries of this kind, such as `moved`.
    pub kind: Option<String>,
    /// Changes made at this moment or later.
    pub from: Option<DateTime<Utc>>,
    /// Changes made before this moment.
    pub to: Option<DateTime<Utc>>,
}

/// Why a question cannot be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// Kinds are short identifiers. Anything else would match nothing, and some of it no database can store.
    #[error("must have 1 to 64 characters out of letters, digits, '.', '_' and '-'")]
    Kind,
    /// Years that cannot be written with four digits are outside of what the log keeps.
    #[error("must lie between the years 1 and 9999")]
    Year,
    /// An interval that ends before it begins is a slip of the reader, not a question.
    #[error("must be later than from")]
    Backwards,
}

/// The longest kind, in bytes.
pub const KIND_MAX: usize = 64;

impl Filter {
    /// Checks the conditions. The error names the faulty parameter first.
    pub fn check(&self) -> Result<(), (&'static str, FilterError)> {
        if self.kind.as_deref().is_some_and(|kind| !is_kind(kind)) {
            return Err(("kind", FilterError::Kind));
        }
        for (name, time) in [("from", self.from), ("to", self.to)] {
            if time.is_some_and(|time| !is_storable(time)) {
                return Err((name, FilterError::Year));
            }
        }
        if let (Some(from), Some(to)) = (self.from, self.to)
            && to <= from
        {
            return Err(("to", FilterError::Backwards));
        }
        Ok(())
    }
}

/// Whether a text can be the kind of a change.
pub fn is_kind(text: &str) -> bool {
    (1..=KIND_MAX).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// Whether a moment lies in the years that both RFC 3339 and the database can express.
pub fn is_storable(time: DateTime<Utc>) -> bool {
    (1..=9999).contains(&time.year())
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    fn at(year: i32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).unwrap()
    }

    #[test]
    fn an_empty_question_is_fine() {
        assert_eq!(Filter::default().check(), Ok(()));
    }

    #[test]
    fn kinds_are_short_identifiers() {
        for kind in ["moved", "role_changed", "task.moved", "v2-Moved"] {
            assert!(is_kind(kind), "{kind}");
        }
        for kind in ["", "a b", "mov\u{0}ed", "이동", &"x".repeat(65)] {
            assert!(!is_kind(kind), "{kind:?}");
            let filter = Filter {
                kind: Some(kind.to_owned()),
                ..Filter::default()
            };
            assert_eq!(filter.check(), Err(("kind", FilterError::Kind)));
        }
    }

    #[test]
    fn an_interval_runs_forwards_through_years_that_exist() {
        let between = |from, to| {
            Filter {
                from,
                to,
                ..Filter::default()
            }
            .check()
        };
        assert_eq!(between(Some(at(2026)), Some(at(2027))), Ok(()));
        assert_eq!(between(Some(at(9999)), None), Ok(()));
        assert_eq!(
            between(Some(at(2027)), Some(at(2026))),
            Err(("to", FilterError::Backwards))
        );
        assert_eq!(
            between(Some(at(2026)), Some(at(2026))),
            Err(("to", FilterError::Backwards))
        );
        assert_eq!(between(Some(at(-4800)), None), Err(("from", FilterError::Year)));
        assert_eq!(between(None, Some(at(10_000))), Err(("to", FilterError::Year)));
    }
}
