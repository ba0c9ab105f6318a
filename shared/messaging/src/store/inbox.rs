//! How far each stream was taken in: one row per stream, locked while its events are applied.

use std::collections::HashMap;

use diesel::sql_types::{Array, BigInt, Bool, SmallInt, Text};
use diesel_async::RunQueryDsl as _;
use postgres::{Connection, DbError};

use crate::consumer::plan::{Intake, StreamKey};

#[derive(diesel::QueryableByName)]
struct InboxRow {
    #[diesel(sql_type = Text)]
    source: String,
    #[diesel(sql_type = Text)]
    stream: String,
    #[diesel(sql_type = BigInt)]
    head: i64,
    #[diesel(sql_type = Bool)]
    parked: bool,
}

/// Locks the rows of these streams, made where they are missing, until the transaction ends. Keys are taken in
/// sorted order, so that two transactions cannot wait for each other.
pub(crate) async fn lock(
    conn: &mut Connection,
    queue: &str,
    keys: &[StreamKey],
) -> Result<HashMap<StreamKey, Intake>, DbError> {
    let (sources, streams) = split(keys);
    diesel::sql_query(
        "INSERT INTO inbox (queue, source, stream)
         SELECT k.queue, k.source, k.stream
         FROM (SELECT $1::text AS queue, n.source, n.stream FROM unnest($2, $3) AS n (source, stream)) AS k
         WHERE NOT EXISTS (
             SELECT FROM inbox i WHERE i.queue = k.queue AND i.source = k.source AND i.stream = k.stream)
         ORDER BY k.source, k.stream
         ON CONFLICT DO NOTHING",
    )
    .bind::<Text, _>(queue)
    .bind::<Array<Text>, _>(&sources)
    .bind::<Array<Text>, _>(&streams)
    .execute(conn)
    .await?;
    let rows: Vec<InboxRow> = diesel::sql_query(
        "SELECT i.source, i.stream, i.head, i.parked FROM inbox i
         JOIN unnest($1, $2) AS k (source, stream) ON i.source = k.source AND i.stream = k.stream
         WHERE i.queue = $3
         ORDER BY i.source, i.stream
         FOR UPDATE OF i",
    )
    .bind::<Array<Text>, _>(&sources)
    .bind::<Array<Text>, _>(&streams)
    .bind::<Text, _>(queue)
    .load(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            (
                StreamKey {
                    source: row.source,
                    stream: row.stream,
                },
                Intake {
                    head: row.head,
                    parked: row.parked,
                },
            )
        })
        .collect())
}

/// Moves the heads of locked streams; what was rejected before counts no more.
pub(crate) async fn advance(
    conn: &mut Connection,
    queue: &str,
    heads: &[(StreamKey, i64)],
) -> Result<(), DbError> {
    let (sources, streams) = split(heads.iter().map(|(key, _)| key));
    let versions: Vec<i64> = heads.iter().map(|(_, version)| *version).collect();
    diesel::sql_query(
        "UPDATE inbox i SET head = n.head, rejections = 0, updated_at = now()
         FROM unnest($1, $2, $3) AS n (source, stream, head)
         WHERE i.queue = $4 AND i.source = n.source AND i.stream = n.stream",
    )
    .bind::<Array<Text>, _>(&sources)
    .bind::<Array<Text>, _>(&streams)
    .bind::<Array<BigInt>, _>(&versions)
    .bind::<Text, _>(queue)
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = SmallInt)]
    rejections: i16,
}

/// Counts a rejection of the event after the head and gives the new count; nothing when the stream is parked, or
/// has passed this version meanwhile.
pub(crate) async fn reject(
    conn: &mut Connection,
    queue: &str,
    key: &StreamKey,
    version: i64,
) -> Result<Option<i16>, DbError> {
    lock(conn, queue, std::slice::from_ref(key)).await?;
    let rows: Vec<Count> = diesel::sql_query(
        "UPDATE inbox SET rejections = rejections + 1, updated_at = now()
         WHERE queue = $1 AND source = $2 AND stream = $3 AND head = $4 - 1 AND NOT parked
         RETURNING rejections",
    )
    .bind::<Text, _>(queue)
    .bind::<Text, _>(&key.source)
    .bind::<Text, _>(&key.stream)
    .bind::<BigInt, _>(version)
    .load(conn)
    .await?;
    Ok(rows.into_iter().next().map(|row| row.rejections))
}

/// Parks a stream: its later events wait until it is redriven.
pub(crate) async fn park(conn: &mut Connection, queue: &str, key: &StreamKey) -> Result<(), DbError> {
    diesel::sql_query(
        "UPDATE inbox SET parked = true, updated_at = now() WHERE queue = $1 AND source = $2 AND stream = $3",
    )
    .bind::<Text, _>(queue)
    .bind::<Text, _>(&key.source)
    .bind::<Text, _>(&key.stream)
    .execute(conn)
    .await?;
    Ok(())
}

/// Frees parked streams (one, or all) and gives their names.
pub(crate) async fn unpark(
    conn: &mut Connection,
    queue: &str,
    stream: Option<&str>,
) -> Result<Vec<StreamKey>, DbError> {
    let rows: Vec<InboxRow> = diesel::sql_query(
        "UPDATE inbox SET parked = false, rejections = 0, updated_at = now()
         WHERE queue = $1 AND parked AND ($2 IS NULL OR stream = $2)
         RETURNING source, stream, head, parked",
    )
    .bind::<Text, _>(queue)
    .bind::<diesel::sql_types::Nullable<Text>, _>(stream)
    .load(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| StreamKey {
            source: row.source,
            stream: row.stream,
        })
        .collect())
}

#[derive(diesel::QueryableByName)]
struct Parked {
    #[diesel(sql_type = BigInt)]
    parked: i64,
}

/// How many streams are parked.
pub(crate) async fn parked(conn: &mut Connection, queue: &str) -> Result<i64, DbError> {
    let row: Parked = diesel::sql_query("SELECT count(*) AS parked FROM inbox WHERE queue = $1 AND parked")
        .bind::<Text, _>(queue)
        .get_result(conn)
        .await?;
    Ok(row.parked)
}

/// Two columns out of keys.
pub(super) fn split<'a>(keys: impl IntoIterator<Item = &'a StreamKey>) -> (Vec<&'a str>, Vec<&'a str>) {
    keys.into_iter()
        .map(|key| (key.source.as_str(), key.stream.as_str()))
        .unzip()
}
