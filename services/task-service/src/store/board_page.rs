//! A whole board at one moment: four statements in one read-only snapshot, however many cards there are.

use auth_token::Caller;
use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use messaging::outbox;
use postgres::Connection;
use uuid::Uuid;

use super::rows::{BoardRow, ColumnRow};
use super::{boards, columns, people};
use crate::error::TaskError;
use postgres::statement;

/// What a card is made of, in the order of the select list: id, column, rank, title, person in charge, deadline,
/// priority, labels, version, number of comments, whether there is a description.
pub type CardRow = (
    Uuid,
    Uuid,
    String,
    String,
    Option<Uuid>,
    Option<DateTime<Utc>>,
    String,
    Vec<String>,
    i64,
    i64,
    bool,
);

type CardSql = (
    SqlUuid,
    SqlUuid,
    Text,
    Text,
    Nullable<SqlUuid>,
    Nullable<Timestamptz>,
    Text,
    Array<Text>,
    BigInt,
    BigInt,
    Bool,
);

/// A board with all that is on it.
#[derive(Debug)]
pub struct Snapshot {
    /// The board.
    pub board: BoardRow,
    /// Where on the workspace's feed this is.
    pub position: i64,
    /// The live columns in their order.
    pub columns: Vec<ColumnRow>,
    /// The live tasks, in no order.
    pub cards: Vec<CardRow>,
}

/// Reads a live board.
///
/// # Errors
/// [`TaskError::NotFound`], [`TaskError::Outdated`], or the database's.
pub async fn read(connection: &mut Connection, caller: &Caller, id: Uuid) -> Result<Snapshot, TaskError> {
    connection
        .build_transaction()
        .repeatable_read()
        .read_only()
        .run(async |connection| read_all(connection, caller, id).await)
        .await
}

async fn read_all(connection: &mut Connection, caller: &Caller, id: Uuid) -> Result<Snapshot, TaskError> {
    people::check(connection, caller).await?;
    let board = boards::find(connection, caller.workspace, id).await?;
    let board = board
        .filter(|board| board.deleted_at.is_none())
        .ok_or(TaskError::NotFound)?;
    let position = outbox::head(connection, caller.workspace).await?;
    let columns = columns::live(connection, id).await?;
    let cards = cards(connection, id).await?;
    Ok(Snapshot {
        board,
        position,
        columns,
        cards,
    })
}

async fn cards(connection: &mut Connection, board: Uuid) -> Result<Vec<CardRow>, TaskError> {
    let rows = statement(
        "SELECT id, column_id, rank, title, pic_id, deadline, priority, labels, version, comments, \
         description <> '' FROM task WHERE board_id = ? AND deleted_at IS NULL",
    )
    .bind::<SqlUuid, _>(board)
    .typed::<CardSql>()
    .load::<CardRow>(connection)
    .await?;
    Ok(rows)
}
