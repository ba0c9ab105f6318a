//! Renaming a board.

use auth_token::Caller;
use futures::FutureExt as _;
use policy::Operation;
use postgres::Connection;
use serde_json::json;
use uuid::Uuid;

use super::By;
use crate::app::App;
use crate::error::{Current, TaskError};
use crate::events;
use crate::store::{boards, people};
use crate::views::Board;

impl App {
    /// Renames a board.
    ///
    /// # Errors
    /// Refusals of [`TaskError`], or the database's.
    pub async fn edit_board(
        &self,
        by: By,
        id: Uuid,
        seen: i64,
        name: Option<String>,
    ) -> Result<Board, TaskError> {
        by.require(Operation::BoardEdit)?;
        let By { caller, key } = by;
        self.write_once(key, move |connection| {
            async move { rename(connection, &caller, (id, seen), name).await }.boxed()
        })
        .await
    }
}

async fn rename(
    connection: &mut Connection,
    caller: &Caller,
    (id, seen): (Uuid, i64),
    name: Option<String>,
) -> Result<Board, TaskError> {
    people::check(connection, caller).await?;
    let board = boards::lock(connection, caller.workspace, id).await?;
    let board = board
        .filter(|board| board.deleted_at.is_none())
        .ok_or(TaskError::NotFound)?;
    let Some(name) = name.filter(|name| *name != board.name) else {
        return Ok(board.into());
    };
    if board.name_v > seen || seen > board.version {
        return Err(TaskError::stale(Current::Board(board.into()), vec!["name"]));
    }
    let renamed = boards::rename(connection, id, &name)
        .await?
        .ok_or(TaskError::Contended)?;
    let change =
        events::board(caller, &renamed, "edited").field("name", json!(board.name), json!(renamed.name));
    events::publish(connection, vec![change]).await?;
    Ok(renamed.into())
}
