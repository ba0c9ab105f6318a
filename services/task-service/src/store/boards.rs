//! Boards.

use auth_token::Caller;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Uuid as SqlUuid};
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::rows::{BoardRow, board_columns};
use postgres::statement;

/// A page of the workspace's boards in the order of their creation, live ones or those in the trash.
///
/// # Errors
/// The database's.
pub async fn page(
    connection: &mut Connection,
    workspace: Uuid,
    deleted: bool,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<BoardRow>, DbError> {
    let sql = if deleted { TRASH } else { LIVE };
    statement(sql)
        .bind::<SqlUuid, _>(workspace)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit)
        .all(connection)
        .await
}

macro_rules! page {
    ($which:literal) => {
        concat!(
            "SELECT ",
            board_columns!(),
            " FROM board b WHERE b.workspace_id = ? AND b.deleted_at IS ",
            $which,
            " AND b.id > coalesce(?, '00000000-0000-0000-0000-000000000000') ORDER BY b.id LIMIT ?"
        )
    };
}

const LIVE: &str = page!("NULL");
const TRASH: &str = page!("NOT NULL");

/// A board of the workspace, in the trash or not.
///
/// # Errors
/// The database's.
pub async fn find(
    connection: &mut Connection,
    workspace: Uuid,
    id: Uuid,
) -> Result<Option<BoardRow>, DbError> {
    statement(concat!(
        "SELECT ",
        board_columns!(),
        " FROM board b WHERE b.id = ? AND b.workspace_id = ?"
    ))
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(workspace)
    .first_row(connection)
    .await
}

/// The same, with its row locked.
///
/// # Errors
/// The database's.
pub async fn lock(
    connection: &mut Connection,
    workspace: Uuid,
    id: Uuid,
) -> Result<Option<BoardRow>, DbError> {
    statement(concat!(
        "SELECT ",
        board_columns!(),
        " FROM board b WHERE b.id = ? AND b.workspace_id = ? FOR NO KEY UPDATE"
    ))
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(workspace)
    .first_row(connection)
    .await
}

/// The live board a live column belongs to, with the board's row locked.
///
/// # Errors
/// The database's.
pub async fn lock_of_column(
    connection: &mut Connection,
    workspace: Uuid,
    column: Uuid,
) -> Result<Option<BoardRow>, DbError> {
    statement(concat!(
        "SELECT ",
        board_columns!(),
        " FROM board_column c JOIN board b ON b.id = c.board_id WHERE c.id = ? AND b.workspace_id = ? \
         AND b.deleted_at IS NULL FOR NO KEY UPDATE OF b"
    ))
    .bind::<SqlUuid, _>(column)
    .bind::<SqlUuid, _>(workspace)
    .first_row(connection)
    .await
}

/// Writes a new board at version 1.
///
/// # Errors
/// The database's.
pub async fn insert(
    connection: &mut Connection,
    caller: &Caller,
    name: &str,
) -> Result<Option<BoardRow>, DbError> {
    statement(concat!(
        "INSERT INTO board AS b (id, workspace_id, name, created_by) VALUES (?, ?, ?, ?) RETURNING ",
        board_columns!()
    ))
    .bind::<SqlUuid, _>(Uuid::now_v7())
    .bind::<SqlUuid, _>(caller.workspace)
    .bind::<Text, _>(name)
    .bind::<SqlUuid, _>(caller.person)
    .first_row(connection)
    .await
}

/// Renames a locked board.
///
/// # Errors
/// The database's.
pub async fn rename(connection: &mut Connection, id: Uuid, name: &str) -> Result<Option<BoardRow>, DbError> {
    statement(concat!(
        "UPDATE board b SET name = ?, version = version + 1, name_v = version + 1, updated_at = now() \
         WHERE b.id = ? RETURNING ",
        board_columns!()
    ))
    .bind::<Text, _>(name)
    .bind::<SqlUuid, _>(id)
    .first_row(connection)
    .await
}

/// Puts a locked board into the trash, or takes it out.
///
/// # Errors
/// The database's.
pub async fn set_deleted(
    connection: &mut Connection,
    id: Uuid,
    deleted: bool,
) -> Result<Option<BoardRow>, DbError> {
    statement(concat!(
        "UPDATE board b SET deleted_at = CASE WHEN ? THEN now() END, version = version + 1, \
         deleted_v = version + 1, updated_at = now() WHERE b.id = ? RETURNING ",
        board_columns!()
    ))
    .bind::<Bool, _>(deleted)
    .bind::<SqlUuid, _>(id)
    .first_row(connection)
    .await
}
