//! The comments on a task.

use auth_token::Caller;
use uuid::Uuid;

use crate::app::App;
use crate::error::TaskError;
use crate::store::{comments, people, tasks};
use crate::views::Comment;

impl App {
    /// Lists `limit` comments on a task after one of them, the oldest first.
    ///
    /// # Errors
    /// [`TaskError::NotFound`], [`TaskError::Outdated`], or the database's.
    pub async fn list_comments(
        &self,
        caller: &Caller,
        task: Uuid,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Comment>, TaskError> {
        let mut connection = self.db.read().await?;
        people::check(&mut connection, caller).await?;
        tasks::whereabouts(&mut connection, caller.workspace, task).await?;
        let rows = comments::page(&mut connection, task, after, limit).await?;
        Ok(rows.into_iter().map(Comment::from).collect())
    }
}
