//! Fetches from their producers the events that the queue did not bring.

use std::sync::Arc;
use std::time::Duration;

use contracts::Event;
use futures::FutureExt as _;
use futures::stream::{self, StreamExt as _};
use postgres::DbError;
use tokio_util::sync::CancellationToken;

use super::apply::{Arrival, Verdict, Worker};
use crate::pace::Backoff;
use crate::settings::ms;
use crate::sources::Sources;
use crate::store::gap::{self, Gap};
use crate::supervise::pause;

/// Streams taken at once, and how many of them are fetched at the same time.
const CLAIM: i64 = 64;
const PARALLEL: usize = 4;
/// After this time another replica may take a stream over.
const LEASE: Duration = Duration::from_secs(30);

pub(super) async fn run(worker: Arc<Worker>, sources: Sources, cancel: CancellationToken) {
    let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(5));
    while !cancel.is_cancelled() {
        match claim(&worker).await {
            Ok(gaps) if gaps.is_empty() => {
                backoff.reset();
                tokio::select! {
                    () = worker.hole.notified() => {}
                    () = tokio::time::sleep(ms(worker.settings.gap_poll_ms)) => {}
                    () = cancel.cancelled() => {}
                }
            }
            Ok(gaps) => {
                backoff.reset();
                let (worker, sources, cancel) = (&worker, &sources, &cancel);
                stream::iter(gaps)
                    .for_each_concurrent(PARALLEL, |gap| async move {
                        let delay = fill(worker, sources, &gap, cancel).await;
                        put_back(worker, gap, delay).await;
                    })
                    .await;
            }
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    queue = worker.queue,
                    "gaps cannot be read"
                );
                pause(backoff.next(), &cancel).await;
            }
        }
    }
}

/// Fetches and applies what is missing of a stream; says when to look at it again.
async fn fill(worker: &Worker, sources: &Sources, gap: &Gap, cancel: &CancellationToken) -> Duration {
    let mut next = gap.head + 1;
    while next <= gap.known && !cancel.is_cancelled() {
        let fetched = match sources.events(&gap.source, &gap.stream, next..=gap.known).await {
            Ok(events) => follow(events, gap, next),
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    queue = worker.queue,
                    stream = gap.stream,
                    "missing events cannot be fetched now"
                );
                return ms(worker.settings.retry_ms) * 4;
            }
        };
        let Some(last) = fetched.last().map(|event| event.version) else {
            tracing::error!(
                queue = worker.queue,
                source = gap.source,
                stream = gap.stream,
                version = next,
                "the producer does not have an event that must exist"
            );
            return ms(worker.settings.max_retry_ms);
        };
        let arrivals: Vec<Arrival> = fetched
            .into_iter()
            .map(|event| Arrival { event, attempt: 1 })
            .collect();
        let taken = worker.take(&arrivals).await;
        if let Some(delay) = taken.verdicts.iter().find_map(|verdict| match verdict {
            Verdict::Done => None,
            Verdict::Later(delay) => Some(*delay),
        }) {
            return delay;
        }
        metrics::counter!("messaging_fetched_total", "queue" => worker.queue)
            .increment(arrivals.len() as u64);
        next = last + 1;
    }
    Duration::ZERO
}

/// The events that follow one another from `next` on; anything else in the answer is not what was asked for.
fn follow(events: Vec<Event>, gap: &Gap, next: i64) -> Vec<Event> {
    events
        .into_iter()
        .zip(next..)
        .take_while(|(event, version)| {
            event.version == *version && event.source == gap.source && event.stream.as_str() == gap.stream
        })
        .map(|(event, _)| event)
        .collect()
}

async fn claim(worker: &Worker) -> Result<Vec<Gap>, DbError> {
    let queue = worker.queue;
    worker
        .db
        .write(move |conn| async move { gap::claim(conn, queue, CLAIM, LEASE).await }.boxed())
        .await
}

async fn put_back(worker: &Worker, gap: Gap, delay: Duration) {
    let queue = worker.queue;
    let result = worker
        .db
        .write::<(), DbError, _>(move |conn| {
            async move { gap::put_back(conn, queue, &gap, delay).await }.boxed()
        })
        .await;
    if let Err(error) = result {
        // The lease ends by itself.
        tracing::debug!(
            error = &error as &dyn std::error::Error,
            queue,
            "a gap stays leased"
        );
    }
}
