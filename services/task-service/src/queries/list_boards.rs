//! The boards of a workspace.

use auth_token::Caller;
use uuid::Uuid;

use crate::app::App;
use crate::error::TaskError;
use crate::store::{boards, people};
use crate::views::Board;

impl App {
    /// Lists `limit` boards after one of them, in the order of their creation: live ones, or those in the trash.
    ///
    /// # Errors
    /// [`TaskError::Outdated`], or the database's.
    pub async fn list_boards(
        &self,
        caller: &Caller,
        deleted: bool,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Board>, TaskError> {
        let mut connection = self.db.read().await?;
        people::check(&mut connection, caller).await?;
        let rows = boards::page(&mut connection, caller.workspace, deleted, after, limit).await?;
        Ok(rows.into_iter().map(Board::from).collect())
    }
}
