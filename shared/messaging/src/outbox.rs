//! Publishing: an event is a row written in the transaction of the change it describes.
//!
//! Call [`append`] after the row lock of what the event is about, so that versions, ids and commits of one stream
//! have one order. Nothing is sent here; the relay does that when the transaction has committed.

use contracts::{ContractError, Event};
use postgres::{Connection, DbError};
use uuid::Uuid;

use crate::store::log;

/// An event as the feed gives it out.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Its place on its workspace's feed.
    pub position: i64,
    /// The event.
    pub event: Event,
}

/// Appends one event to the log, in the caller's transaction.
///
/// # Errors
/// When the event is larger than a transport takes, its stream has this version already, or the database fails.
pub async fn append(conn: &mut Connection, event: &Event) -> Result<(), DbError> {
    append_all(conn, std::slice::from_ref(event)).await
}

/// Appends several events in the given order with one statement.
///
/// # Errors
/// As [`append`]; either all are appended or none.
pub async fn append_all(conn: &mut Connection, events: &[Event]) -> Result<(), DbError> {
    if events.is_empty() {
        return Ok(());
    }
    for event in events {
        // An event that no queue takes would hold up its stream for ever: refuse the change instead.
        event.to_json().map_err(unwritable)?;
    }
    log::insert(conn, events).await
}

/// The events of a topic (a board) after a position, in order, `limit` at most.
///
/// # Errors
/// When the database fails.
pub async fn read_feed(
    conn: &mut Connection,
    topic: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<Stored>, DbError> {
    log::feed(conn, topic, after, limit).await
}

/// The last position given out in a workspace; 0 when there is none. Read it in the snapshot of what you answer:
/// every event up to it is in that snapshot.
///
/// # Errors
/// When the database fails.
pub async fn head(conn: &mut Connection, workspace: Uuid) -> Result<i64, DbError> {
    log::head(conn, workspace).await
}

fn unwritable(error: ContractError) -> DbError {
    DbError::Query(diesel::result::Error::SerializationError(Box::new(error)))
}
