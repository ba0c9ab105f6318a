//! A board with everything on it.

use std::collections::HashMap;

use auth_token::Caller;
use uuid::Uuid;

use super::cards;
use crate::app::App;
use crate::error::TaskError;
use crate::store::board_page::{self, Snapshot};
use crate::views::BoardColumn;

/// A board as JSON, with its version.
#[derive(Debug)]
pub struct BoardJson {
    /// The body.
    pub json: String,
    /// The board's version.
    pub version: i64,
}

impl App {
    /// Reads a board: its columns, its cards and its place on the feed, as they were at one moment.
    ///
    /// # Errors
    /// [`TaskError::NotFound`], [`TaskError::Outdated`], or the database's.
    pub async fn read_board(&self, caller: &Caller, id: Uuid) -> Result<BoardJson, TaskError> {
        let mut connection = self.db.read().await?;
        let snapshot = board_page::read(&mut connection, caller, id).await?;
        drop(connection);
        render(snapshot)
    }
}

fn render(snapshot: Snapshot) -> Result<BoardJson, TaskError> {
    let Snapshot {
        board,
        position,
        columns,
        mut cards,
    } = snapshot;
    let order: HashMap<Uuid, usize> = columns
        .iter()
        .enumerate()
        .map(|(index, column)| (column.id, index))
        .collect();
    // The database need not sort: by column from left to right, then by rank.
    cards.sort_by(|a, b| (order.get(&a.1), &a.2).cmp(&(order.get(&b.1), &b.2)));
    let columns: Vec<BoardColumn> = columns.into_iter().map(BoardColumn::from).collect();
    let mut json = String::with_capacity(1024 + columns.len() * 256 + cards.len() * 400);
    json.push_str("{\"id\":");
    json.push_str(&serde_json::to_string(&board.id)?);
    json.push_str(",\"name\":");
    json.push_str(&serde_json::to_string(&board.name)?);
    json.push_str(&format!(
        ",\"version\":{},\"position\":{position},\"columns\":",
        board.version
    ));
    json.push_str(&serde_json::to_string(&columns)?);
    json.push_str(",\"cards\":[");
    for (index, card) in cards.iter().enumerate() {
        if index > 0 {
            json.push(',');
        }
        cards::write(&mut json, card);
    }
    json.push_str("]}");
    Ok(BoardJson {
        json,
        version: board.version,
    })
}
