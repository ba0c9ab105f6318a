//! Saying why a task was not written. The statement that writes decides; this looks at the same locked row again
//! and finds the reason, the gravest first.

use auth_token::Caller;
use policy::{Operation, Ownership};
use postgres::Connection;
use uuid::Uuid;

use crate::domain::edit::{Permission, TaskEdit, forbidden};
use crate::error::TaskError;
use crate::store::people;
use crate::store::tasks::{self, Standing};

/// What was tried.
pub(super) enum Attempt<'a> {
    Edit(&'a TaskEdit),
    Move,
    Delete,
    Restore,
}

/// The reason why an attempt was refused; `otherwise` when nothing about the task forbids it.
pub(super) async fn refusal(
    connection: &mut Connection,
    caller: &Caller,
    (id, seen): (Uuid, i64),
    attempt: &Attempt<'_>,
    otherwise: TaskError,
) -> TaskError {
    match find(connection, caller, (id, seen), attempt).await {
        Ok(()) => otherwise,
        Err(reason) => reason,
    }
}

async fn find(
    connection: &mut Connection,
    caller: &Caller,
    (id, seen): (Uuid, i64),
    attempt: &Attempt<'_>,
) -> Result<(), TaskError> {
    let standing = tasks::standing(connection, caller, id).await?;
    check_permission(&standing, caller, attempt)?;
    check_versions(standing, seen, attempt)?;
    if let Attempt::Edit(TaskEdit {
        pic: Some(Some(pic)), ..
    }) = attempt
    {
        people::check_pic(connection, caller, *pic).await?;
    }
    Ok(())
}

fn check_permission(standing: &Standing, caller: &Caller, attempt: &Attempt<'_>) -> Result<(), TaskError> {
    let pic = standing.task.head.pic_id;
    let operation = match attempt {
        Attempt::Edit(edit) => {
            let ownership = if pic == Some(caller.person) {
                Ownership::Own
            } else {
                Ownership::Other
            };
            let fields = forbidden(&edit.fields(), caller.role, ownership);
            return if fields.is_empty() {
                Ok(())
            } else {
                Err(TaskError::Forbidden(fields))
            };
        }
        Attempt::Move => Operation::TaskMove,
        Attempt::Delete => Operation::TaskDelete,
        Attempt::Restore => Operation::TaskRestore,
    };
    if Permission::of(caller.role, &[operation]).covers(pic, caller.person) {
        Ok(())
    } else {
        Err(TaskError::Forbidden(Vec::new()))
    }
}

fn check_versions(standing: Standing, seen: i64, attempt: &Attempt<'_>) -> Result<(), TaskError> {
    let versions = standing.versions();
    let head = &standing.task.head;
    let deleted = head.deleted_at.is_some();
    if seen > head.version {
        // Nobody can have seen that version: nothing is known to be unchanged.
        return Err(standing.stale(versions.after(0)));
    }
    if deleted != matches!(attempt, Attempt::Restore) {
        return Err(match versions.deleted > seen {
            true => standing.stale(vec!["deleted_at"]),
            false if deleted => TaskError::Conflict("the task is in the trash"),
            false => TaskError::Conflict("the task is not in the trash"),
        });
    }
    let content = standing.content();
    let fields = match attempt {
        Attempt::Edit(edit) => edit.collisions(&content, &versions, seen),
        Attempt::Move if versions.moved > seen => vec!["column_id"],
        Attempt::Restore if versions.deleted > seen => vec!["deleted_at"],
        Attempt::Delete => versions.after(seen),
        Attempt::Move | Attempt::Restore => Vec::new(),
    };
    if !fields.is_empty() {
        return Err(standing.stale(fields));
    }
    match attempt {
        Attempt::Edit(edit) if edit.leaves_zone_alone(&content) => {
            Err(TaskError::invalid("deadline_zone", "needs a deadline"))
        }
        _ => Ok(()),
    }
}
