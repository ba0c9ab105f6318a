//! The part of an event that is kept for ever.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Commitment, ContractError, Stream};

/// What happened, without the values: who, when, to what, which fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Record {
    /// The workspace in which it happened.
    pub workspace: Uuid,
    /// The board it happened on, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub board: Option<Uuid>,
    /// What changed.
    pub stream: Stream,
    /// The stream's version after the change; the first is 1.
    pub version: i64,
    /// The person who did it; none when the system did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<Uuid>,
    /// What was done, such as `created` or `moved`.
    pub kind: String,
    /// When it was done, by the clock of the service.
    pub time: DateTime<Utc>,
    /// The fields that changed, each with commitments to its values.
    #[serde(default)]
    pub fields: Vec<FieldRecord>,
}

/// One changed field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FieldRecord {
    /// The field's name in the API.
    pub name: String,
    /// Commitment to the value before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Commitment>,
    /// Commitment to the value after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Commitment>,
}

/// The exact JSON text of a [`Record`]. It is stored, sent and hashed as it is, never written anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct RecordBytes(String);

impl RecordBytes {
    /// Fixes the bytes of a new record.
    ///
    /// # Errors
    /// When the record cannot be written as JSON.
    pub fn fix(record: &Record) -> Result<RecordBytes, ContractError> {
        Ok(RecordBytes(serde_json::to_string(record)?))
    }

    /// Bytes read back from storage.
    pub fn from_stored(text: impl Into<String>) -> RecordBytes {
        RecordBytes(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The record they hold; fields of later versions are ignored.
    ///
    /// # Errors
    /// When the text is not a record.
    pub fn parse(&self) -> Result<Record, ContractError> {
        Ok(serde_json::from_str(&self.0)?)
    }
}
