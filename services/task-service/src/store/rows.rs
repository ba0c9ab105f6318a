//! Rows as they come from the database, and what they become for clients.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use crate::domain::words::{Priority, Status};
use crate::views::{Board, BoardColumn, Comment, Task, TaskSummary};

/// The select list of a [`SummaryRow`]: `t` is the task, `c` its column.
macro_rules! summary_columns {
    () => {
        "t.id, t.workspace_id, t.board_id, t.column_id, c.status, t.rank, t.title, t.pic_id, t.deadline, \
         t.deadline_zone, t.priority, t.labels, t.comments, t.version, t.created_by, t.created_at, \
         t.updated_at, t.deleted_at"
    };
}

/// The select list of a [`TaskRow`].
macro_rules! task_columns {
    () => {
        concat!($crate::store::rows::summary_columns!(), ", t.description")
    };
}

/// The select list of a [`BoardRow`].
macro_rules! board_columns {
    () => {
        "b.id, b.name, b.version, b.name_v, b.deleted_v, b.created_at, b.deleted_at"
    };
}

/// The select list of a [`ColumnRow`].
macro_rules! column_columns {
    () => {
        "c.id, c.board_id, c.name, c.status, c.rank, c.tasks, c.version, c.name_v, c.status_v, c.moved_v"
    };
}

pub(super) use {board_columns, column_columns, summary_columns, task_columns};

/// A task without its description.
#[derive(Debug, Clone, QueryableByName)]
pub struct SummaryRow {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(crate) workspace_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(crate) board_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(crate) column_id: Uuid,
    #[diesel(sql_type = Text)]
    pub(crate) status: String,
    #[diesel(sql_type = Text)]
    pub(crate) rank: String,
    #[diesel(sql_type = Text)]
    pub(crate) title: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(crate) pic_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(crate) deadline: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) deadline_zone: Option<String>,
    #[diesel(sql_type = Text)]
    pub(crate) priority: String,
    #[diesel(sql_type = Array<Text>)]
    pub(crate) labels: Vec<String>,
    #[diesel(sql_type = BigInt)]
    pub(crate) comments: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) version: i64,
    #[diesel(sql_type = SqlUuid)]
    pub(crate) created_by: Uuid,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) updated_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(crate) deleted_at: Option<DateTime<Utc>>,
}

/// A whole task.
#[derive(Debug, Clone, QueryableByName)]
pub struct TaskRow {
    #[diesel(embed)]
    pub(crate) head: SummaryRow,
    #[diesel(sql_type = Text)]
    pub(crate) description: String,
}

/// A board.
#[derive(Debug, Clone, QueryableByName)]
pub struct BoardRow {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: Uuid,
    #[diesel(sql_type = Text)]
    pub(crate) name: String,
    #[diesel(sql_type = BigInt)]
    pub(crate) version: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) name_v: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) deleted_v: i64,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(crate) deleted_at: Option<DateTime<Utc>>,
}

/// A column.
#[derive(Debug, Clone, QueryableByName)]
pub struct ColumnRow {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(crate) board_id: Uuid,
    #[diesel(sql_type = Text)]
    pub(crate) name: String,
    #[diesel(sql_type = Text)]
    pub(crate) status: String,
    #[diesel(sql_type = Text)]
    pub(crate) rank: String,
    #[diesel(sql_type = BigInt)]
    pub(crate) tasks: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) version: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) name_v: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) status_v: i64,
    #[diesel(sql_type = BigInt)]
    pub(crate) moved_v: i64,
}

/// A comment.
#[derive(Debug, Clone, QueryableByName)]
pub struct CommentRow {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(crate) task_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(crate) author_id: Uuid,
    #[diesel(sql_type = Text)]
    pub(crate) author_name: String,
    #[diesel(sql_type = Text)]
    pub(crate) body: String,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) created_at: DateTime<Utc>,
}

/// A single yes or no.
#[derive(Debug, QueryableByName)]
pub(super) struct Verdict {
    #[diesel(sql_type = Bool)]
    pub(super) verdict: bool,
}

impl From<SummaryRow> for TaskSummary {
    fn from(row: SummaryRow) -> Self {
        Self {
            id: row.id,
            board_id: row.board_id,
            column_id: row.column_id,
            // The table's checks admit no other words.
            status: Status::parse(&row.status).unwrap_or(Status::Todo),
            rank: row.rank,
            title: row.title,
            pic_id: row.pic_id,
            deadline: row.deadline,
            deadline_zone: row.deadline_zone,
            priority: Priority::parse(&row.priority).unwrap_or_default(),
            labels: row.labels,
            version: row.version,
            created_by: row.created_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
            deleted_at: row.deleted_at,
        }
    }
}

impl From<TaskRow> for Task {
    fn from(row: TaskRow) -> Self {
        let TaskSummary {
            id,
            board_id,
            column_id,
            status,
            rank,
            title,
            pic_id,
            deadline,
            deadline_zone,
            priority,
            labels,
            version,
            created_by,
            created_at,
            updated_at,
            deleted_at,
        } = row.head.into();
        Self {
            id,
            board_id,
            column_id,
            status,
            rank,
            title,
            description: row.description,
            pic_id,
            deadline,
            deadline_zone,
            priority,
            labels,
            version,
            created_by,
            created_at,
            updated_at,
            deleted_at,
        }
    }
}

impl From<BoardRow> for Board {
    fn from(row: BoardRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            version: row.version,
            created_at: row.created_at,
            deleted_at: row.deleted_at,
        }
    }
}

impl From<ColumnRow> for BoardColumn {
    fn from(row: ColumnRow) -> Self {
        Self {
            id: row.id,
            board_id: row.board_id,
            name: row.name,
            status: Status::parse(&row.status).unwrap_or(Status::Todo),
            rank: row.rank,
            version: row.version,
        }
    }
}

impl From<CommentRow> for Comment {
    fn from(row: CommentRow) -> Self {
        Self {
            id: row.id,
            task_id: row.task_id,
            author_id: row.author_id,
            author_name: row.author_name,
            body: row.body,
            created_at: row.created_at,
        }
    }
}
