//! Creates, edits and moves per second through HTTP. Each connection works on a board of its own, as pgbench's
//! clients do, so that both measure the path and not the wait for one column's lock.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use futures::future::try_join_all;
use hyper::Method;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::http::{Connection, Headers};
use crate::server::Api;
use crate::stats::Latency;

/// How one kind of write went.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Rate {
    pub(crate) per_second: f64,
    #[serde(flatten)]
    pub(crate) latency: Latency,
}

/// How all three went.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Rates {
    pub(crate) create: Rate,
    pub(crate) edit: Rate,
    pub(crate) r#move: Rate,
}

/// A board with what is on it, for one connection.
struct Desk {
    connection: Connection,
    board: String,
    columns: Vec<String>,
    /// Id, version and column of each task.
    tasks: Vec<(String, i64, usize)>,
    turn: usize,
}

#[derive(Clone, Copy)]
enum Kind {
    Create,
    Edit,
    Move,
}

/// Measures each kind for `time`.
pub(crate) async fn measure(api: &Api, connections: usize, time: Duration) -> Result<Rates> {
    let token = api.sign_in().await?;
    let mut desks = try_join_all((0..connections).map(|_| desk(api, &token))).await?;
    let mut rates = Rates::default();
    for kind in [Kind::Create, Kind::Edit, Kind::Move] {
        // Five minutes is a token's life: a fresh one for each kind.
        let token = api.sign_in().await?;
        let started = Instant::now();
        let samples = try_join_all(
            desks
                .iter_mut()
                .map(|desk| work(desk, kind, &token, started + time)),
        )
        .await?;
        let mut samples: Vec<Duration> = samples.into_iter().flatten().collect();
        #[expect(clippy::cast_precision_loss, reason = "far fewer writes than f64 can count")]
        let per_second = samples.len() as f64 / started.elapsed().as_secs_f64();
        let rate = Rate {
            per_second,
            latency: Latency::of(&mut samples),
        };
        match kind {
            Kind::Create => rates.create = rate,
            Kind::Edit => rates.edit = rate,
            Kind::Move => rates.r#move = rate,
        }
    }
    Ok(rates)
}

/// One person who creates tasks one after the other.
pub(crate) struct Writer {
    desk: Desk,
    token: String,
}

impl Writer {
    /// Signs in, for five minutes.
    pub(crate) async fn open(api: &Api) -> Result<Writer> {
        let token = api.sign_in().await?;
        let desk = desk(api, &token).await?;
        Ok(Writer { desk, token })
    }

    /// How long the tasks took that were created during `time`.
    pub(crate) async fn creates(&mut self, time: Duration) -> Result<Latency> {
        let mut samples = work(&mut self.desk, Kind::Create, &self.token, Instant::now() + time).await?;
        Ok(Latency::of(&mut samples))
    }
}

async fn desk(api: &Api, token: &str) -> Result<Desk> {
    let mut connection = api.connect_tasks().await?;
    let (board, columns) = api.board(&mut connection, token, "Bench").await?;
    let mut desk = Desk {
        connection,
        board,
        columns,
        tasks: Vec::new(),
        turn: 0,
    };
    for _ in 0..50 {
        create(&mut desk, token).await?;
    }
    Ok(desk)
}

async fn work(desk: &mut Desk, kind: Kind, token: &str, end: Instant) -> Result<Vec<Duration>> {
    let mut samples = Vec::new();
    while Instant::now() < end {
        let started = Instant::now();
        match kind {
            Kind::Create => create(desk, token).await?,
            Kind::Edit => edit(desk, token).await?,
            Kind::Move => relocate(desk, token).await?,
        }
        samples.push(started.elapsed());
    }
    Ok(samples)
}

async fn create(desk: &mut Desk, token: &str) -> Result<()> {
    let column = desk.turn % desk.columns.len();
    desk.turn += 1;
    let key = Uuid::new_v4().to_string();
    let body = json!({"title": format!("Task {}", desk.turn), "column_id": desk.columns[column]});
    let headers = Headers {
        token: Some(token),
        key: Some(&key),
        version: None,
    };
    let path = format!("/api/boards/{}/tasks", desk.board);
    let task = desk
        .connection
        .send(Method::POST, &path, headers, Some(&body))
        .await?
        .json()?;
    desk.tasks.push((text(&task, "id")?, version(&task)?, column));
    Ok(())
}

async fn edit(desk: &mut Desk, token: &str) -> Result<()> {
    desk.turn += 1;
    let index = desk.turn % desk.tasks.len();
    let (id, seen, _) = desk.tasks[index].clone();
    let body = json!({"title": format!("Edited {}", desk.turn)});
    let headers = Headers {
        token: Some(token),
        version: Some(seen),
        key: None,
    };
    let path = format!("/api/tasks/{id}");
    let task = desk
        .connection
        .send(Method::PATCH, &path, headers, Some(&body))
        .await?
        .json()?;
    let now = version(&task)?;
    ensure!(now == seen + 1, "an edit must change the task: {seen} → {now}");
    desk.tasks[index].1 = now;
    Ok(())
}

async fn relocate(desk: &mut Desk, token: &str) -> Result<()> {
    desk.turn += 1;
    let index = desk.turn % desk.tasks.len();
    let (id, seen, column) = desk.tasks[index].clone();
    let target = (column + 1) % desk.columns.len();
    let body = json!({"column_id": desk.columns[target]});
    let headers = Headers {
        token: Some(token),
        version: Some(seen),
        key: None,
    };
    let path = format!("/api/tasks/{id}/move");
    let task = desk
        .connection
        .send(Method::POST, &path, headers, Some(&body))
        .await?
        .json()?;
    desk.tasks[index] = (id, version(&task)?, target);
    Ok(())
}

/// A text member of an answer.
pub(crate) fn text(value: &Value, name: &str) -> Result<String> {
    Ok(value[name]
        .as_str()
        .with_context(|| format!("no {name} in {value}"))?
        .to_owned())
}

/// The version in an answer.
pub(crate) fn version(value: &Value) -> Result<i64> {
    value["version"]
        .as_i64()
        .with_context(|| format!("no version in {value}"))
}
