//! The board and its tasks.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use chrono::{SecondsFormat, TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::client::Client;
use super::people::{People, Person, text};
use super::tasks::{BOARD, COLUMNS, Charge, TASKS, Task};

/// How long task-service may take to hear of new members.
const ACQUAINTANCE: Duration = Duration::from_secs(30);
/// 18:00 in Seoul.
const EVENING: (u32, u32) = (9, 0);

/// Makes the board with everything on it, or what is missing; gives its id.
pub(crate) async fn fill(client: &Client, people: &People) -> anyhow::Result<String> {
    let supervisor = &people.supervisor.token;
    let board = find_or_make(client, supervisor).await?;
    let content = client.get(&format!("/api/boards/{board}"), supervisor).await?;
    let columns = content["columns"]
        .as_array()
        .context("the board has no columns")?;
    let cards = content["cards"].as_array().cloned().unwrap_or_default();
    for task in &TASKS {
        if cards.iter().any(|card| card["title"] == task.title) {
            continue;
        }
        let column = text(&columns.get(task.column).context("a column is missing")?["id"])?;
        let made = create(client, people, &board, task, &column).await?;
        comment(client, people, task, &text(&made["id"])?).await?;
        if task.column == 3 {
            finish(client, supervisor, &made).await?;
        }
    }
    Ok(board)
}

async fn find_or_make(client: &Client, token: &str) -> anyhow::Result<String> {
    let boards = client.get("/api/boards?limit=200", token).await?;
    let found = boards["items"]
        .as_array()
        .and_then(|items| items.iter().find(|item| item["name"] == BOARD));
    if let Some(board) = found {
        return text(&board["id"]);
    }
    let columns: Vec<Value> = COLUMNS
        .iter()
        .map(|(name, status)| json!({"name": name, "status": status}))
        .collect();
    let made = client
        .post(
            "/api/boards",
            Some(token),
            &json!({"name": BOARD, "columns": columns}),
        )
        .await?;
    text(&made.ok()?["id"])
}

async fn create(
    client: &Client,
    people: &People,
    board: &str,
    task: &Task,
    column: &str,
) -> anyhow::Result<Value> {
    let mut body = json!({
        "title": task.title, "column_id": column, "description": task.description,
        "priority": task.priority, "labels": task.labels,
    });
    if let Some(person) = in_charge(people, task.charge) {
        body["pic_id"] = json!(person.id);
    }
    if let Some(days) = task.due {
        body["deadline"] = json!(deadline(days)?);
        body["deadline_zone"] = json!("Asia/Seoul");
    }
    let path = format!("/api/boards/{board}/tasks");
    let started = Instant::now();
    loop {
        let answer = client.post(&path, Some(&people.supervisor.token), &body).await?;
        // The news of a member who has just come in is still on its way.
        if answer.blames("pic_id") && started.elapsed() < ACQUAINTANCE {
            sleep(Duration::from_millis(100)).await;
            continue;
        }
        return answer.ok();
    }
}

async fn comment(client: &Client, people: &People, task: &Task, id: &str) -> anyhow::Result<()> {
    let author = in_charge(people, task.charge).unwrap_or(&people.supervisor);
    for body in task.comments {
        let path = format!("/api/tasks/{id}/comments");
        client
            .post(&path, Some(&author.token), &json!({"body": body}))
            .await?
            .ok()?;
    }
    Ok(())
}

/// Gives what is done a history of more than one line.
async fn finish(client: &Client, token: &str, task: &Value) -> anyhow::Result<()> {
    let path = format!("/api/tasks/{}", text(&task["id"])?);
    let version = task["version"].as_i64().context("the task has no version")?;
    client
        .write(
            Method::PATCH,
            &path,
            token,
            (&json!({"priority": "low"}), version),
        )
        .await?;
    Ok(())
}

fn in_charge(people: &People, charge: Charge) -> Option<&Person> {
    match charge {
        Charge::Nobody => None,
        Charge::Pic => Some(&people.pic),
        Charge::Pic2 => Some(&people.pic2),
    }
}

fn deadline(days: i64) -> anyhow::Result<String> {
    let (hour, minute) = EVENING;
    let day = Utc::now().date_naive() + TimeDelta::days(days);
    let time = day.and_hms_opt(hour, minute, 0).context("not a time")?;
    Ok(time.and_utc().to_rfc3339_opts(SecondsFormat::Secs, true))
}
