//! Adds entries to the log: gapless, in one statement, one writer at a time.

use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Binary, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use postgres::{Connection, DbError};
use uuid::Uuid;

use crate::domain::entry::{Contradiction, Draft, Known, unknown};

/// Writers queue here, and the lock goes with the transaction. A sequence would burn numbers on rollback.
const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtextextended('audit.entry', 0))";

/// What the log holds of the given events and of the given places in streams.
const KNOWN: &str = "\
    SELECT event_id, stream, version, record FROM entry WHERE event_id = ANY ($1) \
    UNION \
    SELECT event_id, stream, version, record FROM entry \
    JOIN unnest($2, $3) AS place (stream, version) USING (stream, version)";

/// Reads the highest index after the lock, in the snapshot of this statement, and counts on from there.
const APPEND: &str = "\
    WITH head AS (SELECT coalesce(max(index), -1) AS last FROM entry), \
    fresh AS ( \
        SELECT head.last + draft.place AS index, draft.* \
        FROM head, unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) WITH ORDINALITY AS draft ( \
            event_id, workspace_id, board_id, stream, version, source, \
            type, kind, actor_id, account_id, occurred_at, record, particulars, place)), \
    kept AS ( \
        INSERT INTO particulars (index, particulars) \
        SELECT index, particulars FROM fresh WHERE particulars IS NOT NULL) \
    INSERT INTO entry (index, event_id, workspace_id, board_id, stream, version, source, \
                       type, kind, actor_id, account_id, occurred_at, record) \
    SELECT index, event_id, workspace_id, board_id, stream, version, source, \
           type, kind, actor_id, account_id, occurred_at, record \
    FROM fresh ORDER BY index";

/// Why nothing was appended. The transaction must be rolled back.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// One of the drafts contradicts the log, now and whenever it is tried again.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
    /// The values cannot be written as JSON.
    #[error("the particulars could not be written as JSON")]
    Json(#[from] serde_json::Error),
    /// The database did not answer as it should.
    #[error("the entries could not be written")]
    Database(#[from] DbError),
}

impl From<diesel::result::Error> for AppendError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

#[derive(QueryableByName)]
struct KnownRow {
    #[diesel(sql_type = SqlUuid)]
    event_id: Uuid,
    #[diesel(sql_type = Text)]
    stream: String,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Binary)]
    record: Vec<u8>,
}

/// Appends the drafts that the log does not hold yet, in their order, and returns how many those were.
///
/// Must run inside the transaction that also notes the events as received: both commit or neither.
pub async fn append(conn: &mut Connection, drafts: &[Draft]) -> Result<usize, AppendError> {
    if drafts.is_empty() {
        return Ok(0);
    }
    diesel::sql_query(LOCK).execute(conn).await?;
    let known = known(conn, drafts).await?;
    let fresh = unknown(&known, drafts)?;
    if fresh.is_empty() {
        return Ok(0);
    }
    insert(conn, &fresh).await?;
    Ok(fresh.len())
}

async fn known(conn: &mut Connection, drafts: &[Draft]) -> Result<Vec<Known>, DbError> {
    let rows: Vec<KnownRow> = diesel::sql_query(KNOWN)
        .bind::<Array<SqlUuid>, _>(each(drafts, |draft| draft.event_id))
        .bind::<Array<Text>, _>(each(drafts, |draft| draft.stream.as_str()))
        .bind::<Array<BigInt>, _>(each(drafts, |draft| draft.version))
        .load(conn)
        .await?;
    let to_known = |row: KnownRow| Known {
        event_id: row.event_id,
        stream: row.stream,
        version: row.version,
        record: row.record,
    };
    Ok(rows.into_iter().map(to_known).collect())
}

async fn insert(conn: &mut Connection, fresh: &[&Draft]) -> Result<(), AppendError> {
    let particulars = fresh
        .iter()
        .map(|draft| draft.particulars.as_ref().map(serde_json::to_string).transpose());
    let particulars: Vec<Option<String>> = particulars.collect::<Result<_, _>>()?;
    diesel::sql_query(APPEND)
        .bind::<Array<SqlUuid>, _>(each(fresh, |draft| draft.event_id))
        .bind::<Array<SqlUuid>, _>(each(fresh, |draft| draft.workspace))
        .bind::<Array<Nullable<SqlUuid>>, _>(each(fresh, |draft| draft.board))
        .bind::<Array<Text>, _>(each(fresh, |draft| draft.stream.as_str()))
        .bind::<Array<BigInt>, _>(each(fresh, |draft| draft.version))
        .bind::<Array<Text>, _>(each(fresh, |draft| draft.source.as_str()))
        .bind::<Array<Text>, _>(each(fresh, |draft| draft.event_type.as_str()))
        .bind::<Array<Text>, _>(each(fresh, |draft| draft.kind.as_str()))
        .bind::<Array<Nullable<SqlUuid>>, _>(each(fresh, |draft| draft.actor))
        .bind::<Array<Nullable<SqlUuid>>, _>(each(fresh, |draft| draft.account))
        .bind::<Array<Timestamptz>, _>(each(fresh, |draft| draft.time))
        .bind::<Array<Binary>, _>(each(fresh, |draft| draft.record.as_slice()))
        .bind::<Array<Nullable<Text>>, _>(particulars)
        .execute(conn)
        .await?;
    Ok(())
}

/// One column of the drafts. Drafts travel as columns, so that one statement takes any number of them.
fn each<'d, D, T>(drafts: &'d [D], column: impl Fn(&'d D) -> T) -> Vec<T> {
    drafts.iter().map(column).collect()
}
