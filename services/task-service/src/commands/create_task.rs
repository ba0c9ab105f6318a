//! Creating a task at the end of a column.

use auth_token::Caller;
use contracts::Change;
use futures::FutureExt as _;
use policy::Operation;
use postgres::Connection;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{By, placing};
use crate::app::App;
use crate::domain::TASKS_PER_BOARD;
use crate::domain::edit::Content;
use crate::domain::words::{Priority, Status};
use crate::error::TaskError;
use crate::events::{self, Seat};
use crate::store::rows::TaskRow;
use crate::store::tasks::{self, NewPlace};
use crate::store::{boards, people, places};
use crate::views::Task;

/// A task that somebody wants to create.
#[derive(Debug, Clone)]
pub struct TaskDraft {
    /// The board.
    pub board: Uuid,
    /// The column at whose end it goes.
    pub column: Uuid,
    /// What it says.
    pub content: Content,
}

impl App {
    /// Creates a task at the end of a column.
    ///
    /// # Errors
    /// Refusals of [`TaskError`], or the database's.
    pub async fn create_task(&self, by: By, draft: TaskDraft) -> Result<Task, TaskError> {
        by.require(Operation::TaskCreate)?;
        let By { caller, key } = by;
        self.write_once(key, move |connection| {
            async move { create(connection, &caller, draft).await }.boxed()
        })
        .await
    }
}

async fn create(connection: &mut Connection, caller: &Caller, draft: TaskDraft) -> Result<Task, TaskError> {
    let TaskDraft {
        board,
        column,
        content,
    } = draft;
    let Some(opened) = places::open(connection, caller, board, column).await? else {
        return Err(no_column(connection, caller, board).await);
    };
    if opened.outdated {
        return Err(TaskError::Outdated);
    }
    check_room(opened.on_board)?;
    if let Some(pic) = content.pic {
        people::check_pic(connection, caller, pic).await?;
    }
    let place = placing::at_end(connection, column, Uuid::nil()).await?;
    let status = Status::parse(&opened.status).unwrap_or(Status::Todo);
    let place_taken = NewPlace {
        board,
        column,
        status,
        rank: place.rank,
    };
    let row = tasks::insert(connection, caller, place_taken, content).await?;
    let seat = Seat {
        id: opened.id,
        name: &opened.name,
        status: &opened.status,
    };
    let mut changes = vec![created(caller, &row, &opened.board_name, &seat)];
    changes.extend(
        place
            .others
            .iter()
            .map(|other| events::task(caller, other, &opened.board_name, "moved")),
    );
    events::publish(connection, changes).await?;
    Ok(row.into())
}

/// Refuses one more task on a full board.
pub(super) fn check_room(on_board: i64) -> Result<(), TaskError> {
    if on_board < TASKS_PER_BOARD {
        Ok(())
    } else {
        Err(TaskError::Conflict(
            "the board holds 10,000 tasks, which is all it can",
        ))
    }
}

async fn no_column(connection: &mut Connection, caller: &Caller, board: Uuid) -> TaskError {
    let found = match people::check(connection, caller).await {
        Ok(()) => boards::find(connection, caller.workspace, board)
            .await
            .map_err(TaskError::from),
        Err(error) => Err(error),
    };
    match found {
        Ok(Some(board)) if board.deleted_at.is_none() => {
            TaskError::invalid("column_id", "must be a column of this board")
        }
        Ok(_) => TaskError::NotFound,
        Err(error) => error,
    }
}

fn created(caller: &Caller, row: &TaskRow, board_name: &str, seat: &Seat<'_>) -> Change {
    let head = &row.head;
    let change = events::task(caller, row, board_name, "created");
    let change = change.field("title", Value::Null, json!(head.title));
    let change = events::moved(change, None, seat);
    let set = [
        ("description", json!(row.description), row.description.is_empty()),
        ("pic_id", json!(head.pic_id), head.pic_id.is_none()),
        ("deadline", json!(head.deadline), head.deadline.is_none()),
        (
            "deadline_zone",
            json!(head.deadline_zone),
            head.deadline_zone.is_none(),
        ),
        (
            "priority",
            json!(head.priority),
            head.priority == Priority::None.as_str(),
        ),
        ("labels", json!(head.labels), head.labels.is_empty()),
    ];
    set.into_iter()
        .filter(|(_, _, empty)| !empty)
        .fold(change, |change, (name, value, _)| {
            change.field(name, Value::Null, value)
        })
}
