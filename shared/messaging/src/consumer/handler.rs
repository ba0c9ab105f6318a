//! What a service does with events.

use std::error::Error;

use async_trait::async_trait;
use contracts::Event;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use postgres::{Connection, DbError};
use uuid::Uuid;

/// Applies events.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Applies events in the given transaction, which also moves the inbox. They come without duplicates, each stream
    /// in order and following what was applied before. Called again with fewer events when it fails; then nothing of
    /// the failed call remains.
    async fn handle(&self, conn: &mut Connection, events: &[Event]) -> Result<(), HandleError>;
}

/// Why events were not applied.
#[derive(Debug, thiserror::Error)]
pub enum HandleError {
    /// This event can never be applied as things are: it contradicts what is stored, or cannot be understood.
    #[error("the event {event} is rejected: {reason}")]
    Rejected {
        /// Which event.
        event: Uuid,
        /// Why, for the people who look into the quarantine.
        reason: String,
    },
    /// Something else failed: a later try may succeed, however many it takes.
    #[error("the events could not be applied")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}

impl From<DbError> for HandleError {
    fn from(error: DbError) -> HandleError {
        HandleError::Failed(Box::new(error))
    }
}

impl From<DieselError> for HandleError {
    fn from(error: DieselError) -> HandleError {
        DbError::from(error).into()
    }
}

impl HandleError {
    fn database(&self) -> Option<&DbError> {
        match self {
            HandleError::Rejected { .. } => None,
            HandleError::Failed(cause) => cause.downcast_ref(),
        }
    }

    /// Whether the database itself may be away. A panic or a lost COMMIT does not say so.
    pub(super) fn is_outage(&self) -> bool {
        matches!(self.database(), Some(DbError::Unavailable(_)))
    }

    /// The reason, when the same event would fail for ever: the handler said so, or the row it would make violates a
    /// constraint. (Foreign keys are left out: what they point to may still come.)
    pub(super) fn rejection(&self) -> Option<String> {
        use DatabaseErrorKind::{CheckViolation, NotNullViolation, UniqueViolation};
        match self {
            HandleError::Rejected { reason, .. } => Some(reason.clone()),
            HandleError::Failed(_) => match self.database() {
                Some(DbError::Query(DieselError::DatabaseError(
                    CheckViolation | NotNullViolation | UniqueViolation,
                    info,
                ))) => Some(info.message().to_owned()),
                _ => None,
            },
        }
    }
}
