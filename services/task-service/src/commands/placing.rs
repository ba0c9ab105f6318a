//! Giving a task its place in a column whose row is locked.

use postgres::Connection;
use uuid::Uuid;

use crate::domain::place::Target;
use crate::domain::rank::Rank;
use crate::domain::spread::{WINDOWS, spread};
use crate::error::TaskError;
use crate::store::places::{self, Gap, Neighbour};
use crate::store::rows::TaskRow;

/// A place, and the neighbours that had to get new ranks for it: none but after dozens of moves at one spot.
pub(super) struct Place {
    pub(super) rank: String,
    pub(super) others: Vec<TaskRow>,
}

/// The place at the end of a column.
pub(super) async fn at_end(
    connection: &mut Connection,
    column: Uuid,
    mover: Uuid,
) -> Result<Place, TaskError> {
    let gap = places::gap(connection, column, mover, Target::End)
        .await?
        .unwrap_or_default();
    between(connection, column, mover, &gap).await
}

/// The place in a gap.
pub(super) async fn between(
    connection: &mut Connection,
    column: Uuid,
    mover: Uuid,
    gap: &Gap,
) -> Result<Place, TaskError> {
    if let Some(own) = gap.own.as_ref().filter(|own| lies_in(own, gap)) {
        return Ok(Place {
            rank: own.clone(),
            others: Vec::new(),
        });
    }
    let below = gap.below.as_deref().and_then(Rank::parse);
    let above = gap.above.as_deref().and_then(Rank::parse);
    match Rank::between(below.as_ref(), above.as_ref()).filter(|rank| !rank.is_long()) {
        Some(rank) => Ok(Place {
            rank: rank.to_string(),
            others: Vec::new(),
        }),
        None => make_room(connection, column, mover, gap).await,
    }
}

/// Whether the task stands where it shall go already.
fn lies_in(own: &String, gap: &Gap) -> bool {
    gap.below.as_ref().is_none_or(|below| below < own) && gap.above.as_ref().is_none_or(|above| own < above)
}

async fn make_room(
    connection: &mut Connection,
    column: Uuid,
    mover: Uuid,
    gap: &Gap,
) -> Result<Place, TaskError> {
    for window in WINDOWS {
        let mut lower = match &gap.below {
            Some(rank) => places::at_and_below(connection, column, mover, rank, window + 1).await?,
            None => Vec::new(),
        };
        // Every rank is greater than the empty text.
        let from = gap.below.as_deref().unwrap_or_default();
        let mut upper = places::above(connection, column, mover, from, window + 1).await?;
        let (low, high) = (outer(&mut lower, window), outer(&mut upper, window));
        lower.reverse();
        let Some(mut ranks) = spread(low.as_ref(), high.as_ref(), lower.len() + 1 + upper.len()) else {
            continue;
        };
        let own = ranks.remove(lower.len());
        let ids: Vec<Uuid> = lower.iter().chain(&upper).map(|neighbour| neighbour.id).collect();
        let ranks: Vec<String> = ranks.iter().map(Rank::to_string).collect();
        let others = places::rewrite(connection, mover, &ids, &ranks).await?;
        return Ok(Place {
            rank: own.to_string(),
            others,
        });
    }
    Err(TaskError::Conflict(
        "there is no room left at this place of the column",
    ))
}

/// The first neighbour beyond the window, which keeps its rank.
fn outer(neighbours: &mut Vec<Neighbour>, window: i64) -> Option<Rank> {
    let beyond = usize::try_from(window).is_ok_and(|window| neighbours.len() > window);
    let last = if beyond { neighbours.pop() } else { None };
    last.and_then(|neighbour| Rank::parse(&neighbour.rank))
}
