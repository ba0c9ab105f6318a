//! Plans who hears of changes to tasks, and writes notifications and deliveries.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use contracts::PSEUDONYM;
use postgres::{Connection, DbError};
use uuid::Uuid;

use crate::domain::planning::{People, Planned, plan};
use crate::events::TaskNews;
use crate::store::deliveries::{self, Group};
use crate::store::erasure;
use crate::store::notifications::{self, NewNotification};
use crate::store::people;

/// How changes are planned.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// How long changes to one task are gathered for one person.
    pub gathering: Duration,
    /// The age up to which a change is mailed.
    pub event_age: Duration,
}

/// Plans all changes of a batch, in the caller's transaction.
pub async fn plan_changes(
    conn: &mut Connection,
    mut news: Vec<TaskNews>,
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    if news.is_empty() {
        return Ok(());
    }
    forget_erased(conn, &mut news).await?;
    let people = people_of(conn, &news).await?;
    let nobody = People::new();
    let mut rows = Vec::new();
    let mut mails = HashMap::new();
    for one in &news {
        let known = people.get(&one.change.workspace).unwrap_or(&nobody);
        for planned in plan(&one.change, known, is_fresh(one.time, rules.event_age, now)) {
            let row = notification(one, &planned)?;
            if planned.mail {
                let group = Group {
                    workspace: row.workspace_id,
                    recipient: row.recipient_id,
                    task: row.task_id,
                };
                mails.insert(row.id, group);
            }
            rows.push(row);
        }
    }
    // What was there before has its delivery already.
    let written = notifications::insert(conn, &rows).await?;
    metrics::counter!("notify_notifications_total").increment(written.len() as u64);
    let due: Vec<(Uuid, Group)> = written
        .into_iter()
        .filter_map(|id| mails.get(&id).map(|group| (id, *group)))
        .collect();
    deliveries::gather(conn, &due, rules.gathering).await
}

/// Changes that come late say who somebody was who has been erased since.
async fn forget_erased(conn: &mut Connection, news: &mut [TaskNews]) -> Result<(), DbError> {
    let actors = news
        .iter()
        .filter_map(|one| Some((one.change.workspace, one.change.actor?)));
    let erased = erasure::erased(conn, actors).await?;
    for one in news {
        if one
            .change
            .actor
            .is_some_and(|actor| erased.contains(&(one.change.workspace, actor)))
        {
            one.actor_name = Some(PSEUDONYM.to_owned());
        }
    }
    Ok(())
}

async fn people_of(conn: &mut Connection, news: &[TaskNews]) -> Result<HashMap<Uuid, People>, DbError> {
    let workspaces: Vec<Uuid> = news.iter().map(|one| one.change.workspace).collect();
    let concerned: Vec<Uuid> = news
        .iter()
        .flat_map(|one| [one.change.pic, one.change.former_pic, one.change.creator])
        .flatten()
        .collect();
    people::for_planning(conn, &workspaces, &concerned).await
}

/// A time in the future is a clock's fault and counts as fresh.
fn is_fresh(time: DateTime<Utc>, limit: Duration, now: DateTime<Utc>) -> bool {
    (now - time).to_std().is_ok_and(|age| age <= limit) || time > now
}

fn notification(news: &TaskNews, planned: &Planned) -> Result<NewNotification, DbError> {
    Ok(NewNotification {
        id: Uuid::now_v7(),
        event_id: news.event,
        workspace_id: news.change.workspace,
        recipient_id: planned.recipient,
        kind: news.kind.clone(),
        reason: planned.reason.as_str(),
        task_id: news.task,
        board_id: news.board,
        board_name: news.board_name.clone(),
        title: news.title.clone(),
        actor_id: news.change.actor,
        actor_name: news.actor_name.clone(),
        fields: serde_json::to_value(&news.fields).map_err(DbError::Stored)?,
        occurred_at: news.time,
    })
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn changes_are_fresh_for_a_day() {
        let day = Duration::from_secs(86_400);
        let now = Utc::now();
        assert!(is_fresh(now, day, now));
        assert!(is_fresh(now - TimeDelta::hours(23), day, now));
        assert!(!is_fresh(now - TimeDelta::hours(25), day, now));
        assert!(is_fresh(now + TimeDelta::hours(1), day, now));
    }
}
