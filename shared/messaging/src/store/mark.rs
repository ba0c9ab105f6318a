//! Up to when the heads of a producer were compared.

use chrono::{DateTime, Utc};
use diesel::OptionalExtension as _;
use diesel::sql_types::{Text, Timestamptz};
use diesel_async::RunQueryDsl as _;
use postgres::{Connection, DbError};

#[derive(diesel::QueryableByName)]
struct Mark {
    #[diesel(sql_type = Timestamptz)]
    compared_until: DateTime<Utc>,
}

/// The producer's clock at the beginning of the last complete comparison; none when there was none yet.
pub(crate) async fn read(
    conn: &mut Connection,
    queue: &str,
    source: &str,
) -> Result<Option<DateTime<Utc>>, DbError> {
    let row: Option<Mark> =
        diesel::sql_query("SELECT compared_until FROM reconcile_mark WHERE queue = $1 AND source = $2")
            .bind::<Text, _>(queue)
            .bind::<Text, _>(source)
            .get_result(conn)
            .await
            .optional()?;
    Ok(row.map(|row| row.compared_until))
}

/// Moves the mark; never back.
pub(crate) async fn write(
    conn: &mut Connection,
    queue: &str,
    source: &str,
    until: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::sql_query(
        "INSERT INTO reconcile_mark AS m (queue, source, compared_until) VALUES ($1, $2, $3)
         ON CONFLICT (queue, source) DO UPDATE SET compared_until = greatest(m.compared_until, excluded.compared_until)",
    )
    .bind::<Text, _>(queue)
    .bind::<Text, _>(source)
    .bind::<Timestamptz, _>(until)
    .execute(conn)
    .await?;
    Ok(())
}
