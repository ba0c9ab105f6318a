//! What this service keeps of the caller, to take along.

use auth_token::Caller;
use uuid::Uuid;

use crate::app::App;
use crate::error::TaskError;
use crate::store::export::{self, List};
use crate::store::people;

impl App {
    /// A page of a list after a row, with the keys of its rows. Every page looks whether the token still counts.
    ///
    /// # Errors
    /// [`TaskError::Outdated`], or the database's.
    pub async fn export_me(
        &self,
        caller: &Caller,
        list: List,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<(Uuid, String)>, TaskError> {
        let mut connection = self.db.read().await?;
        people::check(&mut connection, caller).await?;
        Ok(export::page(&mut connection, caller, list, after, limit).await?)
    }
}
