//! Taking an empty column off its board.

use auth_token::Caller;
use futures::FutureExt as _;
use policy::Operation;
use postgres::Connection;
use uuid::Uuid;

use super::By;
use crate::app::App;
use crate::error::{Current, TaskError};
use crate::events;
use crate::store::{boards, columns, people};

impl App {
    /// Takes an empty column off its board. Tasks in the trash do not count; restored, they go elsewhere.
    ///
    /// # Errors
    /// Refusals of [`TaskError`], or the database's.
    pub async fn delete_column(&self, by: By, id: Uuid, seen: i64) -> Result<(), TaskError> {
        by.require(Operation::ColumnEdit)?;
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
) -> Result<(), TaskError> {
    people::check(connection, caller).await?;
    let board = boards::lock_of_column(connection, caller.workspace, id)
        .await?
        .ok_or(TaskError::NotFound)?;
    let column = columns::lock(connection, id).await?.ok_or(TaskError::NotFound)?;
    let fields: Vec<&'static str> = [
        ("name", column.name_v),
        ("status", column.status_v),
        ("rank", column.moved_v),
    ]
    .into_iter()
    .filter(|(_, version)| *version > seen || seen > column.version)
    .map(|(name, _)| name)
    .collect();
    if !fields.is_empty() {
        return Err(TaskError::stale(Current::Column(column.into()), fields));
    }
    if column.tasks > 0 {
        return Err(TaskError::Conflict("the column is not empty"));
    }
    let deleted = columns::delete(connection, id)
        .await?
        .ok_or(TaskError::Contended)?;
    events::publish(
        connection,
        vec![events::column(caller, &deleted, &board.name, "deleted")],
    )
    .await?;
    Ok(())
}
