//! Commenting on a task.

use auth_token::Caller;
use futures::FutureExt as _;
use policy::Operation;
use postgres::Connection;
use serde_json::{Value, json};
use uuid::Uuid;

use super::By;
use crate::app::App;
use crate::error::TaskError;
use crate::events;
use crate::store::{comments, tasks};
use crate::views::Comment;

impl App {
    /// Writes a comment on a task.
    ///
    /// # Errors
    /// Refusals of [`TaskError`], or the database's.
    pub async fn comment_on_task(&self, by: By, task: Uuid, body: String) -> Result<Comment, TaskError> {
        by.require(Operation::CommentCreate)?;
        let By { caller, key } = by;
        self.write_once(key, move |connection| {
            async move { comment(connection, &caller, task, &body).await }.boxed()
        })
        .await
    }
}

async fn comment(
    connection: &mut Connection,
    caller: &Caller,
    task: Uuid,
    body: &str,
) -> Result<Comment, TaskError> {
    let Some(commented) = comments::count(connection, caller, task).await? else {
        let standing = tasks::standing(connection, caller, task).await?;
        return Err(match standing.task.head.deleted_at {
            Some(_) => TaskError::Conflict("the task is in the trash"),
            None => TaskError::Contended,
        });
    };
    let row = comments::insert(connection, caller, task, body)
        .await?
        .ok_or(TaskError::Contended)?;
    let change = events::task(caller, &commented.task, &commented.board_name, "commented").field(
        "comment",
        Value::Null,
        json!(row.body),
    );
    events::publish(connection, vec![change]).await?;
    Ok(row.into())
}
