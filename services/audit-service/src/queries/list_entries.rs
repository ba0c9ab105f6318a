//! Lists entries, newest first, with the values before and after each change.

use chrono::{DateTime, Utc};
use contracts::{FieldRecord, FieldValues, Particulars, RecordBytes, Salted, Stream};
use postgres::{Database, DbError};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::filter::Filter;
use crate::store::{self, Row};

/// One change as the log holds it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub struct Entry {
    /// Place in the log. Indexes have no holes; those in between belong to other workspaces.
    pub index: i64,
    /// The event behind the entry.
    pub event_id: Uuid,
    /// Type of the event, such as `task.changed`. Types that this release does not know are kept.
    #[serde(rename = "type")]
    pub event_type: String,
    /// What was done, such as `moved`.
    pub kind: String,
    /// What changed, such as `task/0197…`.
    pub stream: String,
    /// The task, if a task changed.
    pub task_id: Option<Uuid>,
    /// The board to which the change belongs.
    pub board_id: Option<Uuid>,
    /// The version that the change brought the stream to.
    pub version: i64,
    /// Who did it; null, if the system did.
    pub actor: Option<Actor>,
    /// When it was done.
    pub time: DateTime<Utc>,
    /// Title of the task, or name of the board or column, after the change.
    pub title: Option<String>,
    /// The fields that changed.
    pub fields: Vec<Field>,
    /// Whether values were erased: what was done is still known, but not all of what was written.
    pub erased: bool,
}

/// The person who made a change.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = AuditActor)]
pub struct Actor {
    /// Their id.
    pub id: Uuid,
    /// The name they went by at that time; null, if it was erased.
    pub name: Option<String>,
}

/// A field before and after a change.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = AuditField)]
pub struct Field {
    /// Name of the field, such as `deadline`.
    pub name: String,
    /// The value before; null, if there was none.
    #[schema(required, value_type = Value)]
    pub before: Option<Value>,
    /// The value after; null, if there is none.
    #[schema(required, value_type = Value)]
    pub after: Option<Value>,
}

/// Up to `limit` entries of a workspace, those before the index `before` when it is given.
pub async fn list_entries(
    database: &Database,
    workspace: Uuid,
    filter: &Filter,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Entry>, DbError> {
    let mut conn = database.read().await?;
    let rows = store::page(&mut conn, workspace, filter, before, limit).await?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        let particulars = particulars(&row);
        let records = fields(&row);
        let stream = Stream::from_wire(row.stream);
        let erased = records.iter().any(|field| {
            let values = particulars.fields.get(&field.name);
            field.before.is_some() && values.is_none_or(|values| values.before.is_none())
                || field.after.is_some() && values.is_none_or(|values| values.after.is_none())
        });
        let fields = records
            .into_iter()
            .map(|field| read(field, &particulars))
            .collect();
        Self {
            index: row.index,
            event_id: row.event_id,
            event_type: row.event_type,
            kind: row.kind,
            task_id: stream.id().filter(|_| stream.kind() == "task"),
            stream: stream.as_str().to_owned(),
            board_id: row.board_id,
            version: row.version,
            actor: row.actor_id.map(|id| Actor {
                id,
                name: particulars.actor_name,
            }),
            time: row.occurred_at,
            title: particulars.title,
            fields,
            erased,
        }
    }
}

/// The values, or none when they are erased. The log stays readable when a line's values are not.
fn particulars(row: &Row) -> Particulars {
    let Some(text) = &row.particulars else {
        return Particulars::default();
    };
    serde_json::from_str(text).unwrap_or_else(|error| {
        tracing::error!(index = row.index, %error, "particulars cannot be read");
        Particulars::default()
    })
}

fn fields(row: &Row) -> Vec<FieldRecord> {
    let record = String::from_utf8_lossy(&row.record);
    match RecordBytes::from_stored(record).parse() {
        Ok(record) => record.fields,
        Err(error) => {
            tracing::error!(index = row.index, %error, "record cannot be read");
            Vec::new()
        }
    }
}

fn read(field: FieldRecord, particulars: &Particulars) -> Field {
    let FieldValues { before, after } = particulars.fields.get(&field.name).cloned().unwrap_or_default();
    let value = |salted: Option<Salted>| salted.map(|salted| salted.value);
    Field {
        name: field.name,
        before: value(before),
        after: value(after),
    }
}
