//! The inbox.

use chrono::{DateTime, Utc};
use diesel::dsl::now;
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError};
use serde_json::Value;
use uuid::Uuid;

use super::schema::notification;

/// A notification about to be written.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = notification)]
pub struct NewNotification {
    /// Its id (UUIDv7: ids are in the order of the inbox).
    pub id: Uuid,
    /// The event it tells of.
    pub event_id: Uuid,
    /// The workspace.
    pub workspace_id: Uuid,
    /// Who is told.
    pub recipient_id: Uuid,
    /// What was done, such as `moved`.
    pub kind: String,
    /// Why the recipient is told.
    pub reason: &'static str,
    /// The task.
    pub task_id: Uuid,
    /// Its board.
    pub board_id: Option<Uuid>,
    /// The board's name.
    pub board_name: Option<String>,
    /// The task's title after the change.
    pub title: String,
    /// Who did it.
    pub actor_id: Option<Uuid>,
    /// Their name.
    pub actor_name: Option<String>,
    /// Values before and after.
    pub fields: Value,
    /// When it was done.
    pub occurred_at: DateTime<Utc>,
}

/// A notification in the inbox.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = notification)]
pub struct NotificationRow {
    /// Its id.
    pub id: Uuid,
    /// What was done.
    pub kind: String,
    /// Why the recipient is told.
    pub reason: String,
    /// The task.
    pub task_id: Uuid,
    /// Its board.
    pub board_id: Option<Uuid>,
    /// The board's name.
    pub board_name: Option<String>,
    /// The task's title after the change.
    pub title: String,
    /// Who did it.
    pub actor_id: Option<Uuid>,
    /// Their name.
    pub actor_name: Option<String>,
    /// Values before and after.
    pub fields: Value,
    /// When it was done.
    pub occurred_at: DateTime<Utc>,
    /// When it came in.
    pub created_at: DateTime<Utc>,
    /// When it was read.
    pub read_at: Option<DateTime<Utc>>,
}

/// Whose inbox.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    /// The workspace.
    pub workspace: Uuid,
    /// The person.
    pub person: Uuid,
}

/// Writes notifications and returns the ids of those that were not there before.
pub async fn insert(conn: &mut Connection, rows: &[NewNotification]) -> Result<Vec<Uuid>, DbError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = diesel::insert_into(notification::table)
        .values(rows)
        .on_conflict((notification::event_id, notification::recipient_id))
        .do_nothing()
        .returning(notification::id)
        .get_results(conn)
        .await?;
    Ok(ids)
}

/// A page of the inbox, newest first, of what is older than `before`.
pub async fn page(
    conn: &mut Connection,
    owner: Owner,
    unread: bool,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<NotificationRow>, DbError> {
    let mut query = notification::table
        .filter(notification::workspace_id.eq(owner.workspace))
        .filter(notification::recipient_id.eq(owner.person))
        .select(NotificationRow::as_select())
        .order(notification::id.desc())
        .limit(limit)
        .into_boxed();
    if unread {
        query = query.filter(notification::read_at.is_null());
    }
    if let Some(before) = before {
        query = query.filter(notification::id.lt(before));
    }
    Ok(query.load(conn).await?)
}

/// How many are unread.
pub async fn unread_count(conn: &mut Connection, owner: Owner) -> Result<i64, DbError> {
    let count = notification::table
        .filter(notification::workspace_id.eq(owner.workspace))
        .filter(notification::recipient_id.eq(owner.person))
        .filter(notification::read_at.is_null())
        .count()
        .get_result(conn)
        .await?;
    Ok(count)
}

/// How many of the given notifications are in this inbox.
pub async fn count_owned(conn: &mut Connection, owner: Owner, ids: &[Uuid]) -> Result<i64, DbError> {
    let count = notification::table
        .filter(notification::workspace_id.eq(owner.workspace))
        .filter(notification::recipient_id.eq(owner.person))
        .filter(notification::id.eq_any(ids))
        .count()
        .get_result(conn)
        .await?;
    Ok(count)
}

/// Marks as read what is not read yet: the given ones, or all.
pub async fn mark_read(conn: &mut Connection, owner: Owner, ids: Option<&[Uuid]>) -> Result<(), DbError> {
    let unread = notification::table
        .filter(notification::workspace_id.eq(owner.workspace))
        .filter(notification::recipient_id.eq(owner.person))
        .filter(notification::read_at.is_null());
    let stamp = notification::read_at.eq(now.into_sql::<Timestamptz>().nullable());
    match ids {
        Some(ids) => {
            diesel::update(unread.filter(notification::id.eq_any(ids)))
                .set(stamp)
                .execute(conn)
                .await?
        }
        None => diesel::update(unread).set(stamp).execute(conn).await?,
    };
    Ok(())
}
