//! What this service tells the others, and what it hears from auth-service.

use async_trait::async_trait;
use auth_token::Caller;
use contracts::{Change, ERASED, Event, EventType, Stream};
use messaging::{HandleError, Handler, Route, outbox};
use postgres::Connection;
use serde_json::{Value, json};

use crate::error::TaskError;
use crate::store::rows::{BoardRow, ColumnRow, TaskRow};
use crate::store::{erasure, people};

/// This service as the source of events.
pub const SOURCE: &str = "/task-service";

/// The consumers of this service's events.
pub const READERS: &[&str] = &["audit-service", "notify-service"];

/// The queue this service consumes.
pub const QUEUE: &str = "task";

/// Which queues want which events.
pub const ROUTES: &[Route] = &[
    Route {
        destination: "audit",
        types: &[
            EventType::TaskChanged,
            EventType::BoardChanged,
            EventType::ColumnChanged,
        ],
    },
    Route {
        destination: "notify",
        types: &[EventType::TaskChanged],
    },
];

/// Writes the events of a change into the log, in the transaction of the change.
///
/// # Errors
/// When an event cannot be written.
pub(crate) async fn publish(connection: &mut Connection, changes: Vec<Change>) -> Result<(), TaskError> {
    let traceparent = telemetry::traceparent();
    let events: Result<Vec<Event>, _> = changes
        .into_iter()
        .map(|change| change.into_event(traceparent.clone()))
        .collect();
    outbox::append_all(connection, &events?).await?;
    Ok(())
}

/// A change of a task, as the row is after it.
pub(crate) fn task(caller: &Caller, row: &TaskRow, board_name: &str, what: &str) -> Change {
    let head = &row.head;
    Change::new(
        EventType::TaskChanged,
        SOURCE,
        caller.workspace,
        Stream::task(head.id),
        head.version,
        what,
    )
    .at(head.updated_at)
    .by(caller.person, &caller.name)
    .on_board(head.board_id, board_name)
    .titled(&head.title)
    .people(head.pic_id, head.created_by)
}

/// A change of a board, as the row is after it.
pub(crate) fn board(caller: &Caller, row: &BoardRow, what: &str) -> Change {
    Change::new(
        EventType::BoardChanged,
        SOURCE,
        caller.workspace,
        Stream::board(row.id),
        row.version,
        what,
    )
    .by(caller.person, &caller.name)
    .on_board(row.id, &row.name)
    .titled(&row.name)
}

/// A change of a column, as the row is after it.
pub(crate) fn column(caller: &Caller, row: &ColumnRow, board_name: &str, what: &str) -> Change {
    Change::new(
        EventType::ColumnChanged,
        SOURCE,
        caller.workspace,
        Stream::column(row.id),
        row.version,
        what,
    )
    .by(caller.person, &caller.name)
    .on_board(row.board_id, board_name)
    .titled(&row.name)
}

/// Adds a field where it differs.
pub(crate) fn field(change: Change, name: &str, before: Value, after: Value) -> Change {
    if before == after {
        change
    } else {
        change.field(name, before, after)
    }
}

/// Adds what a move to another column changes, with names for people to read.
pub(crate) fn moved(change: Change, from: Option<&Seat<'_>>, to: &Seat<'_>) -> Change {
    let before = |read: fn(&Seat<'_>) -> Value| from.map_or(Value::Null, read);
    let change = field(change, "column_id", before(|seat| json!(seat.id)), json!(to.id));
    let change = field(change, "column", before(|seat| json!(seat.name)), json!(to.name));
    field(
        change,
        "status",
        before(|seat| json!(seat.status)),
        json!(to.status),
    )
}

/// A column as an event names it.
pub(crate) struct Seat<'a> {
    /// Its id.
    pub(crate) id: uuid::Uuid,
    /// Its name.
    pub(crate) name: &'a str,
    /// Its status.
    pub(crate) status: &'a str,
}

fn is_erasure(event: &Event) -> bool {
    event
        .data
        .record
        .parse()
        .is_ok_and(|record| record.kind == ERASED)
}

/// Keeps the copy of the people up to date.
pub struct People;

#[async_trait]
impl Handler for People {
    async fn handle(&self, connection: &mut Connection, events: &[Event]) -> Result<(), HandleError> {
        for event in events.iter().filter(|event| event.kind == EventType::UserChanged) {
            let person = event
                .data
                .particulars
                .as_ref()
                .and_then(|particulars| particulars.person.as_ref());
            let Some(person) = person else {
                let reason = "it does not say who the person is now".to_owned();
                return Err(HandleError::Rejected {
                    event: event.id,
                    reason,
                });
            };
            people::remember(connection, event.workspace, person, event.version).await?;
            if is_erasure(event) {
                erasure::forget(connection, person.id).await?;
            }
        }
        Ok(())
    }
}
