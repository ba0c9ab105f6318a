//! What happened on a board after a position, with the present state of what was changed.
//!
//! Head, events and states are read in one snapshot: every state is at least as new as the events named.

use std::collections::HashMap;

use auth_token::Caller;
use messaging::outbox::{self, Stored};
use postgres::Connection;
use uuid::Uuid;

use super::rows::{BoardRow, ColumnRow, SummaryRow};
use super::{boards, columns, people, tasks};
use crate::error::TaskError;

/// Events in one answer at most.
const BATCH: i64 = 200;

/// A look at the feed.
#[derive(Debug)]
pub struct Look {
    /// The workspace's head when it was taken.
    pub head: i64,
    /// The events, in order.
    pub events: Vec<Stored>,
    /// Live tasks among those named, and whether they have a description.
    pub tasks: HashMap<Uuid, (SummaryRow, bool)>,
    /// Live columns among those named.
    pub columns: HashMap<Uuid, ColumnRow>,
    /// The board, if it is live.
    pub board: Option<BoardRow>,
}

/// Looks at the feed of a board, in the trash or not.
///
/// # Errors
/// [`TaskError::NotFound`], [`TaskError::Outdated`], or the database's.
pub async fn look(
    connection: &mut Connection,
    caller: &Caller,
    board: Uuid,
    after: i64,
) -> Result<Look, TaskError> {
    connection
        .build_transaction()
        .repeatable_read()
        .read_only()
        .run(async |connection| look_at(connection, caller, board, after).await)
        .await
}

async fn look_at(
    connection: &mut Connection,
    caller: &Caller,
    board: Uuid,
    after: i64,
) -> Result<Look, TaskError> {
    people::check(connection, caller).await?;
    let row = boards::find(connection, caller.workspace, board)
        .await?
        .ok_or(TaskError::NotFound)?;
    let head = outbox::head(connection, caller.workspace).await?;
    let events = outbox::read_feed(connection, &board.to_string(), after, BATCH).await?;
    let named = |kind: &str| {
        let mut ids: Vec<Uuid> = events
            .iter()
            .filter(|stored| stored.event.stream.kind() == kind)
            .filter_map(|stored| stored.event.stream.id())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let (task_ids, column_ids) = (named("task"), named("column"));
    let tasks = match task_ids.as_slice() {
        [] => Vec::new(),
        ids => tasks::live(connection, ids).await?,
    };
    let columns = match column_ids.as_slice() {
        [] => Vec::new(),
        ids => columns::some(connection, ids).await?,
    };
    Ok(Look {
        head,
        events,
        tasks: tasks.into_iter().map(|row| (row.0.id, row)).collect(),
        columns: columns.into_iter().map(|row| (row.id, row)).collect(),
        board: Some(row).filter(|row| row.deleted_at.is_none()),
    })
}
