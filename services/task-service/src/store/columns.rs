//! Columns. Whoever changes the columns of a board holds the board's row lock; statements that change a column's
//! row hold that row's lock too, by writing it.

use diesel::sql_types::{Array, Nullable, Text, Uuid as SqlUuid};
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::rows::{ColumnRow, column_columns};
use crate::domain::words::Status;
use postgres::statement;

/// A column that is about to be made.
#[derive(Debug, Clone)]
pub struct NewColumn {
    /// Its name.
    pub name: String,
    /// What it means.
    pub status: Status,
    /// Its place on the board.
    pub rank: String,
}

/// The live columns of a board in their order.
///
/// # Errors
/// The database's.
pub async fn live(connection: &mut Connection, board: Uuid) -> Result<Vec<ColumnRow>, DbError> {
    statement(concat!(
        "SELECT ",
        column_columns!(),
        " FROM board_column c WHERE c.board_id = ? AND c.deleted_at IS NULL ORDER BY c.rank"
    ))
    .bind::<SqlUuid, _>(board)
    .all(connection)
    .await
}

/// Some columns as they are now, for the feed; those that are gone are left out.
///
/// # Errors
/// The database's.
pub async fn some(connection: &mut Connection, ids: &[Uuid]) -> Result<Vec<ColumnRow>, DbError> {
    statement(concat!(
        "SELECT ",
        column_columns!(),
        " FROM board_column c WHERE c.id = ANY (?) AND c.deleted_at IS NULL"
    ))
    .bind::<Array<SqlUuid>, _>(ids)
    .all(connection)
    .await
}

/// A column, live or gone.
///
/// # Errors
/// The database's.
pub async fn any(connection: &mut Connection, id: Uuid) -> Result<Option<ColumnRow>, DbError> {
    statement(concat!(
        "SELECT ",
        column_columns!(),
        " FROM board_column c WHERE c.id = ?"
    ))
    .bind::<SqlUuid, _>(id)
    .first_row(connection)
    .await
}

/// Writes new columns at version 1.
///
/// # Errors
/// The database's.
pub async fn insert(
    connection: &mut Connection,
    workspace: Uuid,
    board: Uuid,
    columns: &[NewColumn],
) -> Result<Vec<ColumnRow>, DbError> {
    let ids: Vec<Uuid> = columns.iter().map(|_| Uuid::now_v7()).collect();
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let words: Vec<&str> = columns.iter().map(|column| column.status.as_str()).collect();
    let ranks: Vec<&str> = columns.iter().map(|column| column.rank.as_str()).collect();
    let mut rows: Vec<ColumnRow> = statement(concat!(
        "INSERT INTO board_column AS c (board_id, workspace_id, id, name, status, rank) \
         SELECT ?, ?, n.* FROM unnest(?, ?, ?, ?) AS n (id, name, status, rank) RETURNING ",
        column_columns!()
    ))
    .bind::<SqlUuid, _>(board)
    .bind::<SqlUuid, _>(workspace)
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<Text>, _>(names)
    .bind::<Array<Text>, _>(words)
    .bind::<Array<Text>, _>(ranks)
    .all(connection)
    .await?;
    rows.sort_by(|a, b| a.rank.cmp(&b.rank));
    Ok(rows)
}

/// A live column with its row locked, so that no task comes or goes meanwhile.
///
/// # Errors
/// The database's.
pub async fn lock(connection: &mut Connection, id: Uuid) -> Result<Option<ColumnRow>, DbError> {
    statement(concat!(
        "SELECT ",
        column_columns!(),
        " FROM board_column c WHERE c.id = ? AND c.deleted_at IS NULL FOR NO KEY UPDATE"
    ))
    .bind::<SqlUuid, _>(id)
    .first_row(connection)
    .await
}

/// Renames a locked column or gives it another status; nothing leaves as it is.
///
/// # Errors
/// The database's.
pub async fn edit(
    connection: &mut Connection,
    id: Uuid,
    name: Option<&str>,
    status: Option<Status>,
) -> Result<Option<ColumnRow>, DbError> {
    statement(concat!(
        "WITH ask AS (SELECT ? AS id, ? AS name, ? AS status) \
         UPDATE board_column c SET version = c.version + 1, updated_at = now(), \
         name = coalesce(ask.name, c.name), status = coalesce(ask.status, c.status), \
         name_v = CASE WHEN ask.name IS NULL THEN c.name_v ELSE c.version + 1 END, \
         status_v = CASE WHEN ask.status IS NULL THEN c.status_v ELSE c.version + 1 END \
         FROM ask WHERE c.id = ask.id RETURNING ",
        column_columns!()
    ))
    .bind::<SqlUuid, _>(id)
    .bind::<Nullable<Text>, _>(name)
    .bind::<Nullable<Text>, _>(status.map(Status::as_str))
    .first_row(connection)
    .await
}

/// Gives columns of one board other places. No two may share one even for a moment, so they step aside first.
///
/// # Errors
/// The database's.
pub async fn place(
    connection: &mut Connection,
    ids: &[Uuid],
    ranks: &[String],
) -> Result<Vec<ColumnRow>, DbError> {
    statement("UPDATE board_column SET rank = 'x' || id WHERE id = ANY (?)")
        .bind::<Array<SqlUuid>, _>(ids)
        .run(connection)
        .await?;
    statement(concat!(
        "UPDATE board_column c SET rank = n.rank, version = c.version + 1, moved_v = c.version + 1, \
         updated_at = now() FROM unnest(?, ?) AS n (id, rank) WHERE c.id = n.id RETURNING ",
        column_columns!()
    ))
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<Text>, _>(ranks)
    .all(connection)
    .await
}

/// Takes a locked, empty column off its board.
///
/// # Errors
/// The database's.
pub async fn delete(connection: &mut Connection, id: Uuid) -> Result<Option<ColumnRow>, DbError> {
    statement(concat!(
        "UPDATE board_column c SET deleted_at = now(), version = c.version + 1, updated_at = now() \
         WHERE c.id = ? RETURNING ",
        column_columns!()
    ))
    .bind::<SqlUuid, _>(id)
    .first_row(connection)
    .await
}
