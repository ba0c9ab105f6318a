//! Wrong tries.

use chrono::{DateTime, Utc};
use diesel::{OptionalExtension, QueryDsl, prelude::*, upsert::excluded};
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError};

use super::schema::throttle;
use crate::domain::throttle::FORGOTTEN;

/// How many tries were wrong, and when the last one was.
pub async fn get(conn: &mut Connection, key: &[u8]) -> Result<Option<(i32, DateTime<Utc>)>, DbError> {
    Ok(throttle::table
        .find(key)
        .select((throttle::failures, throttle::last_at))
        .first(conn)
        .await
        .optional()?)
}

/// Counts a wrong try.
pub async fn fail(conn: &mut Connection, key: &[u8], now: DateTime<Utc>) -> Result<(), DbError> {
    diesel::delete(
        throttle::table
            .find(key)
            .filter(throttle::last_at.lt(now - FORGOTTEN)),
    )
    .execute(conn)
    .await?;
    diesel::insert_into(throttle::table)
        .values((
            throttle::key.eq(key),
            throttle::failures.eq(1),
            throttle::last_at.eq(now),
        ))
        .on_conflict(throttle::key)
        .do_update()
        .set((
            throttle::failures.eq(throttle::failures + 1),
            throttle::last_at.eq(excluded(throttle::last_at)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets the wrong tries before a right one.
pub async fn clear(conn: &mut Connection, key: &[u8]) -> Result<(), DbError> {
    diesel::delete(throttle::table.find(key)).execute(conn).await?;
    Ok(())
}

/// Forgets what is old.
pub async fn purge(conn: &mut Connection, before: DateTime<Utc>) -> Result<usize, DbError> {
    Ok(
        diesel::delete(throttle::table.filter(throttle::last_at.lt(before)))
            .execute(conn)
            .await?,
    )
}
