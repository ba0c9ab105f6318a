//! What clients see: the shapes of the API's answers.

use chrono::{DateTime, Utc};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::domain::words::{Priority, Status};

/// A board in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Board {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Raised by every change of the board itself; also the ETag.
    pub version: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was put into the trash.
    #[schema(required = true)]
    pub deleted_at: Option<DateTime<Utc>>,
}

/// A column of a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BoardColumn {
    /// Its id.
    pub id: Uuid,
    /// The board it belongs to.
    pub board_id: Uuid,
    /// Its name.
    pub name: String,
    /// The status of the tasks in it.
    pub status: Status,
    /// Its place on the board: columns are ordered by comparing these texts byte by byte.
    pub rank: String,
    /// Raised by every change of the column itself; also the ETag.
    pub version: i64,
}

/// A whole task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Task {
    /// Its id.
    pub id: Uuid,
    /// The board it is on.
    pub board_id: Uuid,
    /// The column it is in.
    pub column_id: Uuid,
    /// The status of that column.
    pub status: Status,
    /// Its place in the column: tasks are ordered by comparing these texts byte by byte.
    pub rank: String,
    /// 1 to 200 characters.
    pub title: String,
    /// Markdown, up to 64 KiB.
    pub description: String,
    /// The person in charge; may have left the workspace since.
    #[schema(required = true)]
    pub pic_id: Option<Uuid>,
    /// Until when, in whole seconds.
    #[schema(required = true)]
    pub deadline: Option<DateTime<Utc>>,
    /// The time zone in which the deadline was meant, an IANA name.
    #[schema(required = true)]
    pub deadline_zone: Option<String>,
    /// How much it presses.
    pub priority: Priority,
    /// At most 20 labels of 50 characters.
    pub labels: Vec<String>,
    /// Raised by every change, comments included; also the ETag.
    pub version: i64,
    /// Who created it.
    pub created_by: Uuid,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was put into the trash.
    #[schema(required = true)]
    pub deleted_at: Option<DateTime<Utc>>,
}

/// A task in a list: everything but the description.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaskSummary {
    /// Its id.
    pub id: Uuid,
    /// The board it is on.
    pub board_id: Uuid,
    /// The column it is in.
    pub column_id: Uuid,
    /// The status of that column.
    pub status: Status,
    /// Its place in the column.
    pub rank: String,
    /// 1 to 200 characters.
    pub title: String,
    /// The person in charge.
    #[schema(required = true)]
    pub pic_id: Option<Uuid>,
    /// Until when.
    #[schema(required = true)]
    pub deadline: Option<DateTime<Utc>>,
    /// The time zone in which the deadline was meant.
    #[schema(required = true)]
    pub deadline_zone: Option<String>,
    /// How much it presses.
    pub priority: Priority,
    /// Its labels.
    pub labels: Vec<String>,
    /// Raised by every change.
    pub version: i64,
    /// Who created it.
    pub created_by: Uuid,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was put into the trash.
    #[schema(required = true)]
    pub deleted_at: Option<DateTime<Utc>>,
}

/// A task on a board, in at most 500 bytes of JSON: what does not fit is shortened and says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Card {
    /// The task's id.
    pub id: Uuid,
    /// The column it is in.
    pub column_id: Uuid,
    /// Its place in the column.
    pub rank: String,
    /// The title, or its beginning.
    pub title: String,
    /// Present and true when the title is longer than what is shown.
    #[serde(default, skip_serializing_if = "is_false")]
    #[schema(required = false)]
    pub title_truncated: bool,
    /// The person in charge.
    #[schema(required = true)]
    pub pic_id: Option<Uuid>,
    /// Until when.
    #[schema(required = true)]
    pub deadline: Option<DateTime<Utc>>,
    /// How much it presses.
    pub priority: Priority,
    /// The labels, or the first of them.
    pub labels: Vec<String>,
    /// Present and true when there are more labels than are shown.
    #[serde(default, skip_serializing_if = "is_false")]
    #[schema(required = false)]
    pub labels_truncated: bool,
    /// The task's version.
    pub version: i64,
    /// How many comments there are.
    pub comments: i64,
    /// Whether there is a description to read.
    pub has_description: bool,
}

/// A board with everything on it, as it was at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BoardPage {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The board's version.
    pub version: i64,
    /// Where on the workspace's feed this was read: ask for the changes after it.
    pub position: i64,
    /// The columns in their order.
    pub columns: Vec<BoardColumn>,
    /// The cards, by column and then in their order.
    pub cards: Vec<Card>,
}

/// A comment on a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Comment {
    /// Its id.
    pub id: Uuid,
    /// The task it is about.
    pub task_id: Uuid,
    /// Who wrote it.
    pub author_id: Uuid,
    /// The author's name when it was written.
    pub author_name: String,
    /// Markdown, up to 16 KiB.
    pub body: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// What happened on a board after a position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Changes {
    /// Ask for the changes after this one next.
    pub position: i64,
    /// The changes in their order.
    pub items: Vec<ChangeItem>,
}

/// One change, with the present state of what was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChangeItem {
    /// Its place on the workspace's feed.
    pub position: i64,
    /// `task`, `column` or `board`.
    pub kind: String,
    /// The task, column or board.
    pub id: Uuid,
    /// The version this change made.
    pub version: i64,
    /// Who did it.
    #[schema(required = true)]
    pub actor_id: Option<Uuid>,
    /// What was done, such as `moved`.
    pub change: String,
    /// For a task: how it is now; null when it is in the trash.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "gone")]
    #[schema(value_type = Option<Card>, required = false)]
    pub card: Option<Option<Card>>,
    /// For a column: how it is now; null when it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "gone")]
    #[schema(value_type = Option<BoardColumn>, required = false)]
    pub column: Option<Option<BoardColumn>>,
    /// For a board: how it is now; null when it is in the trash.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "gone")]
    #[schema(value_type = Option<Board>, required = false)]
    pub board: Option<Option<Board>>,
}

/// A member that is absent, null, or a value.
pub mod gone {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Reads null as `Some(None)`.
    ///
    /// # Errors
    /// When the value is neither null nor a `T`.
    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Option<T>>, D::Error> {
        Option::<T>::deserialize(from).map(Some)
    }

    /// Writes `Some(None)` as null.
    ///
    /// # Errors
    /// When the serializer fails.
    pub fn serialize<T: Serialize, S: Serializer>(
        value: &Option<Option<T>>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().and_then(Option::as_ref).serialize(to)
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
fn is_false(value: &bool) -> bool {
    !*value
}

fn words(all: impl Iterator<Item = &'static str>, description: &str) -> RefOr<Schema> {
    let object = ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::String))
        .enum_values(Some(all))
        .description(Some(description));
    RefOr::T(Schema::Object(object.build()))
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let word = String::deserialize(from)?;
        Self::parse(&word).ok_or_else(|| D::Error::custom("another word, expected one of todo, doing, done"))
    }
}

impl PartialSchema for Status {
    fn schema() -> RefOr<Schema> {
        words(
            Self::ALL.into_iter().map(Self::as_str),
            "What a column means for the tasks in it.",
        )
    }
}

impl ToSchema for Status {}

impl Serialize for Priority {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Priority {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let word = String::deserialize(from)?;
        Self::parse(&word)
            .ok_or_else(|| D::Error::custom("another word, expected one of none, low, medium, high, urgent"))
    }
}

impl PartialSchema for Priority {
    fn schema() -> RefOr<Schema> {
        words(
            Self::ALL.into_iter().map(Self::as_str),
            "How much a task presses.",
        )
    }
}

impl ToSchema for Priority {}
