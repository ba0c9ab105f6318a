//! What has versions.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The name of a stream: one task, board, column, person, invitation or mail. Its events carry the versions
/// 1, 2, 3 … without a gap.
///
/// A person's stream is named after the workspace too, because order is kept within one workspace only:
/// somebody who belongs to two of them has two streams.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Stream(String);

impl Stream {
    /// The stream of a task.
    pub fn task(id: Uuid) -> Stream {
        Stream(format!("task/{id}"))
    }

    /// The stream of a board.
    pub fn board(id: Uuid) -> Stream {
        Stream(format!("board/{id}"))
    }

    /// The stream of a column.
    pub fn column(id: Uuid) -> Stream {
        Stream(format!("column/{id}"))
    }

    /// The stream of a person as one workspace knows them.
    pub fn person(workspace: Uuid, person: Uuid) -> Stream {
        Stream(format!("person/{workspace}/{person}"))
    }

    /// The stream of an invitation.
    pub fn invitation(id: Uuid) -> Stream {
        Stream(format!("invitation/{id}"))
    }

    /// The stream of a mail that is asked for once.
    pub fn mail(id: Uuid) -> Stream {
        Stream(format!("mail/{id}"))
    }

    /// The stream of something that happened once and concerns the security of an account.
    pub fn security(id: Uuid) -> Stream {
        Stream(format!("security/{id}"))
    }

    /// A stream read back from storage or from the wire.
    pub fn from_wire(name: impl Into<String>) -> Stream {
        Stream(name.into())
    }

    /// The name as it is stored and sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the stream is of: `task`, `board`, `column`, `person`, `invitation`, `mail`, or a later word.
    pub fn kind(&self) -> &str {
        self.0.split('/').next().unwrap_or_default()
    }

    /// The id at the end of the name: the task, board, column, person or invitation.
    pub fn id(&self) -> Option<Uuid> {
        self.0.rsplit('/').next().and_then(|id| Uuid::parse_str(id).ok())
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_one_stream_per_workspace() {
        let (here, there, who) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        assert_ne!(Stream::person(here, who), Stream::person(there, who));
        assert_eq!(Stream::person(here, who).id(), Some(who));
        assert_eq!(Stream::person(here, who).kind(), "person");
    }
}
