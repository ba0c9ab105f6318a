//! Moving a column on its board.

use auth_token::Caller;
use contracts::Change;
use futures::FutureExt as _;
use policy::Operation;
use postgres::Connection;
use uuid::Uuid;

use super::By;
use crate::app::App;
use crate::domain::place::Target;
use crate::domain::rank::Rank;
use crate::domain::spread::spread;
use crate::error::{Current, TaskError};
use crate::events;
use crate::store::rows::ColumnRow;
use crate::store::{boards, columns, people};
use crate::views::BoardColumn;

impl App {
    /// Moves a column on its board.
    ///
    /// # Errors
    /// Refusals of [`TaskError`], or the database's.
    pub async fn move_column(
        &self,
        by: By,
        id: Uuid,
        seen: i64,
        target: Target,
    ) -> Result<BoardColumn, TaskError> {
        by.require(Operation::ColumnEdit)?;
        let By { caller, key } = by;
        self.write_once(key, move |connection| {
            async move { relocate(connection, &caller, (id, seen), target).await }.boxed()
        })
        .await
    }
}

async fn relocate(
    connection: &mut Connection,
    caller: &Caller,
    (id, seen): (Uuid, i64),
    target: Target,
) -> Result<BoardColumn, TaskError> {
    people::check(connection, caller).await?;
    let board = boards::lock_of_column(connection, caller.workspace, id)
        .await?
        .ok_or(TaskError::NotFound)?;
    let present = columns::live(connection, board.id).await?;
    let column = present
        .iter()
        .find(|column| column.id == id)
        .ok_or(TaskError::NotFound)?;
    if column.moved_v > seen || seen > column.version {
        return Err(TaskError::stale(
            Current::Column(column.clone().into()),
            vec!["rank"],
        ));
    }
    let place = place_in(connection, &present, id, target).await?;
    if place.rank == column.rank {
        return Ok(column.clone().into());
    }
    let moved = columns::place(connection, &[id], &[place.rank]).await?;
    let moved = moved.into_iter().next().ok_or(TaskError::Contended)?;
    let mut changes = spread_events(caller, &place.others, &board.name);
    changes.push(events::column(caller, &moved, &board.name, "moved"));
    events::publish(connection, changes).await?;
    Ok(moved.into())
}

/// A column's place, and the columns that had to get new ranks for it: none but after dozens of moves at one spot.
pub(super) struct ColumnPlace {
    pub(super) rank: String,
    pub(super) others: Vec<ColumnRow>,
}

/// The place of a column among the live ones of its board, whose row is locked.
pub(super) async fn place_in(
    connection: &mut Connection,
    present: &[ColumnRow],
    mover: Uuid,
    target: Target,
) -> Result<ColumnPlace, TaskError> {
    let ids: Vec<Uuid> = present.iter().map(|column| column.id).collect();
    let index = target.index_in(&ids, mover);
    let index = index.ok_or(TaskError::invalid(
        target.field(),
        "must be another column of this board",
    ))?;
    if ids.iter().position(|id| *id == mover) == Some(index) {
        return Ok(ColumnPlace {
            rank: present[index].rank.clone(),
            others: Vec::new(),
        });
    }
    let others: Vec<&ColumnRow> = present.iter().filter(|column| column.id != mover).collect();
    let rank_at = |index: Option<usize>| {
        index
            .and_then(|index| others.get(index))
            .and_then(|column| Rank::parse(&column.rank))
    };
    let rank = Rank::between(
        rank_at(index.checked_sub(1)).as_ref(),
        rank_at(Some(index)).as_ref(),
    );
    if let Some(rank) = rank.filter(|rank| !rank.is_long()) {
        return Ok(ColumnPlace {
            rank: rank.to_string(),
            others: Vec::new(),
        });
    }
    let full = TaskError::Conflict("there is no room left at this place of the board");
    // One more than is needed: the mover still stands on its old rank, which nobody else may take.
    let old = present
        .iter()
        .find(|column| column.id == mover)
        .map(|column| column.rank.as_str());
    let ranks = spread(None, None, others.len() + 2).ok_or(full)?;
    let mut ranks: Vec<String> = ranks
        .iter()
        .map(Rank::to_string)
        .filter(|rank| Some(rank.as_str()) != old)
        .collect();
    ranks.truncate(others.len() + 1);
    let own = ranks.remove(index);
    let ids: Vec<Uuid> = others.iter().map(|column| column.id).collect();
    let others = columns::place(connection, &ids, &ranks).await?;
    Ok(ColumnPlace { rank: own, others })
}

/// The events of columns that got new ranks.
pub(super) fn spread_events(caller: &Caller, others: &[ColumnRow], board_name: &str) -> Vec<Change> {
    others
        .iter()
        .map(|other| events::column(caller, other, board_name, "moved"))
        .collect()
}
