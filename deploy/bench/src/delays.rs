//! From commit to audit entry and to mail handed over, at a pace that people could have: 20 changes a second.
//!
//! Read from the database's own clock: the event row's `created_at` is the last moment before the commit that SQL
//! can see, `appended_at` and `settled_at` are the other ends.

use std::time::Duration;

use anyhow::{Context as _, Result};
use hyper::Method;
use serde::Serialize;
use serde_json::json;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::http::Headers;
use crate::server::House;
use crate::stats::Latency;

const CHANGES: usize = 200;
const PACE: Duration = Duration::from_millis(50);
const DEADLINE: Duration = Duration::from_secs(60);

/// How soon a change arrives.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Delays {
    pub(crate) audit_entry: Latency,
    /// Contains notify-service's gathering window, in which changes of one task share a mail.
    pub(crate) mail: Latency,
    pub(crate) changes: i64,
    pub(crate) mails: i64,
}

const AUDIT: &str = "
    SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY took), percentile_cont(0.99) WITHIN GROUP (ORDER BY took)
    FROM (SELECT extract(epoch FROM e.appended_at - l.created_at)::float8 * 1000 AS took
          FROM task.event_log AS l JOIN audit.entry AS e USING (event_id)
          WHERE l.type = 'task.changed' AND l.topic = $1) AS seen";

const MAIL: &str = "
    SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY took), percentile_cont(0.99) WITHIN GROUP (ORDER BY took)
    FROM (SELECT extract(epoch FROM d.settled_at - l.created_at)::float8 * 1000 AS took
          FROM task.event_log AS l
          JOIN notify.notification AS n USING (event_id)
          JOIN notify.carried AS c ON c.notification_id = n.id
          JOIN notify.delivery AS d ON d.id = c.delivery_id AND d.state = 'sent'
          WHERE l.topic = $1) AS seen";

/// Creates tasks with a person in charge who is somebody else than the creator, and waits for the last mail.
pub(crate) async fn measure(house: &House, database: &Client) -> Result<Delays> {
    let token = house.api.sign_in().await?;
    let mut connection = house.api.connect_tasks().await?;
    let (board, columns) = house.api.board(&mut connection, &token, "Delays").await?;
    let pic = colleague(database).await?;
    let mut pace = tokio::time::interval(PACE);
    for number in 0..CHANGES {
        pace.tick().await;
        let body = json!({"title": format!("Change {number}"), "column_id": columns[0], "pic_id": pic});
        let headers = Headers {
            token: Some(&token),
            ..Headers::default()
        };
        let path = format!("/api/boards/{board}/tasks");
        connection
            .send(Method::POST, &path, headers, Some(&body))
            .await?
            .json()?;
    }
    let wanted = i64::try_from(CHANGES)?;
    let arrived = async {
        loop {
            let mails = percentiles(database, MAIL, &board).await?;
            let entries = percentiles(database, AUDIT, &board).await?;
            if mails.0 >= wanted && entries.0 >= wanted {
                return anyhow::Ok((entries, mails));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let (entries, mails) = tokio::time::timeout(DEADLINE, arrived)
        .await
        .context("not every mail went out")??;
    Ok(Delays {
        audit_entry: entries.1,
        mail: mails.1,
        changes: entries.0,
        mails: mails.0,
    })
}

async fn percentiles(database: &Client, query: &str, board: &str) -> Result<(i64, Latency)> {
    let row = database.query_one(query, &[&board]).await?;
    let (p50, p99): (Option<f64>, Option<f64>) = (row.get(1), row.get(2));
    Ok((
        row.get(0),
        Latency {
            p50_ms: p50.unwrap_or_default(),
            p99_ms: p99.unwrap_or_default(),
        },
    ))
}

/// A member who hears of the changes: written into the copies that a joining person's event would fill.
async fn colleague(database: &Client) -> Result<String> {
    let id = Uuid::now_v7();
    database
        .batch_execute(&format!(
            "INSERT INTO task.person (workspace_id, id, name, role, epoch, removed, version)
             SELECT id, '{id}', 'Colleague', 'pic', 1, false, 1 FROM auth.workspace;
             INSERT INTO notify.person (workspace_id, person_id, name, email, language, time_zone, role, epoch,
                                        removed, version)
             SELECT id, '{id}', 'Colleague', 'colleague@example.com', 'en', 'UTC', 'pic', 1, false, 1
             FROM auth.workspace;"
        ))
        .await?;
    Ok(id.to_string())
}
