//! The relay's statements: which shards have work, stamping, and the marks of what is still to be sent.
//!
//! A shard is locked for one transaction. The lock's name holds the schema, because advisory locks belong to the
//! whole database, and the job, because stamping and each destination's sending go on independently.
//!
//! Most of these statements are planned anew each time: they touch tables that grow from nothing to thousands of rows
//! between two ANALYZEs, and a plan kept from the empty table would read them from end to end.

use diesel::sql_types::{Array, BigInt, Bool, Double, Integer, Nullable, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use postgres::{Connection, DbError, statement};
use uuid::Uuid;

use super::log::SHARDS;
use super::row::{LogRow, columns};
use crate::relay::pending::Pending;

#[derive(diesel::QueryableByName)]
struct Shard {
    #[diesel(sql_type = SmallInt)]
    shard: i16,
}

#[derive(diesel::QueryableByName)]
struct Truth {
    #[diesel(sql_type = Bool)]
    truth: bool,
}

/// A workspace and the last position given out in it.
#[derive(diesel::QueryableByName)]
pub(crate) struct Head {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) workspace: Uuid,
    #[diesel(sql_type = BigInt)]
    pub(crate) position: i64,
}

/// Whether any event waits for its stamp. Asked outside a transaction, so that idling is cheap.
pub(crate) async fn any_unstamped(conn: &mut Connection) -> Result<bool, DbError> {
    let row: Option<Truth> =
        statement("SELECT EXISTS (SELECT FROM event_log WHERE position IS NULL) AS truth")
            .first_row(conn)
            .await?;
    Ok(row.is_some_and(|row| row.truth))
}

/// Whether anything waits to be sent to a destination.
pub(crate) async fn any_unsent(conn: &mut Connection, destination: &str) -> Result<bool, DbError> {
    let row: Truth =
        diesel::sql_query("SELECT EXISTS (SELECT FROM event_send WHERE destination = $1) AS truth")
            .bind::<Text, _>(destination)
            .get_result(conn)
            .await?;
    Ok(row.truth)
}

/// Locks the shards with unstamped events that nobody else works on, until the transaction ends.
pub(crate) async fn lock_unstamped(conn: &mut Connection) -> Result<Vec<i16>, DbError> {
    // CASE, because AND may try the lock before it looks for work.
    let rows: Vec<Shard> = diesel::sql_query(
        "SELECT shard::smallint AS shard FROM generate_series(0, $1 - 1) AS shard
         WHERE CASE WHEN (SELECT true FROM event_log l
                          WHERE l.position IS NULL AND l.shard = shard.shard::smallint LIMIT 1)
               THEN pg_try_advisory_xact_lock(hashtext(current_schema() || '/stamp'), shard.shard) ELSE false END",
    )
    .bind::<Integer, _>(i32::from(SHARDS))
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.shard).collect())
}

/// Gives the next positions to the oldest unstamped events of locked shards and marks where they are to be sent.
/// `routes` are pairs of destination and event type. Must be a statement after the lock: its snapshot then holds
/// whatever the previous holder did.
pub(crate) async fn stamp(
    conn: &mut Connection,
    shards: &[i16],
    batch: i64,
    routes: &[(&str, &str)],
) -> Result<Vec<Head>, DbError> {
    let (destinations, types): (Vec<&str>, Vec<&str>) = routes.iter().copied().unzip();
    Ok(diesel::sql_query(
        "WITH batch AS (
             SELECT u.id, u.workspace_id, row_number() OVER (PARTITION BY u.workspace_id ORDER BY u.id) AS place,
                    count(*) OVER (PARTITION BY u.workspace_id) AS size
             FROM unnest($1) AS s (shard) CROSS JOIN LATERAL (
                 SELECT l.id, l.workspace_id FROM event_log l
                 WHERE l.position IS NULL AND l.shard = s.shard ORDER BY l.id LIMIT $2) u
         ), head AS (
             INSERT INTO feed_head AS f (workspace_id, position)
             SELECT b.workspace_id, max(b.size) FROM batch b GROUP BY b.workspace_id
             ON CONFLICT (workspace_id) DO UPDATE SET position = f.position + excluded.position
             RETURNING f.workspace_id, f.position
         ), stamped AS (
             UPDATE event_log e SET position = h.position - b.size + b.place
             FROM batch b JOIN head h ON h.workspace_id = b.workspace_id
             WHERE e.id = b.id
             RETURNING e.id, e.shard, e.stream, e.type
         ), mark AS (
             INSERT INTO event_send (destination, shard, log_id, stream)
             SELECT r.destination, t.shard, t.id, t.stream
             FROM stamped t JOIN unnest($3, $4) AS r (destination, type) ON r.type = t.type
         )
         SELECT workspace_id AS workspace, position FROM head",
    )
    .bind::<Array<SmallInt>, _>(shards)
    .bind::<BigInt, _>(batch)
    .bind::<Array<Text>, _>(destinations)
    .bind::<Array<Text>, _>(types)
    .load(conn)
    .await?)
}

