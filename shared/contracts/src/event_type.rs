//! What an event is about.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The CloudEvents `type` of an event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum EventType {
    /// A task was created, edited, moved, commented on, deleted or restored.
    TaskChanged,
    /// A board was created, edited, deleted or restored.
    BoardChanged,
    /// A column was created, edited, moved or deleted.
    ColumnChanged,
    /// A person joined a workspace, changed name, language or role, or was removed.
    UserChanged,
    /// Something happened that concerns the security of an account; it goes to audit-service, for admins to see.
    SecurityLogged,
    /// A mail other than change mail is wanted; it goes to notify-service alone.
    MailRequested,
    /// A type of a later version: kept as it is.
    Unknown(String),
}

impl EventType {
    /// Every type this version knows.
    pub const ALL: [EventType; 6] = [
        EventType::TaskChanged,
        EventType::BoardChanged,
        EventType::ColumnChanged,
        EventType::UserChanged,
        EventType::SecurityLogged,
        EventType::MailRequested,
    ];

    /// The name on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            EventType::TaskChanged => "task.changed",
            EventType::BoardChanged => "board.changed",
            EventType::ColumnChanged => "column.changed",
            EventType::UserChanged => "user.changed",
            EventType::SecurityLogged => "security.logged",
            EventType::MailRequested => "mail.requested",
            EventType::Unknown(name) => name,
        }
    }

    /// Reads the name on the wire; never fails, because a later version may send more types.
    pub fn from_wire(name: &str) -> EventType {
        match name {
            "task.changed" => EventType::TaskChanged,
            "board.changed" => EventType::BoardChanged,
            "column.changed" => EventType::ColumnChanged,
            "user.changed" => EventType::UserChanged,
            "security.logged" => EventType::SecurityLogged,
            "mail.requested" => EventType::MailRequested,
            other => EventType::Unknown(other.to_owned()),
        }
    }

    /// The path of the JSON Schema that describes the data of this type.
    pub fn schema(&self) -> String {
        format!("/schemas/{}.v1.json", self.as_str())
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for EventType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for EventType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(EventType::from_wire(&String::deserialize(deserializer)?))
    }
}
