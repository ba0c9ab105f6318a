//! Why a use case was refused or failed, and what the client is told.

use contracts::ContractError;
use postgres::DbError;
use postgres::idempotency::Refusal;
use problem::{Code, Problem};

use crate::views::{Board, BoardColumn, Task};

/// Why a use case was refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    /// There is no such thing in the caller's workspace.
    #[error("there is no such thing in this workspace")]
    NotFound,
    /// The token is older than what is known of the person.
    #[error("the token is older than the person's role")]
    Outdated,
    /// The role does not allow this; the fields it does not allow, where fields matter.
    #[error("the role does not allow this")]
    Forbidden(Vec<&'static str>),
    /// It contradicts the present state.
    #[error("it contradicts the present state: {0}")]
    Conflict(&'static str),
    /// Somebody else changed the same fields since the version the writer had seen.
    #[error("somebody else changed the same fields")]
    Stale {
        /// How it is now.
        current: Box<Current>,
        /// The colliding fields.
        fields: Vec<&'static str>,
    },
    /// A value is not acceptable.
    #[error("a value of {field} is not acceptable")]
    Invalid {
        /// The field's name.
        field: &'static str,
        /// What is wrong with it.
        message: &'static str,
    },
    /// The row changed between two looks of one transaction; a new try will see clearly.
    #[error("the row changed under the transaction")]
    Contended,
    /// An event could not be written.
    #[error("the event cannot be written")]
    Event(#[from] ContractError),
    /// An answer could not be written.
    #[error("the answer cannot be written")]
    Answer(#[from] serde_json::Error),
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] DbError),
    /// The idempotency key cannot be used.
    #[error("the idempotency key cannot be used")]
    Key(#[from] Refusal),
}

/// The present state that goes with a collision.
#[derive(Debug)]
pub enum Current {
    /// Of a task.
    Task(Task),
    /// Of a column.
    Column(BoardColumn),
    /// Of a board.
    Board(Board),
}

impl TaskError {
    /// A value of this field is not acceptable.
    #[must_use]
    pub fn invalid(field: &'static str, message: &'static str) -> Self {
        Self::Invalid { field, message }
    }

    /// Somebody else changed these fields of a task.
    #[must_use]
    pub fn stale(current: Current, fields: Vec<&'static str>) -> Self {
        Self::Stale {
            current: Box::new(current),
            fields,
        }
    }
}

impl From<TaskError> for Problem {
    fn from(error: TaskError) -> Self {
        match error {
            TaskError::NotFound => Problem::new(Code::NotFound),
            TaskError::Outdated => {
                Problem::new(Code::Unauthenticated).detail("Your role has changed: refresh your token.")
            }
            TaskError::Forbidden(fields) => fields
                .into_iter()
                .fold(Problem::new(Code::Forbidden), |problem, field| {
                    problem.field(field, "your role does not allow setting this here")
                }),
            TaskError::Conflict(why) => Problem::new(Code::Conflict).detail(why),
            TaskError::Stale { current, fields } => match current.to_value() {
                Ok(current) => Problem::new(Code::VersionConflict)
                    .with("current", current)
                    .with("fields", fields),
                Err(error) => Problem::internal(error),
            },
            TaskError::Invalid { field, message } => Problem::new(Code::Invalid).field(field, message),
            TaskError::Contended => Problem::new(Code::Unavailable).retry_after(1),
            TaskError::Event(error) => Problem::internal(error),
            TaskError::Answer(error) => Problem::internal(error),
            TaskError::Database(error) => error.into(),
            TaskError::Key(refusal) => refusal.into(),
        }
    }
}

impl Current {
    fn to_value(&self) -> Result<serde_json::Value, serde_json::Error> {
        match self {
            Self::Task(task) => serde_json::to_value(task),
            Self::Column(column) => serde_json::to_value(column),
            Self::Board(board) => serde_json::to_value(board),
        }
    }
}
