//! Streams that are known to have later versions than were taken in.

use std::time::Duration;

use chrono::TimeDelta;
use diesel::sql_types::{Array, BigInt, Interval, Text};
use diesel_async::RunQueryDsl as _;
use postgres::{Connection, DbError};

use super::inbox::split;
use crate::consumer::plan::StreamKey;

/// A stream to be fetched from its producer.
#[derive(Debug, diesel::QueryableByName)]
pub(crate) struct Gap {
    #[diesel(sql_type = Text)]
    pub(crate) source: String,
    #[diesel(sql_type = Text)]
    pub(crate) stream: String,
    #[diesel(sql_type = BigInt)]
    pub(crate) known: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) head: i64,
}

/// Notes the highest versions heard of, for streams that have not taken them in; a stream that was not noted before
/// is fetched after `delay`. Without a delay it also ends another note's delay, but neither a lease nor the pause after
/// a failure.
pub(crate) async fn note(
    conn: &mut Connection,
    queue: &str,
    known: &[(StreamKey, i64)],
    delay: Duration,
) -> Result<usize, DbError> {
    let (sources, streams) = split(known.iter().map(|(key, _)| key));
    let versions: Vec<i64> = known.iter().map(|(_, version)| *version).collect();
    Ok(diesel::sql_query(
        "INSERT INTO inbox_gap AS g (queue, source, stream, known, retry_at, settling)
         SELECT $1, k.source, k.stream, k.known, clock_timestamp() + $5, $5 > interval '0'
         FROM unnest($2, $3, $4) AS k (source, stream, known)
         LEFT JOIN inbox i ON i.queue = $1 AND i.source = k.source AND i.stream = k.stream
         WHERE coalesce(i.head, 0) < k.known
         ORDER BY k.source, k.stream
         ON CONFLICT (queue, source, stream) DO UPDATE
         SET known = greatest(g.known, excluded.known),
             settling = g.settling AND excluded.settling,
             retry_at = CASE WHEN g.settling AND NOT excluded.settling THEN excluded.retry_at ELSE g.retry_at END
         WHERE g.known < excluded.known OR (g.settling AND NOT excluded.settling)",
    )
    .bind::<Text, _>(queue)
    .bind::<Array<Text>, _>(&sources)
    .bind::<Array<Text>, _>(&streams)
    .bind::<Array<BigInt>, _>(&versions)
    .bind::<Interval, _>(interval(delay))
    .execute(conn)
    .await?)
}

/// Takes due gaps under a lease; gaps that have closed meanwhile are forgotten. Parked streams stay.
pub(crate) async fn claim(
    conn: &mut Connection,
    queue: &str,
    most: i64,
    lease: Duration,
) -> Result<Vec<Gap>, DbError> {
    diesel::sql_query(
        "WITH closed AS (
             SELECT g.source, g.stream FROM inbox_gap g
             JOIN inbox i ON i.queue = g.queue AND i.source = g.source AND i.stream = g.stream
             WHERE g.queue = $1 AND g.retry_at <= clock_timestamp() AND i.head >= g.known
             FOR UPDATE OF g SKIP LOCKED
         )
         DELETE FROM inbox_gap g USING closed c WHERE g.queue = $1 AND g.source = c.source AND g.stream = c.stream",
    )
    .bind::<Text, _>(queue)
    .execute(conn)
    .await?;
    Ok(diesel::sql_query(
        "WITH due AS (
             SELECT g.source, g.stream, coalesce(i.head, 0) AS head
             FROM inbox_gap g
             LEFT JOIN inbox i ON i.queue = g.queue AND i.source = g.source AND i.stream = g.stream
             WHERE g.queue = $1 AND g.retry_at <= clock_timestamp() AND NOT coalesce(i.parked, false)
             ORDER BY g.retry_at
             LIMIT $2
             FOR UPDATE OF g SKIP LOCKED
         )
         UPDATE inbox_gap g SET retry_at = clock_timestamp() + $3, settling = false
         FROM due WHERE g.queue = $1 AND g.source = due.source AND g.stream = due.stream
         RETURNING g.source, g.stream, g.known, due.head",
    )
    .bind::<Text, _>(queue)
    .bind::<BigInt, _>(most)
    .bind::<Interval, _>(interval(lease))
    .load(conn)
    .await?)
}

/// Ends a lease: the gap is due again after `delay`. If it has closed, the next claim forgets it.
pub(crate) async fn put_back(
    conn: &mut Connection,
    queue: &str,
    gap: &Gap,
    delay: Duration,
) -> Result<(), DbError> {
    diesel::sql_query(
        "UPDATE inbox_gap SET retry_at = clock_timestamp() + $4 WHERE queue = $1 AND source = $2 AND stream = $3",
    )
    .bind::<Text, _>(queue)
    .bind::<Text, _>(&gap.source)
    .bind::<Text, _>(&gap.stream)
    .bind::<Interval, _>(interval(delay))
    .execute(conn)
    .await?;
    Ok(())
}

/// Makes the gaps of these streams due now.
pub(crate) async fn hurry(conn: &mut Connection, queue: &str, keys: &[StreamKey]) -> Result<(), DbError> {
    let (sources, streams) = split(keys);
    diesel::sql_query(
        "UPDATE inbox_gap g SET retry_at = clock_timestamp() FROM unnest($2, $3) AS k (source, stream)
         WHERE g.queue = $1 AND g.source = k.source AND g.stream = k.stream",
    )
    .bind::<Text, _>(queue)
    .bind::<Array<Text>, _>(&sources)
    .bind::<Array<Text>, _>(&streams)
    .execute(conn)
    .await?;
    Ok(())
}

fn interval(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or_else(|_| TimeDelta::days(1))
}
