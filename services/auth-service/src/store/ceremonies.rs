//! Ceremonies that were completed.

use chrono::{DateTime, Utc};
use diesel::{QueryDsl, prelude::*};
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::schema::used_ceremony;

/// Uses a ceremony up; `false` when it was used before: of two that race, one wins.
pub async fn use_up(conn: &mut Connection, id: Uuid, expires_at: DateTime<Utc>) -> Result<bool, DbError> {
    let added = diesel::insert_into(used_ceremony::table)
        .values((used_ceremony::id.eq(id), used_ceremony::expires_at.eq(expires_at)))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(added == 1)
}

/// Forgets those that nobody could complete any more.
pub async fn purge(conn: &mut Connection, before: DateTime<Utc>) -> Result<usize, DbError> {
    let old = used_ceremony::table.filter(used_ceremony::expires_at.lt(before));
    Ok(diesel::delete(old).execute(conn).await?)
}
