//! The live feed of a board.

use std::time::Duration;

use auth_token::Caller;
use messaging::Stored;
use tokio::time::Instant;
use uuid::Uuid;

use super::cards;
use crate::app::App;
use crate::error::TaskError;
use crate::store::feed::{self, Look};
use crate::views::{Board, BoardColumn, ChangeItem, Changes};

impl App {
    /// What happened on a board after a position. Where nothing did, waits for something to happen, at most for
    /// `wait`, and not beyond `stop`.
    ///
    /// # Errors
    /// [`TaskError::NotFound`], [`TaskError::Outdated`], or the database's.
    pub async fn changes(
        &self,
        caller: &Caller,
        (board, after): (Uuid, i64),
        wait: Duration,
        stop: impl Future<Output = ()>,
    ) -> Result<Changes, TaskError> {
        let deadline = Instant::now() + wait;
        let mut stop = std::pin::pin!(stop);
        let mut last_look = wait.is_zero();
        loop {
            // No connection is held while waiting.
            let look = feed::look(&mut *self.db.read().await?, caller, board, after).await?;
            if last_look || !look.events.is_empty() {
                return answer(&look, after);
            }
            let known = look.head.max(after);
            let left = deadline.saturating_duration_since(Instant::now());
            tokio::select! {
                () = self.feed.changed(caller.workspace, known, left) => last_look = Instant::now() >= deadline,
                () = &mut stop => return answer(&look, after),
            }
        }
    }
}

fn answer(look: &Look, after: i64) -> Result<Changes, TaskError> {
    let items: Result<Vec<ChangeItem>, TaskError> = look
        .events
        .iter()
        .filter_map(|stored| item(look, stored).transpose())
        .collect();
    // Without events on this board the workspace's head is just as good a place to go on from.
    let position = look
        .events
        .last()
        .map_or(look.head.max(after), |last| last.position);
    Ok(Changes {
        position,
        items: items?,
    })
}

/// None for a stream of a later version that has no state here.
fn item(look: &Look, stored: &Stored) -> Result<Option<ChangeItem>, TaskError> {
    let event = &stored.event;
    let Some(id) = event.stream.id() else {
        return Ok(None);
    };
    let record = event.data.record.parse()?;
    let mut item = ChangeItem {
        position: stored.position,
        kind: event.stream.kind().to_owned(),
        id,
        version: event.version,
        actor_id: record.actor,
        change: record.kind,
        card: None,
        column: None,
        board: None,
    };
    match item.kind.as_str() {
        "task" => {
            let row = look.tasks.get(&id);
            item.card = Some(
                row.map(|(head, described)| cards::card(head, *described))
                    .transpose()?,
            );
        }
        "column" => item.column = Some(look.columns.get(&id).cloned().map(BoardColumn::from)),
        "board" => item.board = Some(look.board.clone().map(Board::from)),
        _ => return Ok(None),
    }
    Ok(Some(item))
}
