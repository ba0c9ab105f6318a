//! A whole task.

use auth_token::Caller;
use uuid::Uuid;

use crate::app::App;
use crate::error::TaskError;
use crate::store::{people, tasks};
use crate::views::Task;

impl App {
    /// Reads a task, in the trash or not.
    ///
    /// # Errors
    /// [`TaskError::NotFound`], [`TaskError::Outdated`], or the database's.
    pub async fn read_task(&self, caller: &Caller, id: Uuid) -> Result<Task, TaskError> {
        let mut connection = self.db.read().await?;
        people::check(&mut connection, caller).await?;
        let row = tasks::find(&mut connection, caller.workspace, id).await?;
        row.map(Task::from).ok_or(TaskError::NotFound)
    }
}
