//! Reading and creating tasks, and saying why a write was refused.

use auth_token::Caller;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::people::outdated;
use super::rows::{SummaryRow, TaskRow, summary_columns, task_columns};
use crate::domain::edit::{Content, FieldVersions};
use crate::domain::search::grams;
use crate::domain::words::{Priority, Status};
use crate::error::{Current, TaskError};
use postgres::statement;

/// A task with all that decides whether it may be written.
#[derive(Debug, QueryableByName)]
pub struct Standing {
    #[diesel(embed)]
    pub(crate) task: TaskRow,
    #[diesel(sql_type = BigInt)]
    title_v: i64,
    #[diesel(sql_type = BigInt)]
    description_v: i64,
    #[diesel(sql_type = BigInt)]
    pic_v: i64,
    #[diesel(sql_type = BigInt)]
    deadline_v: i64,
    #[diesel(sql_type = BigInt)]
    deadline_zone_v: i64,
    #[diesel(sql_type = BigInt)]
    priority_v: i64,
    #[diesel(sql_type = BigInt)]
    labels_v: i64,
    #[diesel(sql_type = BigInt)]
    moved_v: i64,
    #[diesel(sql_type = BigInt)]
    deleted_v: i64,
    #[diesel(sql_type = Bool)]
    outdated: bool,
}

impl Standing {
    /// At which version each field was last changed.
    #[must_use]
    pub fn versions(&self) -> FieldVersions {
        FieldVersions {
            title: self.title_v,
            description: self.description_v,
            pic: self.pic_v,
            deadline: self.deadline_v,
            deadline_zone: self.deadline_zone_v,
            priority: self.priority_v,
            labels: self.labels_v,
            moved: self.moved_v,
            deleted: self.deleted_v,
        }
    }

    /// The fields an edit can set, as they are.
    #[must_use]
    pub fn content(&self) -> Content {
        let head = &self.task.head;
        Content {
            title: head.title.clone(),
            description: self.task.description.clone(),
            pic: head.pic_id,
            deadline: head.deadline,
            deadline_zone: head.deadline_zone.clone(),
            priority: Priority::parse(&head.priority).unwrap_or_default(),
            labels: head.labels.clone(),
        }
    }

    /// The refusal of a writer who had not seen these changes.
    #[must_use]
    pub fn stale(self, fields: Vec<&'static str>) -> TaskError {
        TaskError::stale(Current::Task(self.task.into()), fields)
    }
}

/// Looks at a task after a refused write, in the same transaction, to say why it was refused.
///
/// # Errors
/// [`TaskError::NotFound`] and [`TaskError::Outdated`], or the database's.
pub async fn standing(connection: &mut Connection, caller: &Caller, id: Uuid) -> Result<Standing, TaskError> {
    let row: Option<Standing> = statement(concat!(
        "WITH ask AS (SELECT ? AS id, ? AS workspace, ? AS caller, ? AS epoch) SELECT ",
        task_columns!(),
        ", t.title_v, t.description_v, t.pic_v, t.deadline_v, t.deadline_zone_v, t.priority_v, t.labels_v, \
         t.moved_v, t.deleted_v, ",
        outdated!(),
        " AS outdated FROM ask JOIN task t ON t.id = ask.id AND t.workspace_id = ask.workspace \
         JOIN board b ON b.id = t.board_id AND b.deleted_at IS NULL JOIN board_column c ON c.id = t.column_id"
    ))
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(caller.workspace)
    .bind::<SqlUuid, _>(caller.person)
    .bind::<BigInt, _>(caller.epoch)
    .first_row(connection)
    .await?;
    let standing = row.ok_or(TaskError::NotFound)?;
    if standing.outdated {
        Err(TaskError::Outdated)
    } else {
        Ok(standing)
    }
}

/// A task of the workspace, in the trash or not, unless its whole board is in the trash.
///
/// # Errors
/// The database's.
pub async fn find(
    connection: &mut Connection,
    workspace: Uuid,
    id: Uuid,
) -> Result<Option<TaskRow>, DbError> {
    statement(concat!(
        "SELECT ",
        task_columns!(),
        " FROM task t JOIN board b ON b.id = t.board_id AND b.deleted_at IS NULL \
         JOIN board_column c ON c.id = t.column_id WHERE t.id = ? AND t.workspace_id = ?"
    ))
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(workspace)
    .first_row(connection)
    .await
}

