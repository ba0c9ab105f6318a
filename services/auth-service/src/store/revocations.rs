//! The feed of revoked tokens: (session, minimum epoch), each with a position that is stamped once it is committed.

use chrono::{DateTime, Utc};
use diesel::{
    QueryDsl,
    prelude::*,
    sql_types::{Array, BigInt},
};
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError, statement};
use uuid::Uuid;

use super::schema::{revocation, revocation_head};

/// The minimum epoch of a session that is over: no token has it.
pub const OVER: i64 = i64::MAX;

/// An entry of the feed.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Revocation {
    /// Its place on the feed.
    pub position: i64,
    /// Whose tokens.
    pub session: Uuid,
    /// Those with a smaller epoch are refused.
    pub minimum_epoch: i64,
}

/// Revokes tokens of these sessions.
pub async fn insert(
    conn: &mut Connection,
    sessions: &[Uuid],
    minimum_epoch: i64,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    if sessions.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = sessions
        .iter()
        .map(|session| {
            (
                revocation::session_id.eq(*session),
                revocation::minimum_epoch.eq(minimum_epoch),
                revocation::made_at.eq(now),
            )
        })
        .collect();
    diesel::insert_into(revocation::table)
        .values(rows)
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether entries wait for their position.
pub async fn any_unstamped(conn: &mut Connection) -> Result<bool, DbError> {
    let unstamped = revocation::table.filter(revocation::position.is_null());
    Ok(diesel::select(diesel::dsl::exists(unstamped))
        .get_result(conn)
        .await?)
}

/// Gives at most `limit` entries their positions. Who stamps holds the head's row to the end of the transaction, so
/// that positions become visible in their order.
pub async fn stamp(conn: &mut Connection, limit: i64) -> Result<(), DbError> {
    let head: i64 = revocation_head::table
        .select(revocation_head::position)
        .for_no_key_update()
        .first(conn)
        .await?;
    // Read by a statement of its own, after the lock: an earlier snapshot would not see what the last stamper did.
    let waiting: Vec<i64> = revocation::table
        .filter(revocation::position.is_null())
        .order(revocation::id)
        .limit(limit)
        .select(revocation::id)
        .load(conn)
        .await?;
    let position = head + i64::try_from(waiting.len()).unwrap_or_default();
    statement(
        "UPDATE revocation r SET position = ? + n.place
         FROM unnest(?) WITH ORDINALITY AS n (id, place) WHERE r.id = n.id",
    )
    .bind::<BigInt, _>(head)
    .bind::<Array<BigInt>, _>(&waiting)
    .run(conn)
    .await?;
    if position > head {
        diesel::update(revocation_head::table)
            .set(revocation_head::position.eq(position))
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// Entries after a position.
pub async fn after(conn: &mut Connection, position: i64, limit: i64) -> Result<Vec<Revocation>, DbError> {
    Ok(revocation::table
        .filter(revocation::position.gt(position))
        .order(revocation::position)
        .limit(limit)
        .select((
            revocation::position.assume_not_null(),
            revocation::session_id,
            revocation::minimum_epoch,
        ))
        .load(conn)
        .await?)
}

/// Forgets entries from before a moment: every token they spoke of has expired.
pub async fn purge(conn: &mut Connection, before: DateTime<Utc>) -> Result<usize, DbError> {
    Ok(
        diesel::delete(revocation::table.filter(revocation::made_at.lt(before)))
            .execute(conn)
            .await?,
    )
}
