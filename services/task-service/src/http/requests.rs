//! The bodies of requests. Unknown fields are refused, and every rule names its field.

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use web_kit::patch;
use web_kit::text::{line, multiline_bytes};

use super::rules::{are_labels, instant, is_deadline, is_zone, needs_deadline, not_blank, only_one, tidied};
use crate::commands::{BoardDraft, ColumnDraft};
use crate::domain::edit::{Content, TaskEdit};
use crate::domain::search::composed;
use crate::domain::words::{Priority, Status};
use crate::domain::{BOARD_NAME_CHARS, COLUMN_NAME_CHARS, COMMENT_BYTES, DESCRIPTION_BYTES, TITLE_CHARS};

/// A new board.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateBoard {
    /// 1 to 100 characters.
    #[garde(custom(line(1, BOARD_NAME_CHARS)))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// From left to right; without any there is one of each status.
    #[serde(default)]
    #[garde(length(max = 50), dive)]
    #[schema(max_items = 50, required = false)]
    pub columns: Option<Vec<FirstColumn>>,
}

/// A column of a new board.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FirstColumn {
    /// 1 to 100 characters.
    #[garde(custom(line(1, COLUMN_NAME_CHARS)))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What it means.
    #[garde(skip)]
    pub status: Status,
}

/// A change of a board.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditBoard {
    /// 1 to 100 characters.
    #[serde(default, deserialize_with = "patch::given")]
    #[garde(custom(line(1, BOARD_NAME_CHARS)))]
    #[schema(min_length = 1, max_length = 100, required = false, nullable = false)]
    pub name: Option<String>,
}

/// A new column. Without `before` and `after` it goes to the right of all others.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateColumn {
    /// 1 to 100 characters.
    #[garde(custom(line(1, COLUMN_NAME_CHARS)))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What it means.
    #[garde(skip)]
    pub status: Status,
    /// The column to whose left it goes.
    #[garde(skip)]
    pub before: Option<Uuid>,
    /// The column to whose right it goes.
    #[garde(custom(only_one(&self.before)))]
    pub after: Option<Uuid>,
}

/// A change of a column.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditColumn {
    /// 1 to 100 characters.
    #[serde(default, deserialize_with = "patch::given")]
    #[garde(custom(line(1, COLUMN_NAME_CHARS)))]
    #[schema(min_length = 1, max_length = 100, required = false, nullable = false)]
    pub name: Option<String>,
    /// What it means.
    #[serde(default, deserialize_with = "patch::given")]
    #[garde(skip)]
    #[schema(required = false, nullable = false)]
    pub status: Option<Status>,
}

/// Where a column goes. Without `before` and `after` it goes to the right of all others.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MoveColumn {
    /// The column to whose left it goes.
    #[garde(skip)]
    pub before: Option<Uuid>,
    /// The column to whose right it goes.
    #[garde(custom(only_one(&self.before)))]
    pub after: Option<Uuid>,
}

/// A new task; it goes to the end of its column.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateTask {
    /// 1 to 200 characters.
    #[garde(custom(line(1, TITLE_CHARS)))]
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// A column of the board.
    #[garde(skip)]
    pub column_id: Uuid,
    /// Markdown, up to 64 KiB.
    #[garde(custom(multiline_bytes(DESCRIPTION_BYTES)))]
    pub description: Option<String>,
    /// The person in charge.
    #[garde(skip)]
    pub pic_id: Option<Uuid>,
    /// RFC 3339, in the years 2000 to 2999; fractions of a second are dropped.
    #[garde(custom(is_deadline))]
    #[schema(format = DateTime)]
    pub deadline: Option<String>,
    /// An IANA name, such as Asia/Seoul; needs a deadline.
    #[garde(custom(is_zone), custom(needs_deadline(&self.deadline)))]
    pub deadline_zone: Option<String>,
    /// How much it presses.
    #[garde(skip)]
    pub priority: Option<Priority>,
    /// At most 20 labels of 1 to 50 characters.
    #[garde(custom(are_labels))]
    #[schema(max_items = 20)]
    pub labels: Option<Vec<String>>,
}

