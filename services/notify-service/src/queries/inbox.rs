//! A page of somebody's inbox.

use std::collections::HashMap;

use postgres::{Connection, DbError};
use uuid::Uuid;

use crate::events::FieldChange;
use crate::mail::values::people_named;
use crate::store::notifications::{self, NotificationRow, Owner};
use crate::store::people;

/// A notification with the names that its values stand for.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The row.
    pub row: NotificationRow,
    /// Its fields.
    pub fields: Vec<FieldChange>,
}

/// Entries, and the names of the people whom their values name.
pub type Entries = (Vec<Entry>, HashMap<Uuid, String>);

/// The entries older than `before`, newest first, `limit` at most.
///
/// # Errors
/// When the database fails.
pub async fn inbox(
    conn: &mut Connection,
    owner: Owner,
    unread: bool,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Entries, DbError> {
    let rows = notifications::page(conn, owner, unread, before, limit).await?;
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        let fields: Vec<FieldChange> = serde_json::from_value(row.fields.clone()).map_err(DbError::Stored)?;
        entries.push(Entry { row, fields });
    }
    let mut named: Vec<Uuid> = entries
        .iter()
        .flat_map(|entry| people_named(&entry.fields))
        .collect();
    named.sort_unstable();
    named.dedup();
    let names = people::names(conn, owner.workspace, &named).await?;
    Ok((entries, names))
}
