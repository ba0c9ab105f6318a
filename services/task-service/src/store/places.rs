//! Places in a column: counting live tasks, finding neighbours, giving out ranks.
//!
//! Everything here runs while the column's row is locked by the same transaction.

use auth_token::Caller;
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Uuid as SqlUuid};
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::people::outdated;
use super::rows::{TaskRow, task_columns};
use crate::domain::place::Target;
use postgres::statement;

/// A column locked for one more task.
#[derive(Debug, QueryableByName)]
pub struct Opened {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: Uuid,
    #[diesel(sql_type = Text)]
    pub(crate) name: String,
    #[diesel(sql_type = Text)]
    pub(crate) status: String,
    #[diesel(sql_type = Text)]
    pub(crate) board_name: String,
    /// Live tasks on the whole board before this one, as far as they are committed.
    #[diesel(sql_type = BigInt)]
    pub(crate) on_board: i64,
    #[diesel(sql_type = Bool)]
    pub(crate) outdated: bool,
}

/// Counts one more task in a live column of a live board, which locks the column.
///
/// # Errors
/// The database's.
pub async fn open(
    connection: &mut Connection,
    caller: &Caller,
    board: Uuid,
    column: Uuid,
) -> Result<Option<Opened>, DbError> {
    statement(concat!(
        "WITH ask AS (SELECT ? AS board, ? AS column_id, ? AS workspace, ? AS caller, ? AS epoch) \
         UPDATE board_column c SET tasks = c.tasks + 1 FROM ask, board b \
         WHERE c.id = ask.column_id AND c.board_id = ask.board AND c.deleted_at IS NULL \
         AND b.id = ask.board AND b.workspace_id = ask.workspace AND b.deleted_at IS NULL \
         RETURNING c.id, c.name, c.status, b.name AS board_name, \
         (SELECT coalesce(sum(s.tasks), 0)::bigint FROM board_column s WHERE s.board_id = ask.board) AS on_board, ",
        outdated!(),
        " AS outdated"
    ))
    .bind::<SqlUuid, _>(board)
    .bind::<SqlUuid, _>(column)
    .bind::<SqlUuid, _>(caller.workspace)
    .bind::<SqlUuid, _>(caller.person)
    .bind::<BigInt, _>(caller.epoch)
    .first_row(connection)
    .await
}

/// A column locked for a move.
#[derive(Debug, QueryableByName)]
pub struct Locked {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: Uuid,
    #[diesel(sql_type = Text)]
    pub(crate) name: String,
    #[diesel(sql_type = Text)]
    pub(crate) status: String,
    #[diesel(sql_type = Bool)]
    pub(crate) live: bool,
}

/// Locks the columns a move touches, in the order of their ids, so that two moves in opposite directions wait for
/// each other instead of deadlocking.
///
/// # Errors
/// The database's.
pub async fn lock(
    connection: &mut Connection,
    board: Uuid,
    columns: [Uuid; 2],
) -> Result<Vec<Locked>, DbError> {
    statement(
        "SELECT c.id, c.name, c.status, c.deleted_at IS NULL AS live FROM board_column c \
         WHERE c.id = ANY (?) AND c.board_id = ? ORDER BY c.id FOR NO KEY UPDATE",
    )
    .bind::<Array<SqlUuid>, _>(columns.to_vec())
    .bind::<SqlUuid, _>(board)
    .all(connection)
    .await
}

/// Adds to the number of live tasks in a column.
///
/// # Errors
/// The database's.
pub async fn count(connection: &mut Connection, column: Uuid, more: i64) -> Result<(), DbError> {
    statement("UPDATE board_column SET tasks = tasks + ? WHERE id = ?")
        .bind::<BigInt, _>(more)
        .bind::<SqlUuid, _>(column)
        .run(connection)
        .await?;
    Ok(())
}

/// The ranks between which a task shall go, and the one it has in this column now.
#[derive(Debug, Default, QueryableByName)]
pub struct Gap {
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) below: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) above: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) own: Option<String>,
}

/// Finds the gap; none when the neighbour it is named after is not in the column.
///
/// # Errors
/// The database's.
pub async fn gap(
    connection: &mut Connection,
    column: Uuid,
    mover: Uuid,
    target: Target,
) -> Result<Option<Gap>, DbError> {
    let (sql, anchor) = match target {
        Target::Before(anchor) => (BEFORE, anchor),
        Target::After(anchor) => (AFTER, anchor),
        Target::End => (AT_END, Uuid::nil()),
    };
    statement(sql)
        .bind::<SqlUuid, _>(column)
        .bind::<SqlUuid, _>(mover)
        .bind::<SqlUuid, _>(anchor)
        .first_row(connection)
        .await
}

