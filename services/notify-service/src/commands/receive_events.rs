//! Takes events from the queue "notify".

use async_trait::async_trait;
use chrono::Utc;
use contracts::{Event, PersonState};
use messaging::{HandleError, Handler};
use postgres::Connection;
use uuid::Uuid;

use super::accept_mail::accept;
use super::plan_changes::{self, Rules};
use crate::events::{self, News};
use crate::store::erasure;
use crate::store::people::{self, PersonRow};

/// The queue that this service reads.
pub const QUEUE: &str = "notify";

/// Keeps the copy of the people, plans notifications and accepts the mails that are asked for, all in the
/// transaction in which messaging notes that the events have been dealt with.
#[derive(Clone, Copy, Debug)]
pub struct Receiver {
    /// How changes are planned.
    pub rules: Rules,
}

#[async_trait]
impl Handler for Receiver {
    async fn handle(&self, conn: &mut Connection, events: &[Event]) -> Result<(), HandleError> {
        let mut all = Vec::with_capacity(events.len());
        for event in events {
            all.push(events::read(event).map_err(|nonsense| HandleError::Rejected {
                event: event.id,
                reason: nonsense.to_string(),
            })?);
        }
        let erases = all.iter().any(|news| matches!(news, News::PersonErased { .. }));
        erasure::lock(conn, erases).await?;
        let mut tasks = Vec::new();
        for news in all {
            match news {
                News::Task(news) => tasks.push(*news),
                News::Person {
                    workspace,
                    version,
                    person,
                } => {
                    people::upsert(conn, &row(workspace, version, *person)).await?;
                }
                News::PersonGone {
                    workspace,
                    version,
                    person,
                } => {
                    people::mark_removed(conn, workspace, person, version).await?;
                }
                News::PersonErased {
                    workspace,
                    version,
                    person,
                    mails,
                } => {
                    let id = person.id;
                    people::upsert(conn, &row(workspace, version, *person)).await?;
                    erasure::forget(conn, workspace, id, &mails).await?;
                }
                News::Mail(news) if erasure::is_forgotten_mail(conn, news.event).await? => {}
                News::Mail(news) => accept(conn, *news).await?,
                News::Nothing => {}
            }
        }
        // People come first, so that a batch which holds both a person and their task is planned well.
        plan_changes::plan_changes(conn, tasks, &self.rules, Utc::now()).await?;
        Ok(())
    }
}

fn row(workspace: Uuid, version: i64, person: PersonState) -> PersonRow {
    PersonRow {
        workspace_id: workspace,
        person_id: person.id,
        name: person.name,
        // Nobody writes to somebody who has left, so their address is not kept.
        email: if person.removed {
            String::new()
        } else {
            person.email
        },
        language: person.language,
        time_zone: person.time_zone,
        role: person.role,
        epoch: person.epoch,
        removed: person.removed,
        version,
    }
}
