//! The one statement that moves a task, while both columns are locked.

use auth_token::Caller;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Text, Uuid as SqlUuid};
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::people::outdated;
use super::rows::{TaskRow, task_columns};
use crate::domain::edit::Permission;
use postgres::statement;

/// A task after a move, and where it was before.
#[derive(Debug, QueryableByName)]
pub struct Moved {
    #[diesel(embed)]
    pub(crate) task: TaskRow,
    #[diesel(sql_type = Text)]
    pub(crate) board_name: String,
    #[diesel(sql_type = BigInt)]
    pub(crate) old_version: i64,
    #[diesel(sql_type = SqlUuid)]
    pub(crate) old_column_id: Uuid,
}

/// A move that has been worked out under the columns' locks.
#[derive(Debug, Clone, Copy)]
pub struct Destination<'a> {
    /// The column in which the task was when the locks were taken.
    pub from: Uuid,
    /// The column it goes to.
    pub column: Uuid,
    /// The rank it gets there.
    pub rank: &'a str,
}

const MOVE: &str = concat!(
    "WITH ask AS (SELECT ? AS id, ? AS workspace, ? AS caller, ? AS epoch, ? AS seen, ? AS own, ? AS other, \
       ? AS from_column, ? AS column_id, ? AS rank), \
     old AS MATERIALIZED (SELECT t.*, b.name AS board_name \
       FROM ask JOIN task t ON t.id = ask.id AND t.workspace_id = ask.workspace \
       JOIN board b ON b.id = t.board_id AND b.deleted_at IS NULL FOR UPDATE OF t), \
     verdict AS (SELECT old.id, (ask.column_id <> old.column_id OR ask.rank <> old.rank) AS moves \
       FROM ask, old WHERE old.deleted_at IS NULL AND old.column_id = ask.from_column AND NOT ",
    outdated!(),
    "  AND CASE WHEN old.pic_id = ask.caller THEN ask.own ELSE ask.other END \
       AND old.moved_v <= ask.seen AND ask.seen <= old.version) \
     UPDATE task t SET column_id = ask.column_id, rank = ask.rank, \
       moved_v = CASE WHEN v.moves THEN old.version + 1 ELSE old.moved_v END, \
       version = CASE WHEN v.moves THEN old.version + 1 ELSE old.version END, \
       updated_at = CASE WHEN v.moves THEN now() ELSE old.updated_at END \
     FROM ask, old, verdict v, board_column c WHERE t.id = old.id AND v.id = old.id AND c.id = ask.column_id \
     RETURNING ",
    task_columns!(),
    ", old.board_name, old.version AS old_version, old.column_id AS old_column_id"
);

/// Moves a task where everything allows it. None says that something did not: look at its standing then.
///
/// # Errors
/// The database's.
pub async fn move_to(
    connection: &mut Connection,
    caller: &Caller,
    id: Uuid,
    seen: i64,
    to: Destination<'_>,
) -> Result<Option<Moved>, DbError> {
    let permission = Permission::of(caller.role, &[policy::Operation::TaskMove]);
    statement(MOVE)
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(caller.workspace)
        .bind::<SqlUuid, _>(caller.person)
        .bind::<BigInt, _>(caller.epoch)
        .bind::<BigInt, _>(seen)
        .bind::<Bool, _>(permission.own)
        .bind::<Bool, _>(permission.other)
        .bind::<SqlUuid, _>(to.from)
        .bind::<SqlUuid, _>(to.column)
        .bind::<Text, _>(to.rank)
        .first_row(connection)
        .await
}
