//! Moving a task within its column or to another one of its board.

use auth_token::Caller;
use futures::FutureExt as _;
use postgres::Connection;
use uuid::Uuid;

use super::refusal::{Attempt, refusal};
use super::{By, placing};
use crate::app::App;
use crate::domain::place::Target;
use crate::error::TaskError;
use crate::events::{self, Seat};
use crate::store::move_task::{self, Destination};
use crate::store::places::{self, Locked};
use crate::store::tasks;
use crate::views::Task;

/// Where somebody wants a task to go.
#[derive(Debug, Clone, Copy)]
pub struct Move {
    /// The column.
    pub column: Uuid,
    /// The place in it.
    pub target: Target,
}

impl App {
    /// Moves a task, and with it sets its status.
    ///
    /// # Errors
    /// Refusals of [`TaskError`], or the database's.
    pub async fn move_task(&self, by: By, id: Uuid, seen: i64, to: Move) -> Result<Task, TaskError> {
        let By { caller, key } = by;
        self.write_once(key, move |connection| {
            async move { relocate(connection, &caller, (id, seen), to).await }.boxed()
        })
        .await
    }
}

async fn relocate(
    connection: &mut Connection,
    caller: &Caller,
    (id, seen): (Uuid, i64),
    to: Move,
) -> Result<Task, TaskError> {
    let from = tasks::whereabouts(connection, caller.workspace, id).await?;
    let locked = places::lock(connection, from.board_id, [from.column_id, to.column]).await?;
    let find = |id: Uuid| locked.iter().find(|column| column.id == id);
    let Some(column) = find(to.column).filter(|column| column.live) else {
        let wrong = TaskError::invalid("column_id", "must be a column of the task's board");
        return Err(refusal(connection, caller, (id, seen), &Attempt::Move, wrong).await);
    };
    let Some(gap) = places::gap(connection, to.column, id, to.target).await? else {
        let wrong = TaskError::invalid(to.target.field(), "must be another task of that column");
        return Err(refusal(connection, caller, (id, seen), &Attempt::Move, wrong).await);
    };
    let place = placing::between(connection, to.column, id, &gap).await?;
    let destination = Destination {
        from: from.column_id,
        column: to.column,
        rank: &place.rank,
    };
    let Some(moved) = move_task::move_to(connection, caller, id, seen, destination).await? else {
        return Err(refusal(
            connection,
            caller,
            (id, seen),
            &Attempt::Move,
            TaskError::Contended,
        )
        .await);
    };
    if from.column_id != to.column {
        places::count(connection, from.column_id, -1).await?;
        places::count(connection, to.column, 1).await?;
    }
    let mut changes = Vec::new();
    if moved.task.head.version > moved.old_version {
        let change = events::task(caller, &moved.task, &moved.board_name, "moved");
        let seats = (find(moved.old_column_id).map(seat), seat(column));
        changes.push(events::moved(change, seats.0.as_ref(), &seats.1));
    }
    changes.extend(
        place
            .others
            .iter()
            .map(|other| events::task(caller, other, &moved.board_name, "moved")),
    );
    events::publish(connection, changes).await?;
    Ok(moved.task.into())
}

fn seat(column: &Locked) -> Seat<'_> {
    Seat {
        id: column.id,
        name: &column.name,
        status: &column.status,
    }
}
