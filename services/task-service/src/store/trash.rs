//! The statements that put a task into the trash and take it out again, while its column is locked.

use auth_token::Caller;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Text, Uuid as SqlUuid};
use policy::Operation;
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::move_task::{Destination, Moved};
use super::people::outdated;
use super::rows::task_columns;
use crate::domain::edit::Permission;
use postgres::statement;

const DELETE: &str = concat!(
    "WITH ask AS (SELECT ? AS id, ? AS workspace, ? AS caller, ? AS epoch, ? AS seen, ? AS own, ? AS other, \
       ? AS column_id), \
     old AS MATERIALIZED (SELECT t.*, b.name AS board_name \
       FROM ask JOIN task t ON t.id = ask.id AND t.workspace_id = ask.workspace \
       JOIN board b ON b.id = t.board_id AND b.deleted_at IS NULL FOR UPDATE OF t), \
     verdict AS (SELECT old.id FROM ask, old \
       WHERE old.deleted_at IS NULL AND old.column_id = ask.column_id AND NOT ",
    outdated!(),
    "  AND CASE WHEN old.pic_id = ask.caller THEN ask.own ELSE ask.other END AND ask.seen <= old.version \
       AND greatest(old.title_v, old.description_v, old.pic_v, old.deadline_v, old.deadline_zone_v, \
                    old.priority_v, old.labels_v, old.moved_v, old.deleted_v) <= ask.seen) \
     UPDATE task t SET deleted_at = now(), deleted_v = old.version + 1, version = old.version + 1, \
       updated_at = now() \
     FROM old, verdict v, board_column c WHERE t.id = old.id AND v.id = old.id AND c.id = old.column_id \
     RETURNING ",
    task_columns!(),
    ", old.board_name, old.version AS old_version, old.column_id AS old_column_id"
);

/// Puts a task into the trash, unless anything of it changed after the version seen. None says that something did
/// not allow it: look at its standing then.
///
/// # Errors
/// The database's.
pub async fn delete(
    connection: &mut Connection,
    caller: &Caller,
    id: Uuid,
    seen: i64,
    column: Uuid,
) -> Result<Option<Moved>, DbError> {
    let permission = Permission::of(caller.role, &[Operation::TaskDelete]);
    statement(DELETE)
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(caller.workspace)
        .bind::<SqlUuid, _>(caller.person)
        .bind::<BigInt, _>(caller.epoch)
        .bind::<BigInt, _>(seen)
        .bind::<Bool, _>(permission.own)
        .bind::<Bool, _>(permission.other)
        .bind::<SqlUuid, _>(column)
        .first_row(connection)
        .await
}

const RESTORE: &str = concat!(
    "WITH ask AS (SELECT ? AS id, ? AS workspace, ? AS caller, ? AS epoch, ? AS seen, ? AS own, ? AS other, \
       ? AS column_id, ? AS rank), \
     old AS MATERIALIZED (SELECT t.*, b.name AS board_name \
       FROM ask JOIN task t ON t.id = ask.id AND t.workspace_id = ask.workspace \
       JOIN board b ON b.id = t.board_id AND b.deleted_at IS NULL FOR UPDATE OF t), \
     verdict AS (SELECT old.id FROM ask, old WHERE old.deleted_at IS NOT NULL AND NOT ",
    outdated!(),
    "  AND CASE WHEN old.pic_id = ask.caller THEN ask.own ELSE ask.other END \
       AND old.deleted_v <= ask.seen AND ask.seen <= old.version) \
     UPDATE task t SET deleted_at = NULL, column_id = ask.column_id, rank = ask.rank, \
       deleted_v = old.version + 1, moved_v = old.version + 1, version = old.version + 1, updated_at = now() \
     FROM ask, old, verdict v, board_column c WHERE t.id = old.id AND v.id = old.id AND c.id = ask.column_id \
     RETURNING ",
    task_columns!(),
    ", old.board_name, old.version AS old_version, old.column_id AS old_column_id"
);

/// Takes a task out of the trash to the end of a column. None says that something did not allow it: look at its
/// standing then.
///
/// # Errors
/// The database's.
pub async fn restore(
    connection: &mut Connection,
    caller: &Caller,
    id: Uuid,
    seen: i64,
    to: Destination<'_>,
) -> Result<Option<Moved>, DbError> {
    let permission = Permission::of(caller.role, &[Operation::TaskRestore]);
    statement(RESTORE)
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(caller.workspace)
        .bind::<SqlUuid, _>(caller.person)
        .bind::<BigInt, _>(caller.epoch)
        .bind::<BigInt, _>(seen)
        .bind::<Bool, _>(permission.own)
        .bind::<Bool, _>(permission.other)
        .bind::<SqlUuid, _>(to.column)
        .bind::<Text, _>(to.rank)
        .first_row(connection)
        .await
}

/// The column a restored task returns to: its own where that is still there, else the first of the same status,
/// else the first of the board.
///
/// # Errors
/// The database's.
pub async fn way_back(
    connection: &mut Connection,
    board: Uuid,
    column: Uuid,
) -> Result<Option<Uuid>, DbError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
    }
    let row: Option<Row> = statement(
        "SELECT c.id FROM board_column c LEFT JOIN board_column own ON own.id = ? \
         WHERE c.board_id = ? AND c.deleted_at IS NULL \
         ORDER BY c.id = own.id DESC, c.status = own.status DESC, c.rank LIMIT 1",
    )
    .bind::<SqlUuid, _>(column)
    .bind::<SqlUuid, _>(board)
    .first_row(connection)
    .await?;
    Ok(row.map(|row| row.id))
}