/// Where a task is, before any lock is taken.
#[derive(Debug, QueryableByName)]
pub struct Whereabouts {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) board_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(crate) column_id: Uuid,
}

/// Where a task is, before any lock is taken.
///
/// # Errors
/// [`TaskError::NotFound`], or the database's.
pub async fn whereabouts(
    connection: &mut Connection,
    workspace: Uuid,
    id: Uuid,
) -> Result<Whereabouts, TaskError> {
    statement(
        "SELECT t.board_id, t.column_id FROM task t JOIN board b ON b.id = t.board_id AND b.deleted_at IS NULL \
         WHERE t.id = ? AND t.workspace_id = ?",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(workspace)
    .first_row(connection)
    .await?
    .ok_or(TaskError::NotFound)
}

/// The place a new task takes, in a column whose row is locked.
pub struct NewPlace {
    /// The board.
    pub board: Uuid,
    /// The column.
    pub column: Uuid,
    /// The column's status.
    pub status: Status,
    /// The rank in it.
    pub rank: String,
}

/// Writes a new task at version 1.
///
/// # Errors
/// The database's.
pub async fn insert(
    connection: &mut Connection,
    caller: &Caller,
    place: NewPlace,
    content: Content,
) -> Result<TaskRow, DbError> {
    let row = new_row(caller, place, content);
    let head = &row.head;
    statement(
        "INSERT INTO task (id, workspace_id, board_id, column_id, rank, title, description, pic_id, deadline, \
         deadline_zone, priority, labels, title_grams, description_grams, created_by, created_at, updated_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind::<SqlUuid, _>(head.id)
    .bind::<SqlUuid, _>(head.workspace_id)
    .bind::<SqlUuid, _>(head.board_id)
    .bind::<SqlUuid, _>(head.column_id)
    .bind::<Text, _>(&head.rank)
    .bind::<Text, _>(&head.title)
    .bind::<Text, _>(&row.description)
    .bind::<Nullable<SqlUuid>, _>(head.pic_id)
    .bind::<Nullable<Timestamptz>, _>(head.deadline)
    .bind::<Nullable<Text>, _>(&head.deadline_zone)
    .bind::<Text, _>(&head.priority)
    .bind::<Array<Text>, _>(&head.labels)
    .bind::<Array<Text>, _>(grams(&head.title))
    .bind::<Array<Text>, _>(grams(&row.description))
    .bind::<SqlUuid, _>(head.created_by)
    .bind::<Timestamptz, _>(head.created_at)
    .bind::<Timestamptz, _>(head.updated_at)
    .run(connection)
    .await?;
    Ok(row)
}

fn new_row(caller: &Caller, place: NewPlace, content: Content) -> TaskRow {
    let now = now();
    TaskRow {
        head: SummaryRow {
            id: Uuid::now_v7(),
            workspace_id: caller.workspace,
            board_id: place.board,
            column_id: place.column,
            status: place.status.as_str().to_owned(),
            rank: place.rank,
            title: content.title,
            pic_id: content.pic,
            deadline: content.deadline,
            deadline_zone: content.deadline_zone,
            priority: content.priority.as_str().to_owned(),
            labels: content.labels,
            comments: 0,
            version: 1,
            created_by: caller.person,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        },
        description: content.description,
    }
}

/// The present moment in microseconds, which is what the database keeps.
fn now() -> DateTime<Utc> {
    chrono::SubsecRound::trunc_subsecs(Utc::now(), 6)
}

/// The present state of some live tasks, for the feed; those in the trash are left out.
///
/// # Errors
/// The database's.
pub async fn live(connection: &mut Connection, ids: &[Uuid]) -> Result<Vec<(SummaryRow, bool)>, DbError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(embed)]
        head: SummaryRow,
        #[diesel(sql_type = Bool)]
        has_description: bool,
    }
    let rows: Vec<Row> = statement(concat!(
        "SELECT ",
        summary_columns!(),
        ", t.description <> '' AS has_description FROM task t JOIN board_column c ON c.id = t.column_id \
         WHERE t.id = ANY (?) AND t.deleted_at IS NULL"
    ))
    .bind::<Array<SqlUuid>, _>(ids)
    .all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.head, row.has_description))
        .collect())
}
