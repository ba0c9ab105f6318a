//! What can go wrong with a request.

use postgres::DbError;
use postgres::idempotency::Refusal;
use problem::{Code, Problem};

use crate::store::preferences::Preference;

/// Why a request is not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or it is somebody else's.
    #[error("there is no such thing in this inbox")]
    NotFound,
    /// The token was issued before the person's role changed or they left.
    #[error("the token is older than the person's membership")]
    Stale,
    /// The preferences have changed since the writer saw them.
    #[error("the preferences have another version")]
    VersionConflict(Preference),
    /// The idempotency key cannot be used.
    #[error("the idempotency key cannot be used")]
    Key(Refusal),
    /// The database.
    #[error("the database refused")]
    Database(#[from] DbError),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        Error::Key(refusal)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        match error {
            Error::NotFound => Problem::new(Code::NotFound),
            Error::Stale => {
                Problem::new(Code::Unauthenticated).detail("the token is out of date: refresh it")
            }
            Error::VersionConflict(current) => Problem::new(Code::VersionConflict)
                .detail("the preferences have been changed since")
                .with(
                    "current",
                    serde_json::json!({"mail": current.wish.as_str(), "version": current.version}),
                ),
            Error::Key(refusal) => refusal.into(),
            Error::Database(error) => error.into(),
        }
    }
}
