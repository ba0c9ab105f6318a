//! Taking a board out of the trash.

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
    /// Takes a board out of the trash, with everything on it.
    ///
    /// # Errors
    /// Refusals of [`TaskError`], or the database's.
    pub async fn restore_board(&self, by: By, id: Uuid, seen: i64) -> Result<Board, TaskError> {
        by.require(Operation::BoardDelete)?;
        let By { caller, key } = by;
        self.write_once(key, move |connection| {
            async move { restore(connection, &caller, (id, seen)).await }.boxed()
        })
        .await
    }
}

async fn restore(
    connection: &mut Connection,
    caller: &Caller,
    (id, seen): (Uuid, i64),
) -> Result<Board, TaskError> {
    people::check(connection, caller).await?;
    let board = boards::lock(connection, caller.workspace, id)
        .await?
        .ok_or(TaskError::NotFound)?;
    if board.deleted_v > seen || seen > board.version {
        return Err(TaskError::stale(Current::Board(board.into()), vec!["deleted_at"]));
    }
    if board.deleted_at.is_none() {
        return Err(TaskError::Conflict("the board is not in the trash"));
    }
    let restored = boards::set_deleted(connection, id, false)
        .await?
        .ok_or(TaskError::Contended)?;
    events::publish(connection, vec![events::board(caller, &restored, "restored")]).await?;
    Ok(restored.into())
}
