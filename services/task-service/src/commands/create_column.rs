//! Adding a column to a board.

use auth_token::Caller;
use futures::FutureExt as _;
use policy::Operation;
use postgres::Connection;
use serde_json::{Value, json};
use uuid::Uuid;

use super::By;
use super::create_board::ColumnDraft;
use super::move_column::{place_in, spread_events};
use crate::app::App;
use crate::domain::COLUMNS_PER_BOARD;
use crate::domain::place::Target;
use crate::error::TaskError;
use crate::events;
use crate::store::columns::NewColumn;
use crate::store::{boards, columns, people};
use crate::views::BoardColumn;

/// A column that somebody wants to add.
#[derive(Debug, Clone)]
pub struct NewColumnDraft {
    /// The board.
    pub board: Uuid,
    /// What it is.
    pub column: ColumnDraft,
    /// Where it goes.
    pub target: Target,
}

impl App {
    /// Adds a column to a board.
    ///
    /// # Errors
    /// Refusals of [`TaskError`], or the database's.
    pub async fn create_column(&self, by: By, draft: NewColumnDraft) -> Result<BoardColumn, TaskError> {
        by.require(Operation::ColumnEdit)?;
        let By { caller, key } = by;
        self.write_once(key, move |connection| {
            async move { create(connection, &caller, draft).await }.boxed()
        })
        .await
    }
}

async fn create(
    connection: &mut Connection,
    caller: &Caller,
    draft: NewColumnDraft,
) -> Result<BoardColumn, TaskError> {
    people::check(connection, caller).await?;
    let board = boards::lock(connection, caller.workspace, draft.board).await?;
    let board = board
        .filter(|board| board.deleted_at.is_none())
        .ok_or(TaskError::NotFound)?;
    let present = columns::live(connection, board.id).await?;
    if i64::try_from(present.len()).is_ok_and(|count| count >= COLUMNS_PER_BOARD) {
        return Err(TaskError::Conflict(
            "the board has 50 columns, which is all it can",
        ));
    }
    let place = place_in(connection, &present, Uuid::nil(), draft.target).await?;
    let ColumnDraft { name, status } = draft.column;
    let wanted = [NewColumn {
        name,
        status,
        rank: place.rank,
    }];
    let rows = columns::insert(connection, caller.workspace, board.id, &wanted).await?;
    let row = rows.into_iter().next().ok_or(TaskError::Contended)?;
    let mut changes = spread_events(caller, &place.others, &board.name);
    changes.push(
        events::column(caller, &row, &board.name, "created")
            .field("name", Value::Null, json!(row.name))
            .field("status", Value::Null, json!(row.status)),
    );
    events::publish(connection, changes).await?;
    Ok(row.into())
}