/// Tells the feed's listeners in other processes, once per batch, when the transaction commits.
pub(crate) async fn notify(conn: &mut Connection, payload: &str) -> Result<(), DbError> {
    statement("SELECT pg_notify('onus_feed_' || current_schema(), ?)")
        .bind::<Text, _>(payload)
        .run(conn)
        .await?;
    Ok(())
}

#[derive(diesel::QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// The channel that [`notify`] uses: one per schema, since a channel belongs to the whole database.
pub(crate) async fn channel(conn: &mut Connection) -> Result<String, DbError> {
    let row: Name = diesel::sql_query("SELECT ('onus_feed_' || current_schema())::text AS name")
        .get_result(conn)
        .await?;
    Ok(row.name)
}

/// Locks the shards with something for a destination that nobody else sends from, until the transaction ends.
pub(crate) async fn lock_unsent(conn: &mut Connection, destination: &str) -> Result<Vec<i16>, DbError> {
    let rows: Vec<Shard> = diesel::sql_query(
        "SELECT shard::smallint AS shard
         FROM (SELECT $1::text AS destination) AS d CROSS JOIN generate_series(0, $2 - 1) AS shard
         WHERE CASE WHEN (SELECT true FROM event_send m
                          WHERE m.destination = d.destination AND m.shard = shard.shard::smallint LIMIT 1)
               THEN pg_try_advisory_xact_lock(hashtext(current_schema() || '/send/' || d.destination), shard.shard)
               ELSE false END",
    )
    .bind::<Text, _>(destination)
    .bind::<Integer, _>(i32::from(SHARDS))
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.shard).collect())
}

/// The oldest unsent events of locked shards, in order within each, without those of `blocked` streams.
pub(crate) async fn unsent(
    conn: &mut Connection,
    destination: &str,
    shards: &[i16],
    blocked: &[String],
    batch: i64,
) -> Result<Vec<Pending>, DbError> {
    let rows: Vec<LogRow> = diesel::sql_query(concat!(
        "SELECT ",
        columns!(),
        " FROM unnest($1) AS s (shard) CROSS JOIN LATERAL (
             SELECT m.log_id FROM event_send m
             WHERE m.shard = s.shard AND m.destination = $2 AND m.stream <> ALL ($3)
             ORDER BY m.log_id LIMIT $4) u
         JOIN event_log e ON e.id = u.log_id
         ORDER BY e.id"
    ))
    .bind::<Array<SmallInt>, _>(shards)
    .bind::<Text, _>(destination)
    .bind::<Array<Text>, _>(blocked)
    .bind::<BigInt, _>(batch)
    .load(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Pending {
                log_id: row.id,
                event: row.into_event()?,
            })
        })
        .collect()
}

/// Forgets the marks of events that the destination has.
pub(crate) async fn sent(
    conn: &mut Connection,
    destination: &str,
    shards: &[i16],
    log_ids: &[i64],
) -> Result<(), DbError> {
    diesel::sql_query(
        "DELETE FROM event_send WHERE destination = $1 AND shard = ANY ($2) AND log_id = ANY ($3)",
    )
    .bind::<Text, _>(destination)
    .bind::<Array<SmallInt>, _>(shards)
    .bind::<Array<BigInt>, _>(log_ids)
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(diesel::QueryableByName)]
struct Age {
    #[diesel(sql_type = Text)]
    service: String,
    #[diesel(sql_type = Nullable<Double>)]
    seconds: Option<f64>,
}

/// The name of this schema, and the age in seconds of its oldest event that a destination does not have; 0 when it
/// has all.
pub(crate) async fn lag(conn: &mut Connection, destination: &str) -> Result<(String, f64), DbError> {
    let row: Age = diesel::sql_query(
        "SELECT current_schema()::text AS service,
                extract(epoch FROM clock_timestamp() - min(e.created_at))::float8 AS seconds
         FROM generate_series(0, $1 - 1) AS s (shard) CROSS JOIN LATERAL (
             SELECT m.log_id FROM event_send m WHERE m.destination = $2 AND m.shard = s.shard::smallint
             ORDER BY m.log_id LIMIT 1) u
         JOIN event_log e ON e.id = u.log_id",
    )
    .bind::<Integer, _>(i32::from(SHARDS))
    .bind::<Text, _>(destination)
    .get_result(conn)
    .await?;
    Ok((row.service, row.seconds.unwrap_or_default()))
}
