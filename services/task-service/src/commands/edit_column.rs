//! Renaming a column, or giving it another status.

use auth_token::Caller;
use futures::FutureExt as _;
use policy::Operation;
use postgres::Connection;
use serde_json::json;
use uuid::Uuid;

use super::By;
use crate::app::App;
use crate::domain::words::Status;
use crate::error::{Current, TaskError};
use crate::events;
use crate::store::rows::ColumnRow;
use crate::store::{boards, columns, people};
use crate::views::BoardColumn;

/// What somebody wants to change about a column.
type ColumnEdit = (Option<String>, Option<Status>);

impl App {
    /// Renames a column, or gives it another status; its tasks have that status from then on.
    ///
    /// # Errors
    /// Refusals of [`TaskError`], or the database's.
    pub async fn edit_column(
        &self,
        by: By,
        id: Uuid,
        seen: i64,
        edit: ColumnEdit,
    ) -> Result<BoardColumn, TaskError> {
        by.require(Operation::ColumnEdit)?;
        let By { caller, key } = by;
        self.write_once(key, move |connection| {
            async move { change(connection, &caller, (id, seen), edit).await }.boxed()
        })
        .await
    }
}

async fn change(
    connection: &mut Connection,
    caller: &Caller,
    (id, seen): (Uuid, i64),
    (name, status): ColumnEdit,
) -> Result<BoardColumn, TaskError> {
    people::check(connection, caller).await?;
    let board = boards::lock_of_column(connection, caller.workspace, id)
        .await?
        .ok_or(TaskError::NotFound)?;
    let before = columns::lock(connection, id).await?.ok_or(TaskError::NotFound)?;
    let name = name.filter(|name| *name != before.name);
    let status = status.filter(|status| status.as_str() != before.status);
    let colliding = collisions(&before, seen, name.is_some(), status.is_some());
    if !colliding.is_empty() {
        return Err(TaskError::stale(Current::Column(before.into()), colliding));
    }
    if name.is_none() && status.is_none() {
        return Ok(before.into());
    }
    let after = columns::edit(connection, id, name.as_deref(), status)
        .await?
        .ok_or(TaskError::Contended)?;
    let event = events::column(caller, &after, &board.name, "edited");
    let event = events::field(event, "name", json!(before.name), json!(after.name));
    let event = events::field(event, "status", json!(before.status), json!(after.status));
    events::publish(connection, vec![event]).await?;
    Ok(after.into())
}

fn collisions(row: &ColumnRow, seen: i64, name: bool, status: bool) -> Vec<&'static str> {
    [(name, "name", row.name_v), (status, "status", row.status_v)]
        .into_iter()
        .filter(|(is_set, _, version)| *is_set && (*version > seen || seen > row.version))
        .map(|(_, field, _)| field)
        .collect()
}
