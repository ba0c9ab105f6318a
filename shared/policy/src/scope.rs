//! How far an API token reaches. A token never does more than the person behind it may do; its scopes narrow that.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use strum::{Display, EnumIter, EnumString, IntoEnumIterator as _, IntoStaticStr};
use utoipa::ToSchema;

use crate::Operation;

/// One thing that a token can be good for.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    EnumIter,
    IntoStaticStr,
    ToSchema,
)]
pub enum Scope {
    /// See boards, tasks, comments, members, and the name and rules of the workspace.
    #[serde(rename = "read")]
    #[strum(serialize = "read")]
    Read,
    /// Change boards, columns and tasks, and comment.
    #[serde(rename = "tasks:write")]
    #[strum(serialize = "tasks:write")]
    TasksWrite,
    /// Invite people.
    #[serde(rename = "members:write")]
    #[strum(serialize = "members:write")]
    MembersWrite,
    /// Read the audit log and the security log.
    #[serde(rename = "audit:read")]
    #[strum(serialize = "audit:read")]
    AuditRead,
}

impl Scope {
    /// The scope that an operation needs. None: it is not open to any token, as is everything dangerous and everything
    /// about one's own account.
    pub fn of(operation: Operation) -> Option<Scope> {
        use Operation::*;
        match operation {
            BoardRead | MembersRead => Some(Scope::Read),
            BoardCreate | BoardEdit | BoardDelete | ColumnEdit => Some(Scope::TasksWrite),
            TaskCreate | TaskDelete | TaskRestore | TaskMove | TaskTitle | TaskDescription | TaskPic
            | TaskDeadline | TaskPriority | TaskLabels | CommentCreate => Some(Scope::TasksWrite),
            MembersInvite => Some(Scope::MembersWrite),
            AuditRead | SecurityRead => Some(Scope::AuditRead),
            MembersRole | MembersRemove | WorkspaceSettings | WorkspaceDelete => None,
            WorkspaceRead => Some(Scope::Read),
            MailboxRead | OwnAccount | OwnInbox | PasswordChange | SecondFactorChange | IdentityChange
            | WorkspaceLeave | OwnExport | OwnErasure => None,
            TokenRead | TokenCreate | TokenRevoke | ServiceAccountsRead | ServiceAccountsChange => None,
        }
    }
}

/// The scopes of a token. As text they are words between blanks (RFC 6749, section 3.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(BTreeSet<Scope>);

/// A word that is no scope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such scope")]
pub struct UnknownScope;

impl Scopes {
    /// Every scope there is.
    pub fn all() -> Scopes {
        Scope::iter().collect()
    }

    /// Whether an operation is among what the token is good for.
    pub fn cover(&self, operation: Operation) -> bool {
        Scope::of(operation).is_some_and(|scope| self.0.contains(&scope))
    }

    /// Whether every scope here is one of `other`, too.
    pub fn within(&self, other: &Scopes) -> bool {
        self.0.is_subset(&other.0)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = Scope> {
        self.0.iter().copied()
    }

    /// Those of the words that are known here. A word that only a later version knows opens nothing.
    pub fn known(words: &str) -> Scopes {
        words.split(' ').filter_map(|word| word.parse().ok()).collect()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Scopes {
        Scopes(scopes.into_iter().collect())
    }
}

impl FromStr for Scopes {
    type Err = UnknownScope;

    fn from_str(words: &str) -> Result<Scopes, UnknownScope> {
        let words = words.split(' ').filter(|word| !word.is_empty());
        words.map(|word| word.parse().map_err(|_| UnknownScope)).collect()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.0.iter().enumerate() {
            let blank = if index == 0 { "" } else { " " };
            write!(f, "{blank}{scope}")?;
        }
        Ok(())
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Scopes, D::Error> {
        Ok(Scopes::known(&String::deserialize(deserializer)?))
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator as _;

    use super::*;
    use crate::is_dangerous;

    /// Every operation under the scope that opens it, written out by hand.
    const OPEN: &[(Scope, &[Operation])] = &[
        (
            Scope::Read,
            &[
                Operation::BoardRead,
                Operation::MembersRead,
                Operation::WorkspaceRead,
            ],
        ),
        (
            Scope::TasksWrite,
            &[
                Operation::BoardCreate,
                Operation::BoardEdit,
                Operation::BoardDelete,
                Operation::ColumnEdit,
                Operation::TaskCreate,
                Operation::TaskDelete,
                Operation::TaskRestore,
                Operation::TaskMove,
                Operation::TaskTitle,
                Operation::TaskDescription,
                Operation::TaskPic,
                Operation::TaskDeadline,
                Operation::TaskPriority,
                Operation::TaskLabels,
                Operation::CommentCreate,
            ],
        ),
        (Scope::MembersWrite, &[Operation::MembersInvite]),
        (Scope::AuditRead, &[Operation::AuditRead, Operation::SecurityRead]),
    ];

    #[test]
    fn a_scope_opens_what_is_written_here_and_nothing_else() {
        for operation in Operation::iter() {
            let expected = OPEN
                .iter()
                .find(|(_, open)| open.contains(&operation))
                .map(|(scope, _)| *scope);
            assert_eq!(Scope::of(operation), expected, "{operation}");
            for scope in Scope::iter() {
                let only = Scopes::from_iter([scope]);
                assert_eq!(
                    only.cover(operation),
                    expected == Some(scope),
                    "{scope} {operation}"
                );
            }
            assert!(!Scopes::default().cover(operation), "{operation}");
        }
    }

    #[test]
    fn no_scope_opens_what_is_dangerous() {
        for operation in Operation::iter().filter(|operation| is_dangerous(*operation)) {
            assert_eq!(Scope::of(operation), None, "{operation}");
        }
    }

    #[test]
    fn scopes_are_words() {
        let all = Scopes::all();
        assert_eq!(all.to_string(), "read tasks:write members:write audit:read");
        assert_eq!(all.to_string().parse(), Ok(all.clone()));
        assert_eq!("".parse(), Ok(Scopes::default()));
        assert_eq!(
            "read  read".parse::<Scopes>().map(|few| few.to_string()),
            Ok("read".to_owned())
        );
        assert_eq!("read write".parse::<Scopes>(), Err(UnknownScope));
        assert_eq!("Read".parse::<Scopes>(), Err(UnknownScope));
        assert_eq!(Scopes::known("read of:tomorrow").to_string(), "read");
        for scope in Scope::iter() {
            let word = serde_json::to_value(scope).ok();
            assert_eq!(
                word,
                Some(serde_json::json!(scope.to_string())),
                "one word everywhere"
            );
        }
    }

    #[test]
    fn narrower_is_within() {
        let read = Scopes::known("read");
        let both = Scopes::known("read tasks:write");
        assert!(read.within(&both) && read.within(&read) && Scopes::default().within(&read));
        assert!(!both.within(&read));
        assert!(Scopes::default().is_empty() && !read.is_empty());
        assert_eq!(both.iter().collect::<Vec<_>>(), [Scope::Read, Scope::TasksWrite]);
    }

    #[test]
    fn a_claim_is_read_word_by_word() {
        use serde::de::value::{Error, StrDeserializer};
        let read = |text| Scopes::deserialize(StrDeserializer::<Error>::new(text)).unwrap();
        assert_eq!(
            read("audit:read read"),
            [Scope::Read, Scope::AuditRead].into_iter().collect()
        );
        assert_eq!(read("read something:later"), [Scope::Read].into_iter().collect());
        assert_eq!(read(""), Scopes::default());
    }
}
