//! Creating a board with its first columns.

use auth_token::Caller;
use futures::FutureExt as _;
use policy::Operation;
use postgres::Connection;
use serde_json::{Value, json};

use super::By;
use crate::app::App;
use crate::domain::rank::Rank;
use crate::domain::words::Status;
use crate::error::TaskError;
use crate::events;
use crate::store::columns::NewColumn;
use crate::store::{boards, columns, people};
use crate::views::Board;

/// A board that somebody wants to create.
#[derive(Debug, Clone)]
pub struct BoardDraft {
    /// Its name.
    pub name: String,
    /// Its columns from left to right; without any it gets one of each status.
    pub columns: Option<Vec<ColumnDraft>>,
}

/// A column that somebody wants to create.
#[derive(Debug, Clone)]
pub struct ColumnDraft {
    /// Its name.
    pub name: String,
    /// What it means.
    pub status: Status,
}

impl App {
    /// Creates a board.
    ///
    /// # Errors
    /// Refusals of [`TaskError`], or the database's.
    pub async fn create_board(&self, by: By, draft: BoardDraft) -> Result<Board, TaskError> {
        by.require(Operation::BoardCreate)?;
        let By { caller, key } = by;
        self.write_once(key, move |connection| {
            async move { create(connection, &caller, draft).await }.boxed()
        })
        .await
    }
}

async fn create(connection: &mut Connection, caller: &Caller, draft: BoardDraft) -> Result<Board, TaskError> {
    people::check(connection, caller).await?;
    let board = boards::insert(connection, caller, &draft.name)
        .await?
        .ok_or(TaskError::Contended)?;
    let wanted = ranked(draft.columns.unwrap_or_else(usual_columns));
    let columns = columns::insert(connection, caller.workspace, board.id, &wanted).await?;
    let created = events::board(caller, &board, "created").field("name", Value::Null, json!(board.name));
    let mut changes = vec![created];
    changes.extend(columns.iter().map(|column| {
        events::column(caller, column, &board.name, "created")
            .field("name", Value::Null, json!(column.name))
            .field("status", Value::Null, json!(column.status))
    }));
    events::publish(connection, changes).await?;
    Ok(board.into())
}

fn usual_columns() -> Vec<ColumnDraft> {
    [
        ("To do", Status::Todo),
        ("Doing", Status::Doing),
        ("Done", Status::Done),
    ]
    .map(|(name, status)| ColumnDraft {
        name: name.to_owned(),
        status,
    })
    .to_vec()
}

fn ranked(columns: Vec<ColumnDraft>) -> Vec<NewColumn> {
    let mut last: Option<Rank> = None;
    columns
        .into_iter()
        .map(|ColumnDraft { name, status }| {
            let rank = Rank::between(last.as_ref(), None).unwrap_or_else(Rank::first);
            let column = NewColumn {
                name,
                status,
                rank: rank.to_string(),
            };
            last = Some(rank);
            column
        })
        .collect()
}
