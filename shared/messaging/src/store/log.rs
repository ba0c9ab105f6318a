//! The event log: written by the services' transactions, read by feed and internal routes.

use chrono::{DateTime, Utc};
use contracts::Event;
use diesel::sql_types::{Array, BigInt, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use postgres::{Connection, DbError, statement};
use serde::Deserialize;
use uuid::Uuid;

use super::row::{LogRow, columns};
use crate::outbox::Stored;

/// Shards there are. Stored with every event, so it never changes.
pub(crate) const SHARDS: u8 = 16;

/// The part of a record that the feed is keyed by.
#[derive(Deserialize)]
struct OnBoard {
    board: Option<Uuid>,
}

/// One event's columns that need work before they are written.
struct Prepared {
    shard: i16,
    topic: Option<String>,
    particulars: Option<String>,
}

/// One statement for any number of events; ids are given in the order of the slice.
pub(crate) async fn insert(conn: &mut Connection, events: &[Event]) -> Result<(), DbError> {
    let prepared = events
        .iter()
        .map(prepare)
        .collect::<Result<Vec<_>, _>>()
        .map_err(DbError::Stored)?;
    statement(
        "INSERT INTO event_log
             (event_id, workspace_id, shard, topic, source, stream, version, type, time, traceparent, record, particulars)
         SELECT n.event_id, n.workspace_id, n.shard, n.topic, n.source, n.stream, n.version, n.type, n.time,
                n.traceparent, n.record, n.particulars
         FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WITH ORDINALITY
              AS n (event_id, workspace_id, shard, topic, source, stream, version, type, time, traceparent, record,
                    particulars, place)
         ORDER BY n.place",
    )
    .bind::<Array<SqlUuid>, _>(column(events, |event| event.id))
    .bind::<Array<SqlUuid>, _>(column(events, |event| event.workspace))
    .bind::<Array<SmallInt>, _>(column(&prepared, |prepared| prepared.shard))
    .bind::<Array<Nullable<Text>>, _>(column(&prepared, |prepared| prepared.topic.as_deref()))
    .bind::<Array<Text>, _>(column(events, |event| event.source.as_str()))
    .bind::<Array<Text>, _>(column(events, |event| event.stream.as_str()))
    .bind::<Array<BigInt>, _>(column(events, |event| event.version))
    .bind::<Array<Text>, _>(column(events, |event| event.kind.as_str()))
    .bind::<Array<Timestamptz>, _>(column(events, |event| event.time))
    .bind::<Array<Nullable<Text>>, _>(column(events, |event| event.traceparent.as_deref()))
    .bind::<Array<Text>, _>(column(events, |event| event.data.record.as_str()))
    .bind::<Array<Nullable<Text>>, _>(column(&prepared, |prepared| prepared.particulars.as_deref()))
    .run(conn)
    .await?;
    Ok(())
}

fn column<'a, R, T>(rows: &'a [R], get: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(get).collect()
}

fn prepare(event: &Event) -> Result<Prepared, serde_json::Error> {
    let on: OnBoard = serde_json::from_str(event.data.record.as_str())?;
    Ok(Prepared {
        shard: shard_of(event.workspace),
        topic: on.board.map(|board| board.to_string()),
        particulars: event
            .data
            .particulars
            .as_ref()
            .map(serde_json::to_string)
            .transpose()?,
    })
}

/// The shard of a workspace: the last byte of a UUID is random in every version that is in use.
fn shard_of(workspace: Uuid) -> i16 {
    i16::from(workspace.as_bytes()[15] % SHARDS)
}

/// A topic's events after a position.
pub(crate) async fn feed(
    conn: &mut Connection,
    topic: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<Stored>, DbError> {
    let rows: Vec<LogRow> = diesel::sql_query(concat!(
        "SELECT ",
        columns!(),
        " FROM event_log e WHERE e.topic = $1 AND e.position > $2 ORDER BY e.position LIMIT $3"
    ))
    .bind::<Text, _>(topic)
    .bind::<BigInt, _>(after)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Stored {
                position: row.position.unwrap_or_default(),
                event: row.into_event()?,
            })
        })
        .collect()
}

