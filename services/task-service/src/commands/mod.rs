//! Everything people can do to boards and tasks: one use case in each file.
//!
//! Each writes state and events in one transaction, and wakes the relay when it is committed.

mod comment_on_task;
mod create_board;
mod create_column;
mod create_task;
mod delete_board;
mod delete_column;
mod delete_task;
mod edit_board;
mod edit_column;
mod edit_task;
mod move_column;
mod move_task;
mod placing;
mod refusal;
mod restore_board;
mod restore_task;

use auth_token::Caller;
use futures::future::BoxFuture;
use policy::Operation;
use postgres::Connection;
use postgres::idempotency::Key;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use create_board::{BoardDraft, ColumnDraft};
pub use create_column::NewColumnDraft;
pub use create_task::TaskDraft;
pub use move_task::Move;

use crate::app::App;
use crate::error::TaskError;

/// Who does something, and the idempotency key it is done under.
#[derive(Debug, Clone)]
pub struct By {
    /// The caller.
    pub caller: Caller,
    /// The key, if one was sent.
    pub key: Option<Key>,
}

impl By {
    /// Refuses what the caller's role never allows.
    fn require(&self, operation: Operation) -> Result<(), TaskError> {
        if policy::may(self.caller.role, operation) {
            Ok(())
        } else {
            Err(TaskError::Forbidden(Vec::new()))
        }
    }
}

impl App {
    /// Runs a use case in one transaction under its key, and wakes the relay once it is committed.
    async fn write_once<T, F>(&self, key: Option<Key>, work: F) -> Result<T, TaskError>
    where
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<T, TaskError>> + Send + 'static,
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        let answer = self.db.write_once(key, work).await?;
        if !answer.replayed {
            self.waker.wake();
        }
        Ok(answer.value)
    }
}
