//! Editing the fields of a task.

use auth_token::Caller;
use contracts::Change;
use futures::FutureExt as _;
use postgres::Connection;
use serde_json::json;
use uuid::Uuid;

use super::By;
use super::refusal::{Attempt, refusal};
use crate::app::App;
use crate::domain::edit::TaskEdit;
use crate::error::TaskError;
use crate::events;
use crate::store::edit_task::{self, Edited};
use crate::views::Task;

impl App {
    /// Edits a task. Fields that nobody else changed since the version seen are merged in.
    ///
    /// # Errors
    /// Refusals of [`TaskError`], or the database's.
    pub async fn edit_task(&self, by: By, id: Uuid, seen: i64, edit: TaskEdit) -> Result<Task, TaskError> {
        let By { caller, key } = by;
        let edit = edit.tidy();
        self.write_once(key, move |connection| {
            async move { change(connection, &caller, (id, seen), &edit).await }.boxed()
        })
        .await
    }
}

async fn change(
    connection: &mut Connection,
    caller: &Caller,
    (id, seen): (Uuid, i64),
    edit: &TaskEdit,
) -> Result<Task, TaskError> {
    let Some(edited) = edit_task::edit(connection, caller, id, seen, edit).await? else {
        return Err(refusal(
            connection,
            caller,
            (id, seen),
            &Attempt::Edit(edit),
            TaskError::Contended,
        )
        .await);
    };
    if edited.task.head.version > edited.old_version {
        events::publish(connection, vec![event(caller, &edited)]).await?;
    }
    Ok(edited.task.into())
}

fn event(caller: &Caller, edited: &Edited) -> Change {
    let (row, head) = (&edited.task, &edited.task.head);
    let change = events::task(caller, row, &edited.board_name, "edited");
    let fields = [
        ("title", json!(edited.old_title), json!(head.title)),
        (
            "description",
            json!(edited.old_description),
            json!(row.description),
        ),
        ("pic_id", json!(edited.old_pic_id), json!(head.pic_id)),
        ("deadline", json!(edited.old_deadline), json!(head.deadline)),
        (
            "deadline_zone",
            json!(edited.old_deadline_zone),
            json!(head.deadline_zone),
        ),
        ("priority", json!(edited.old_priority), json!(head.priority)),
        ("labels", json!(edited.old_labels), json!(head.labels)),
    ];
    fields.into_iter().fold(change, |change, (name, before, after)| {
        events::field(change, name, before, after)
    })
}
