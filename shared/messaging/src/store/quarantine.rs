//! Events that nobody could apply, kept for people to look at.

use contracts::Event;
use diesel::sql_types::{BigInt, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use postgres::{Connection, DbError};

/// Keeps an event that was rejected too often.
pub(crate) async fn keep(
    conn: &mut Connection,
    queue: &str,
    event: &Event,
    reason: &str,
) -> Result<(), DbError> {
    let body = serde_json::to_string(event).map_err(DbError::Stored)?;
    diesel::sql_query(
        "INSERT INTO quarantine (queue, source, stream, version, event_id, reason, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind::<Text, _>(queue)
    .bind::<Nullable<Text>, _>(Some(&event.source))
    .bind::<Text, _>(event.stream.as_str())
    .bind::<Nullable<BigInt>, _>(Some(event.version))
    .bind::<Nullable<SqlUuid>, _>(Some(event.id))
    .bind::<Text, _>(clean(reason))
    .bind::<Text, _>(body)
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps a message that is no event at all.
pub(crate) async fn keep_unreadable(
    conn: &mut Connection,
    queue: &str,
    group: &str,
    body: &str,
    reason: &str,
) -> Result<(), DbError> {
    diesel::sql_query("INSERT INTO quarantine (queue, stream, reason, body) VALUES ($1, $2, $3, $4)")
        .bind::<Text, _>(queue)
        .bind::<Text, _>(clean(group))
        .bind::<Text, _>(clean(reason))
        .bind::<Text, _>(clean(body))
        .execute(conn)
        .await?;
    Ok(())
}

/// Marks what is tried again; it stays for the record.
pub(crate) async fn redriven(
    conn: &mut Connection,
    queue: &str,
    stream: Option<&str>,
) -> Result<(), DbError> {
    diesel::sql_query(
        "UPDATE quarantine SET redriven_at = now()
         WHERE queue = $1 AND redriven_at IS NULL AND ($2 IS NULL OR stream = $2)",
    )
    .bind::<Text, _>(queue)
    .bind::<Nullable<Text>, _>(stream)
    .execute(conn)
    .await?;
    Ok(())
}

/// Postgres text holds no U+0000.
fn clean(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}
