//! Tasks over all boards of a workspace.

use auth_token::Caller;

use crate::app::App;
use crate::error::TaskError;
use crate::store::people;
use crate::store::task_list::{self, Filter, Order};
use crate::views::TaskSummary;

impl App {
    /// Lists `limit` tasks that a filter lets through.
    ///
    /// # Errors
    /// [`TaskError::Outdated`], or the database's.
    pub async fn list_tasks(
        &self,
        caller: &Caller,
        filter: &Filter,
        order: Order,
        limit: i64,
    ) -> Result<Vec<TaskSummary>, TaskError> {
        let mut connection = self.db.read().await?;
        people::check(&mut connection, caller).await?;
        let rows = task_list::page(&mut connection, caller.workspace, filter, order, limit).await?;
        Ok(rows.into_iter().map(TaskSummary::from).collect())
    }
}
