//! A row of the event log and the event it holds.

use chrono::{DateTime, Utc};
use contracts::{Data, Event, EventType, RecordBytes, Stream};
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use postgres::DbError;
use uuid::Uuid;

/// The columns every reader of the log selects, in the words of a `SELECT` on `event_log AS e`. A macro, because the
/// text of a statement is fixed when it is compiled.
macro_rules! columns {
    () => {
        "e.id, e.event_id, e.workspace_id, e.source, e.stream, e.version, e.type AS kind, \
         e.time, e.traceparent, e.record, e.particulars, e.position"
    };
}
pub(super) use columns;

#[derive(diesel::QueryableByName)]
pub(super) struct LogRow {
    #[diesel(sql_type = BigInt)]
    pub(super) id: i64,
    #[diesel(sql_type = SqlUuid)]
    event_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    workspace_id: Uuid,
    #[diesel(sql_type = Text)]
    source: String,
    #[diesel(sql_type = Text)]
    stream: String,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Timestamptz)]
    time: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Text>)]
    traceparent: Option<String>,
    #[diesel(sql_type = Text)]
    record: String,
    #[diesel(sql_type = Nullable<Text>)]
    particulars: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub(super) position: Option<i64>,
}

impl LogRow {
    pub(super) fn into_event(self) -> Result<Event, DbError> {
        let particulars = self
            .particulars
            .as_deref()
            .map(serde_json::from_str)
            .transpose()
            .map_err(DbError::Stored)?;
        Ok(Event {
            id: self.event_id,
            kind: EventType::from_wire(&self.kind),
            source: self.source,
            stream: Stream::from_wire(self.stream),
            version: self.version,
            workspace: self.workspace_id,
            time: self.time,
            traceparent: self.traceparent,
            data: Data {
                record: RecordBytes::from_stored(self.record),
                particulars,
            },
        })
    }
}