#[derive(diesel::QueryableByName)]
struct Position {
    #[diesel(sql_type = BigInt)]
    position: i64,
}

/// The last position given out in a workspace.
pub(crate) async fn head(conn: &mut Connection, workspace: Uuid) -> Result<i64, DbError> {
    let row: Option<Position> = statement("SELECT position FROM feed_head WHERE workspace_id = ?")
        .bind::<SqlUuid, _>(workspace)
        .first_row(conn)
        .await?;
    Ok(row.map_or(0, |row| row.position))
}

/// A stream's events from one version to another, both included, stamped or not.
pub(crate) async fn stream(
    conn: &mut Connection,
    stream: &str,
    versions: std::ops::RangeInclusive<i64>,
    limit: i64,
) -> Result<Vec<Event>, DbError> {
    let rows: Vec<LogRow> = diesel::sql_query(concat!(
        "SELECT ",
        columns!(),
        " FROM event_log e WHERE e.stream = $1 AND e.version BETWEEN $2 AND $3 ORDER BY e.version LIMIT $4"
    ))
    .bind::<Text, _>(stream)
    .bind::<BigInt, _>(*versions.start())
    .bind::<BigInt, _>(*versions.end())
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?;
    rows.into_iter().map(LogRow::into_event).collect()
}

/// A stream's version at one row of the log.
#[derive(diesel::QueryableByName)]
pub(crate) struct HeadRow {
    #[diesel(sql_type = BigInt)]
    pub(crate) id: i64,
    #[diesel(sql_type = Text)]
    pub(crate) stream: String,
    #[diesel(sql_type = BigInt)]
    pub(crate) version: i64,
}

/// The next rows of the log that were written since a time, of certain types (none given: of all), after a row's id.
pub(crate) async fn heads(
    conn: &mut Connection,
    since: Option<DateTime<Utc>>,
    types: &[&str],
    after: i64,
    limit: i64,
) -> Result<Vec<HeadRow>, DbError> {
    Ok(diesel::sql_query(
        "SELECT id, stream, version FROM event_log
         WHERE id > $1 AND ($2 IS NULL OR created_at >= $2) AND (cardinality($3) = 0 OR type = ANY ($3))
         ORDER BY id LIMIT $4",
    )
    .bind::<BigInt, _>(after)
    .bind::<Nullable<Timestamptz>, _>(since)
    .bind::<Array<Text>, _>(types)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?)
}

#[derive(diesel::QueryableByName)]
struct Start {
    #[diesel(sql_type = Timestamptz)]
    now: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    before: i64,
}

/// The database's clock, and an id below every row written since a time. (`OFFSET 0` keeps the planner from looking
/// for the least id along the primary key, which would walk the whole log.)
pub(crate) async fn start(
    conn: &mut Connection,
    since: Option<DateTime<Utc>>,
) -> Result<(DateTime<Utc>, i64), DbError> {
    let row: Start = diesel::sql_query(
        "SELECT clock_timestamp() AS now,
                CASE WHEN $1 IS NULL THEN 0
                     ELSE coalesce((SELECT min(id) - 1 FROM (
                              SELECT id FROM event_log WHERE created_at >= $1 OFFSET 0) recent),
                          9223372036854775807) END AS before",
    )
    .bind::<Nullable<Timestamptz>, _>(since)
    .get_result(conn)
    .await?;
    Ok((row.now, row.before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_workspace_has_one_of_the_shards() {
        for _ in 0..1_000 {
            let workspace = Uuid::now_v7();
            let shard = shard_of(workspace);
            assert!((0..i16::from(SHARDS)).contains(&shard));
            assert_eq!(shard, shard_of(workspace));
        }
    }
}
