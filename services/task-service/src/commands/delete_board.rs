//! Putting a board into the trash, with everything on it.

use auth_token::Caller;
use futures::FutureExt as _;
use policy::Operation;
use postgres::Connection;
use uuid::Uuid;

use super::By;
use crate::app::App;
use crate::error::{Current, TaskError};
use crate::events;
use crate::store::{boards, people};
use crate::views::Board;

impl App {
    /// Puts a board into the trash. Its columns and tasks stay on it and cannot be seen until it is restored.
    ///
    /// # Errors
    /// Refusals of [`TaskError`], or the database's.
    pub async fn delete_board(&self, by: By, id: Uuid, seen: i64) -> Result<Board, TaskError> {
        by.require(Operation::BoardDelete)?;
        let By { caller, key } = by;
        self.write_once(key, move |connection| {
            async move { delete(connection, &caller, (id, seen)).await }.boxed()
        })
        .await
    }
}

async fn delete(
    connection: &mut Connection,
    caller: &Caller,
    (id, seen): (Uuid, i64),
) -> Result<Board, TaskError> {
    people::check(connection, caller).await?;
    let board = boards::lock(connection, caller.workspace, id)
        .await?
        .ok_or(TaskError::NotFound)?;
    let fields: Vec<&'static str> = [("name", board.name_v), ("deleted_at", board.deleted_v)]
        .into_iter()
        .filter(|(_, version)| *version > seen || seen > board.version)
        .map(|(name, _)| name)
        .collect();
    if !fields.is_empty() {
        return Err(TaskError::stale(Current::Board(board.into()), fields));
    }
    if board.deleted_at.is_some() {
        return Err(TaskError::Conflict("the board is in the trash"));
    }
    let deleted = boards::set_deleted(connection, id, true)
        .await?
        .ok_or(TaskError::Contended)?;
    events::publish(connection, vec![events::board(caller, &deleted, "deleted")]).await?;
    Ok(deleted.into())
}
