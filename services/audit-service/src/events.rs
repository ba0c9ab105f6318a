//! Takes events from the queue `audit` and appends them to the log.

use async_trait::async_trait;
use contracts::Event;
use messaging::{HandleError, Handler};
use postgres::Connection;

use crate::domain::entry::Draft;
use crate::store::{self, AppendError, Membership};

/// The queue that this service reads.
pub const QUEUE: &str = "audit";

/// Appends what it is given, all of it or nothing.
///
/// Messaging brings the events in order and each once, and commits its inbox together with the entries. The log
/// itself checks again: its constraints hold whatever happens before.
#[derive(Debug, Clone, Copy, Default)]
pub struct Appender;

#[async_trait]
impl Handler for Appender {
    async fn handle(&self, conn: &mut Connection, events: &[Event]) -> Result<(), HandleError> {
        let mut drafts = Vec::with_capacity(events.len());
        for event in events {
            let draft = Draft::of(event).map_err(|unfit| HandleError::Rejected {
                event: event.id,
                reason: unfit.to_string(),
            })?;
            drafts.push(draft);
        }
        let appended = store::append(conn, &drafts).await?;
        forget_erased(conn, &drafts).await?;
        metrics::counter!("audit_entries_appended_total")
            .increment(u64::try_from(appended).unwrap_or(u64::MAX));
        Ok(())
    }
}

/// Forgets those who are erased by these entries, and those who were erased before and of whom something came late.
async fn forget_erased(conn: &mut Connection, drafts: &[Draft]) -> Result<(), HandleError> {
    let mut named: Vec<Membership> = drafts
        .iter()
        .flat_map(|draft| {
            let people = [draft.actor, draft.account, draft.person()];
            people
                .into_iter()
                .flatten()
                .map(|person| (draft.workspace, person))
        })
        .collect();
    named.sort_unstable();
    named.dedup();
    let mut erased = store::erased(conn, &named).await?;
    erased.extend(drafts.iter().filter_map(Draft::erases));
    erased.sort_unstable();
    erased.dedup();
    for person in erased {
        store::forget(conn, person).await?;
    }
    Ok(())
}

impl From<AppendError> for HandleError {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Contradiction(contradiction) => Self::Rejected {
                event: contradiction.event_id,
                reason: contradiction.to_string(),
            },
            AppendError::Database(error) => error.into(),
            AppendError::Json(error) => Self::Failed(Box::new(error)),
        }
    }
}
