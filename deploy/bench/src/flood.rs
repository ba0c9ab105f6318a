//! What somebody who moves tasks notices while others try passwords: the median of a write at rest, and under a hundred
//! sign-ins a second from as many strangers, each with another address.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use futures::future::join_all;
use hyper::Method;
use serde::Serialize;
use serde_json::json;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval_at};
use uuid::Uuid;

use crate::http::{Connection, Headers};
use crate::memory;
use crate::server::House;
use crate::stats::Latency;
use crate::writes::Writer;

/// Sign-ins in a second.
const ATTEMPTS: u32 = 100;
/// Connections they come by: so many that each has four seconds for an answer, longer than a sign-in may wait for its turn.
const STRANGERS: u32 = 4 * ATTEMPTS;
/// How long the flood runs before the writes are measured.
const RISE: Duration = Duration::from_secs(3);

/// How a flood went.
#[derive(Debug, Serialize)]
pub(crate) struct Flood {
    /// Who took it.
    pub(crate) process: String,
    pub(crate) rest: Latency,
    pub(crate) flooded: Latency,
    /// Answered sign-ins in a second.
    pub(crate) attempts_per_second: f64,
    /// How many were answered with which status.
    pub(crate) answers: BTreeMap<u16, u64>,
    /// Resident memory at its highest.
    pub(crate) mebibytes: f64,
}

/// What the strangers were told: how many of them which status.
type Told = Mutex<BTreeMap<u16, u64>>;

/// Writes for `time` at rest and again in the flood. The first process of `house` is the one that hashes.
pub(crate) async fn measure(house: &House, time: Duration) -> Result<Flood> {
    let api = &house.api;
    let mut writer = Writer::open(api).await?;
    let rest = writer.creates(time).await?;
    let told = Arc::new(Told::default());
    let (stop, stopped) = watch::channel(false);
    let started = Instant::now();
    let strangers = tokio::spawn(strangers(api.auth().to_owned(), told.clone(), stopped));
    tokio::time::sleep(RISE).await;
    let flooded = writer.creates(time).await?;
    let (process, id) = house.processes().next().context("no process")?;
    let mebibytes = memory::highest(id)?;
    let seconds = started.elapsed().as_secs_f64();
    let answers = told.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let count: u64 = answers.values().sum();
    stop.send_replace(true);
    strangers.await??;
    Ok(Flood {
        process: process.to_owned(),
        rest,
        flooded,
        #[expect(clippy::cast_precision_loss, reason = "far fewer than f64 can count")]
        attempts_per_second: count as f64 / seconds,
        answers,
        mebibytes,
    })
}

async fn strangers(host: String, told: Arc<Told>, stopped: watch::Receiver<bool>) -> Result<()> {
    let all = (0..STRANGERS).map(|index| stranger(&host, index, &told, stopped.clone()));
    join_all(all).await.into_iter().collect()
}

/// Tries a password every few seconds. A late answer delays the next try of this stranger alone.
async fn stranger(host: &str, index: u32, told: &Told, mut stopped: watch::Receiver<bool>) -> Result<()> {
    let mut connection = Connection::open(host).await?;
    let every = Duration::from_secs(1) * STRANGERS / ATTEMPTS;
    let first = tokio::time::Instant::now() + every * index / STRANGERS;
    let mut turns = interval_at(first, every);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = turns.tick() => {}
            _ = stopped.wait_for(|stopped| *stopped) => return Ok(()),
        }
        let email = format!("{}@example.com", Uuid::new_v4());
        let body = json!({"email": email, "password": "not the password"});
        let answer = connection
            .send(Method::POST, "/api/auth/sign-in", Headers::default(), Some(&body))
            .await?;
        let mut answers = told.lock().unwrap_or_else(PoisonError::into_inner);
        *answers.entry(answer.status.as_u16()).or_default() += 1;
    }
}