macro_rules! gap {
    ($tail:literal) => {
        concat!(
            "WITH ask AS (SELECT ? AS column_id, ? AS mover, ? AS anchor) \
             SELECT (SELECT o.rank FROM task o WHERE o.id = ask.mover AND o.column_id = ask.column_id \
             AND o.deleted_at IS NULL) AS own, ",
            $tail
        )
    };
}

const BEFORE: &str = gap!(
    "(SELECT max(t.rank) FROM task t WHERE t.column_id = ask.column_id AND t.deleted_at IS NULL \
     AND t.rank < a.rank AND t.id <> ask.mover) AS below, a.rank AS above \
     FROM ask JOIN task a ON a.id = ask.anchor AND a.column_id = ask.column_id AND a.deleted_at IS NULL \
     AND a.id <> ask.mover"
);

const AFTER: &str = gap!(
    "a.rank AS below, (SELECT min(t.rank) FROM task t WHERE t.column_id = ask.column_id \
     AND t.deleted_at IS NULL AND t.rank > a.rank AND t.id <> ask.mover) AS above \
     FROM ask JOIN task a ON a.id = ask.anchor AND a.column_id = ask.column_id AND a.deleted_at IS NULL \
     AND a.id <> ask.mover"
);

const AT_END: &str = gap!(
    "(SELECT max(t.rank) FROM task t WHERE t.column_id = ask.column_id AND t.deleted_at IS NULL \
     AND t.id <> ask.mover) AS below, NULL::text AS above FROM ask"
);

/// A neighbour of a crowded spot.
#[derive(Debug, Clone, QueryableByName)]
pub struct Neighbour {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: Uuid,
    #[diesel(sql_type = Text)]
    pub(crate) rank: String,
}

/// Up to `window` tasks at and below a rank, the nearest first; the mover is left out.
///
/// # Errors
/// The database's.
pub async fn at_and_below(
    connection: &mut Connection,
    column: Uuid,
    mover: Uuid,
    rank: &str,
    window: i64,
) -> Result<Vec<Neighbour>, DbError> {
    statement(
        "SELECT id, rank FROM task WHERE column_id = ? AND deleted_at IS NULL AND id <> ? AND rank <= ? \
         ORDER BY rank DESC LIMIT ?",
    )
    .bind::<SqlUuid, _>(column)
    .bind::<SqlUuid, _>(mover)
    .bind::<Text, _>(rank)
    .bind::<BigInt, _>(window)
    .all(connection)
    .await
}

/// Up to `window` tasks above a rank, the nearest first; the mover is left out.
///
/// # Errors
/// The database's.
pub async fn above(
    connection: &mut Connection,
    column: Uuid,
    mover: Uuid,
    rank: &str,
    window: i64,
) -> Result<Vec<Neighbour>, DbError> {
    statement(
        "SELECT id, rank FROM task WHERE column_id = ? AND deleted_at IS NULL AND id <> ? AND rank > ? \
         ORDER BY rank LIMIT ?",
    )
    .bind::<SqlUuid, _>(column)
    .bind::<SqlUuid, _>(mover)
    .bind::<Text, _>(rank)
    .bind::<BigInt, _>(window)
    .all(connection)
    .await
}

/// Gives tasks of a column other ranks. Each becomes a version of its own, because clients must hear of it.
/// No two rows may share a rank even for a moment, so the rows step aside first, and the mover with them.
///
/// # Errors
/// The database's.
pub async fn rewrite(
    connection: &mut Connection,
    mover: Uuid,
    ids: &[Uuid],
    ranks: &[String],
) -> Result<Vec<TaskRow>, DbError> {
    statement("UPDATE task SET rank = 'x' || id WHERE id = ANY (?) OR id = ?")
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<SqlUuid, _>(mover)
        .run(connection)
        .await?;
    statement(concat!(
        "UPDATE task t SET rank = n.rank, version = t.version + 1, updated_at = now() \
         FROM unnest(?, ?) AS n (id, rank), board_column c WHERE t.id = n.id AND c.id = t.column_id RETURNING ",
        task_columns!()
    ))
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<Text>, _>(ranks)
    .all(connection)
    .await
}