/// A change of a task: what is left out stays, null clears.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditTask {
    /// 1 to 200 characters.
    #[serde(default, deserialize_with = "patch::given")]
    #[garde(custom(line(1, TITLE_CHARS)))]
    #[schema(min_length = 1, max_length = 200, required = false, nullable = false)]
    pub title: Option<String>,
    /// Markdown, up to 64 KiB.
    #[serde(default, deserialize_with = "patch::given")]
    #[garde(custom(multiline_bytes(DESCRIPTION_BYTES)))]
    #[schema(required = false, nullable = false)]
    pub description: Option<String>,
    /// The person in charge, or null.
    #[serde(default, deserialize_with = "patch::clearable")]
    #[garde(skip)]
    #[schema(value_type = Option<Uuid>, required = false)]
    pub pic_id: Option<Option<Uuid>>,
    /// RFC 3339, in the years 2000 to 2999, or null, which clears the zone too.
    #[serde(default, deserialize_with = "patch::clearable")]
    #[garde(custom(is_deadline))]
    #[schema(value_type = Option<String>, format = DateTime, required = false)]
    pub deadline: Option<Option<String>>,
    /// An IANA name, or null; needs a deadline.
    #[serde(default, deserialize_with = "patch::clearable")]
    #[garde(custom(is_zone))]
    #[schema(value_type = Option<String>, required = false)]
    pub deadline_zone: Option<Option<String>>,
    /// How much it presses.
    #[serde(default, deserialize_with = "patch::given")]
    #[garde(skip)]
    #[schema(required = false, nullable = false)]
    pub priority: Option<Priority>,
    /// All labels anew.
    #[serde(default, deserialize_with = "patch::given")]
    #[garde(custom(are_labels))]
    #[schema(max_items = 20, required = false, nullable = false)]
    pub labels: Option<Vec<String>>,
}

/// Where a task goes. Without `before` and `after` it goes to the end of the column.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MoveTask {
    /// A column of the task's board.
    #[garde(skip)]
    pub column_id: Uuid,
    /// The task before which it goes.
    #[garde(skip)]
    pub before: Option<Uuid>,
    /// The task after which it goes.
    #[garde(custom(only_one(&self.before)))]
    pub after: Option<Uuid>,
}

/// A new comment.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateComment {
    /// Markdown, up to 16 KiB.
    #[garde(custom(not_blank), custom(multiline_bytes(COMMENT_BYTES)))]
    #[schema(min_length = 1)]
    pub body: String,
}

impl From<CreateBoard> for BoardDraft {
    fn from(body: CreateBoard) -> Self {
        let columns = body
            .columns
            .map(|columns| columns.into_iter().map(ColumnDraft::from).collect());
        Self {
            name: composed(&body.name),
            columns,
        }
    }
}

impl From<FirstColumn> for ColumnDraft {
    fn from(body: FirstColumn) -> Self {
        Self {
            name: composed(&body.name),
            status: body.status,
        }
    }
}

impl From<CreateTask> for Content {
    fn from(body: CreateTask) -> Self {
        Self {
            title: composed(&body.title),
            description: composed(body.description.as_deref().unwrap_or_default()),
            pic: body.pic_id,
            deadline: instant(body.deadline.as_ref()),
            deadline_zone: body.deadline_zone,
            priority: body.priority.unwrap_or_default(),
            labels: tidied(body.labels.as_deref().unwrap_or_default()),
        }
    }
}

impl From<EditTask> for TaskEdit {
    fn from(body: EditTask) -> Self {
        Self {
            title: body.title.as_deref().map(composed),
            description: body.description.as_deref().map(composed),
            pic: body.pic_id,
            deadline: body.deadline.as_ref().map(|deadline| instant(deadline.as_ref())),
            deadline_zone: body.deadline_zone,
            priority: body.priority,
            labels: body.labels.as_deref().map(tidied),
        }
    }
}
