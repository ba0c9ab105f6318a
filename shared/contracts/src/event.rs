//! The envelope.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::{EventType, Particulars, RecordBytes, Stream};

/// The largest event that may be published, in bytes of JSON. SQS takes 1,048,576 bytes in a message and
/// in a batch; the rest is left to attributes.
/// Source: Amazon SQS Developer Guide, "Amazon SQS message quotas".
pub const MAX_EVENT_BYTES: usize = 1_000_000;

/// One change, as it travels: CloudEvents 1.0 in structured JSON with the extensions `sequence`,
/// `partitionkey`, `traceparent` (all registered extensions) and `workspace`.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Unique for ever (UUIDv7).
    pub id: Uuid,
    /// What it is about.
    pub kind: EventType,
    /// The service that published it, such as `/task-service`.
    pub source: String,
    /// What changed; also the partition key.
    pub stream: Stream,
    /// The stream's version after the change.
    pub version: i64,
    /// The workspace it belongs to.
    pub workspace: Uuid,
    /// When it happened.
    pub time: DateTime<Utc>,
    /// The W3C trace context of the request that caused it.
    pub traceparent: Option<String>,
    /// Record and particulars.
    pub data: Data,
}

/// The two parts of an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Data {
    /// Exact bytes, kept for ever.
    pub record: RecordBytes,
    /// Values, erasable; absent once erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub particulars: Option<Particulars>,
}

/// Why an event cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ContractError {
    /// It is not the JSON that the contract describes.
    #[error("the event is not valid JSON of its contract")]
    Json(#[from] serde_json::Error),
    /// The version is not a positive whole number.
    #[error("the event's sequence is not a version")]
    Sequence,
    /// It is larger than [`MAX_EVENT_BYTES`].
    #[error("the event has {bytes} bytes, more than can be sent")]
    TooLarge {
        /// Its size in bytes of JSON.
        bytes: usize,
    },
}

impl Event {
    /// Writes the event as structured CloudEvents JSON.
    ///
    /// # Errors
    /// When it is larger than [`MAX_EVENT_BYTES`].
    pub fn to_json(&self) -> Result<String, ContractError> {
        let text = serde_json::to_string(self)?;
        if text.len() > MAX_EVENT_BYTES {
            return Err(ContractError::TooLarge { bytes: text.len() });
        }
        Ok(text)
    }

    /// Reads structured CloudEvents JSON; unknown fields are ignored and unknown types kept.
    ///
    /// # Errors
    /// When it is not an event.
    pub fn parse(text: &str) -> Result<Event, ContractError> {
        Ok(serde_json::from_str(text)?)
    }
}

/// The envelope's shape on the wire.
#[derive(Serialize, Deserialize)]
struct Wire {
    specversion: String,
    id: Uuid,
    #[serde(rename = "type")]
    kind: EventType,
    source: String,
    subject: Stream,
    time: DateTime<Utc>,
    #[serde(default)]
    datacontenttype: String,
    #[serde(default)]
    dataschema: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    traceparent: Option<String>,
    sequence: String,
    #[serde(default)]
    partitionkey: String,
    workspace: Uuid,
    data: Data,
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Wire {
            specversion: "1.0".to_owned(),
            id: self.id,
            kind: self.kind.clone(),
            source: self.source.clone(),
            subject: self.stream.clone(),
            time: self.time,
            datacontenttype: "application/json".to_owned(),
            dataschema: self.kind.schema(),
            traceparent: self.traceparent.clone(),
            sequence: self.version.to_string(),
            partitionkey: self.stream.as_str().to_owned(),
            workspace: self.workspace,
            data: self.data.clone(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let wire = Wire::deserialize(deserializer)?;
        let version: i64 = wire
            .sequence
            .parse()
            .map_err(|_| D::Error::custom(ContractError::Sequence))?;
        if version < 1 {
            return Err(D::Error::custom(ContractError::Sequence));
        }
        Ok(Event {
            id: wire.id,
            kind: wire.kind,
            source: wire.source,
            stream: wire.subject,
            version,
            workspace: wire.workspace,
            time: wire.time,
            traceparent: wire.traceparent,
            data: wire.data,
        })
    }
}
