//! Putting a task into the trash.

use auth_token::Caller;
use futures::FutureExt as _;
use postgres::Connection;
use uuid::Uuid;

use super::By;
use super::refusal::{Attempt, refusal};
use crate::app::App;
use crate::error::TaskError;
use crate::events;
use crate::store::{places, tasks, trash};
use crate::views::Task;

impl App {
    /// Puts a task into the trash. What somebody else changed since the version seen would be lost with it, so any
    /// such change refuses it; comments do not.
    ///
    /// # Errors
    /// Refusals of [`TaskError`], or the database's.
    pub async fn delete_task(&self, by: By, id: Uuid, seen: i64) -> Result<Task, TaskError> {
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
) -> Result<Task, TaskError> {
    let from = tasks::whereabouts(connection, caller.workspace, id).await?;
    places::lock(connection, from.board_id, [from.column_id; 2]).await?;
    let Some(deleted) = trash::delete(connection, caller, id, seen, from.column_id).await? else {
        return Err(refusal(
            connection,
            caller,
            (id, seen),
            &Attempt::Delete,
            TaskError::Contended,
        )
        .await);
    };
    places::count(connection, from.column_id, -1).await?;
    let change = events::task(caller, &deleted.task, &deleted.board_name, "deleted");
    events::publish(connection, vec![change]).await?;
    Ok(deleted.task.into())
}
