//! Workspaces, and the lock under which their membership changes.

use chrono::{DateTime, Utc};
use diesel::{OptionalExtension, QueryDsl, dsl, prelude::*};
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::schema::{person, workspace};

/// Any number that no other service's lock uses by accident.
const FIRST_PERSON_LOCK: i64 = 0x6F6E_7573_6175_7468;

/// Adds a workspace.
pub async fn insert(conn: &mut Connection, id: Uuid, name: &str, now: DateTime<Utc>) -> Result<(), DbError> {
    diesel::insert_into(workspace::table)
        .values((
            workspace::id.eq(id),
            workspace::name.eq(name),
            workspace::created_at.eq(now),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Locks a workspace for a change of its membership, and gives its name: admins are counted and removed under this
/// lock, one after the other.
pub async fn lock(conn: &mut Connection, id: Uuid) -> Result<Option<String>, DbError> {
    Ok(workspace::table
        .find(id)
        .select(workspace::name)
        .for_no_key_update()
        .first(conn)
        .await
        .optional()?)
}

/// The one that was there first; its admins are those who run the house.
pub async fn oldest(conn: &mut Connection) -> Result<Option<Uuid>, DbError> {
    Ok(workspace::table
        .order((workspace::created_at, workspace::id))
        .select(workspace::id)
        .first(conn)
        .await
        .optional()?)
}

/// The ids of all.
pub async fn all(conn: &mut Connection) -> Result<Vec<Uuid>, DbError> {
    Ok(workspace::table.select(workspace::id).load(conn).await?)
}

/// Whether nobody has signed up yet. Until the transaction ends no other can ask, so that only one is the first.
pub async fn lock_if_empty(conn: &mut Connection) -> Result<bool, DbError> {
    diesel::sql_query("select pg_advisory_xact_lock($1)")
        .bind::<diesel::sql_types::BigInt, _>(FIRST_PERSON_LOCK)
        .execute(conn)
        .await?;
    is_empty(conn).await
}

/// Whether nobody has signed up yet, as of now.
pub async fn is_empty(conn: &mut Connection) -> Result<bool, DbError> {
    let taken: bool = diesel::select(dsl::exists(person::table.select(person::id)))
        .get_result(conn)
        .await?;
    Ok(!taken)
}
