//! Taking a task out of the trash.

use auth_token::Caller;
use futures::FutureExt as _;
use postgres::Connection;
use uuid::Uuid;

use super::create_task::check_room;
use super::refusal::{Attempt, refusal};
use super::{By, placing};
use crate::app::App;
use crate::error::TaskError;
use crate::events::{self, Seat};
use crate::store::move_task::Destination;
use crate::store::{columns, places, tasks, trash};
use crate::views::Task;

impl App {
    /// Takes a task out of the trash, to the end of its column; when that is gone, of the first one of the same
    /// status, or else of the first of the board.
    ///
    /// # Errors
    /// Refusals of [`TaskError`], or the database's.
    pub async fn restore_task(&self, by: By, id: Uuid, seen: i64) -> Result<Task, TaskError> {
        let By { caller, key } = by;
        self.write_once(key, move |connection| {
            async move { restore(connection, &caller, (id, seen)).await }.boxed()
        })
        .await
    }
}

async fn restore(
    connection: &mut Connection,
    caller: &Caller,
    (id, seen): (Uuid, i64),
) -> Result<Task, TaskError> {
    let from = tasks::whereabouts(connection, caller.workspace, id).await?;
    let Some(column) = trash::way_back(connection, from.board_id, from.column_id).await? else {
        return Err(TaskError::Conflict(
            "the board has no column to restore the task to",
        ));
    };
    let Some(opened) = places::open(connection, caller, from.board_id, column).await? else {
        return Err(TaskError::Contended);
    };
    check_room(opened.on_board)?;
    let place = placing::at_end(connection, column, id).await?;
    let to = Destination {
        from: from.column_id,
        column,
        rank: &place.rank,
    };
    let Some(restored) = trash::restore(connection, caller, id, seen, to).await? else {
        return Err(refusal(
            connection,
            caller,
            (id, seen),
            &Attempt::Restore,
            TaskError::Contended,
        )
        .await);
    };
    let change = events::task(caller, &restored.task, &restored.board_name, "restored");
    let mut changes = vec![if restored.old_column_id == column {
        change
    } else {
        let old = columns::any(connection, restored.old_column_id).await?;
        let old = old.as_ref().map(|row| Seat {
            id: row.id,
            name: &row.name,
            status: &row.status,
        });
        let new = Seat {
            id: opened.id,
            name: &opened.name,
            status: &opened.status,
        };
        events::moved(change, old.as_ref(), &new)
    }];
    changes.extend(
        place
            .others
            .iter()
            .map(|other| events::task(caller, other, &restored.board_name, "moved")),
    );
    events::publish(connection, changes).await?;
    Ok(restored.task.into())
}
