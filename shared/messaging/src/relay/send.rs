//! Sending to one destination.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures::stream::StreamExt as _;
use futures::{FutureExt as _, stream};
use postgres::{Connection, Database, DbError};
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::pending::{Entry, Lanes, Unsendable};
use crate::pace::{Backoff, Pace, doubled};
use crate::settings::{RelaySettings, ms};
use crate::store::relay as store;
use crate::supervise::pause;
use crate::transport::{EntryError, Transport, TransportError};

/// Batches under way at the same time. Their streams differ, so their order does not matter.
const PARALLEL: usize = 4;
/// After this time no new round is begun: the shards' locks are given up now and then.
const WINDOW: Duration = Duration::from_secs(3);
/// The longest pause for a refused stream or destination.
const LONGEST: Duration = Duration::from_secs(60);
/// How often the lag is measured.
const MEASURE: Duration = Duration::from_secs(5);
/// Streams that are left out of a look at most; more of them are simply tried again.
const MOST_BLOCKED: usize = 1_000;

/// The loop that sends to one destination.
pub(super) struct Sender {
    pub(super) db: Database,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) destination: &'static str,
    pub(super) settings: RelaySettings,
    pub(super) wake: Arc<Notify>,
}

/// A stream whose entry was refused.
struct Blocked {
    tries: u32,
    until: Instant,
}

/// What one look brought.
#[derive(Default)]
struct Window {
    sent: Vec<i64>,
    refused: Vec<Unsendable>,
    outage: Option<TransportError>,
}

impl Sender {
    pub(super) async fn run(self, cancel: CancellationToken) {
        let mut pace = Pace::new(ms(self.settings.busy_poll_ms), ms(self.settings.idle_poll_ms));
        let mut backoff = Backoff::new(ms(self.settings.retry_ms), LONGEST);
        let mut blocked: HashMap<String, Blocked> = HashMap::new();
        let mut measured: Option<Instant> = None;
        while !cancel.is_cancelled() {
            if measured.is_none_or(|measured| measured.elapsed() > MEASURE) {
                measured = Some(Instant::now());
                self.measure().await;
            }
            match self.look(&blocked).await {
                Ok(window) => {
                    self.remember(&mut blocked, &window);
                    if let Some(outage) = window.outage {
                        self.tell(&outage, "the destination takes nothing now");
                        pause(backoff.next(), &cancel).await;
                        continue;
                    }
                    backoff.reset();
                    if !window.sent.is_empty() {
                        pace.worked();
                        continue;
                    }
                }
                Err(error) => {
                    self.tell(&error, "unsent events cannot be read now");
                    pause(backoff.next(), &cancel).await;
                    continue;
                }
            }
            tokio::select! {
                () = self.wake.notified() => {}
                () = tokio::time::sleep(pace.pause()) => {}
                () = cancel.cancelled() => {}
            }
        }
    }

    /// Sends what is there, in one transaction that holds the shards' locks and ends with the marks gone.
    async fn look(&self, blocked: &HashMap<String, Blocked>) -> Result<Window, DbError> {
        if !store::any_unsent(&mut *self.db.read().await?, self.destination).await? {
            return Ok(Window::default());
        }
        let now = Instant::now();
        let skip: Vec<String> = blocked
            .iter()
            .filter(|(_, blocked)| blocked.until > now)
            .map(|(stream, _)| stream.clone())
            .take(MOST_BLOCKED)
            .collect();
        let (transport, destination) = (Arc::clone(&self.transport), self.destination);
        let batch = i64::try_from(self.settings.batch).unwrap_or(i64::MAX);
        self.db
            .write(move |conn| {
                async move { window(conn, transport.as_ref(), destination, &skip, batch).await }.boxed()
            })
            .await
    }

    /// Keeps account of the streams that are blocked, and tells about them.
    fn remember(&self, blocked: &mut HashMap<String, Blocked>, window: &Window) {
        let now = Instant::now();
        for refused in &window.refused {
            let entry = blocked
                .entry(refused.stream.clone())
                .or_insert(Blocked { tries: 0, until: now });
            entry.tries = entry.tries.saturating_add(1);
            entry.until = now + doubled(ms(self.settings.retry_ms), entry.tries, LONGEST);
            tracing::warn!(
                destination = self.destination,
                stream = refused.stream,
                reason = refused.reason,
                tries = entry.tries,
                "an event was refused; its stream waits"
            );
        }
        // A stream that was not refused again for a while is forgotten, or the map would only grow.
        blocked.retain(|_, blocked| blocked.until + LONGEST * 2 > now);
        metrics::counter!("messaging_sent_total", "destination" => self.destination)
            .increment(window.sent.len() as u64);
        metrics::counter!("messaging_refused_total", "destination" => self.destination)
            .increment(window.refused.len() as u64);
    }

    fn tell(&self, error: &(dyn std::error::Error + 'static), what: &str) {
        tracing::warn!(error, destination = self.destination, "{what}");
    }

    async fn measure(&self) {
        let Ok(mut conn) = self.db.read().await else {
            return;
        };
        if let Ok((service, seconds)) = store::lag(&mut conn, self.destination).await {
            metrics::gauge!("messaging_relay_lag_seconds", "service" => service, "destination" => self.destination)
                .set(seconds);
        }
    }
}

async fn window(
    conn: &mut Connection,
    transport: &dyn Transport,
    destination: &str,
    skip: &[String],
    batch: i64,
) -> Result<Window, DbError> {
    let began = Instant::now();
    let mut window = Window::default();
    let shards = store::lock_unsent(conn, destination).await?;
    if shards.is_empty() {
        return Ok(window);
    }
    let mut lanes = Lanes::new(store::unsent(conn, destination, &shards, skip, batch).await?);
    while window.outage.is_none() && began.elapsed() < WINDOW {
        let round = lanes.round(transport.limits());
        window.refused.extend(round.unsendable);
        if round.batches.is_empty() {
            break;
        }
        let answers: Vec<_> = stream::iter(round.batches)
            .map(|batch| send(transport, destination, batch))
            .buffer_unordered(PARALLEL)
            .collect()
            .await;
        for answer in answers {
            match answer {
                Ok(results) => results
                    .into_iter()
                    .for_each(|result| note(&mut window, &mut lanes, result)),
                Err(outage) => window.outage = Some(outage),
            }
        }
    }
    if !window.sent.is_empty() {
        store::sent(conn, destination, &shards, &window.sent).await?;
    }
    Ok(window)
}

async fn send(
    transport: &dyn Transport,
    destination: &str,
    batch: Vec<Entry>,
) -> Result<Vec<(i64, String, Result<(), EntryError>)>, TransportError> {
    let (log_ids, entries): (Vec<i64>, Vec<_>) = batch
        .into_iter()
        .map(|entry| (entry.log_id, entry.outgoing))
        .unzip();
    let mut results = transport.send(destination, &entries).await?.into_iter();
    Ok(log_ids
        .into_iter()
        .zip(entries)
        .map(|(log_id, entry)| {
            let missing = || {
                Err(EntryError {
                    reason: "no answer for this entry".to_owned(),
                    permanent: false,
                })
            };
            (log_id, entry.group, results.next().unwrap_or_else(missing))
        })
        .collect())
}

fn note(
    window: &mut Window,
    lanes: &mut Lanes,
    (log_id, stream, result): (i64, String, Result<(), EntryError>),
) {
    match result {
        Ok(()) => window.sent.push(log_id),
        Err(error) => {
            lanes.block(&stream);
            window.refused.push(Unsendable {
                stream,
                reason: error.reason,
            });
        }
    }
}
