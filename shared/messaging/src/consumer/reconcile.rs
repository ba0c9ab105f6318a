//! The comparison of heads: finds what no later event would reveal, such as a lost last event or a wiped queue.
//!
//! The producer is asked for the versions of all streams that changed since the last complete comparison, however
//! long ago that was, and a little before: an event's time of writing is earlier than its commit.

use std::sync::Arc;

use chrono::TimeDelta;
use futures::FutureExt as _;
use postgres::DbError;
use tokio_util::sync::CancellationToken;

use super::apply::Worker;
use super::plan::StreamKey;
use crate::settings::{ReconcileSettings, ms};
use crate::sources::{Heads, SourceError, Sources};
use crate::store::{gap, inbox, mark};
use crate::supervise::pause;

pub(super) async fn run(
    worker: Arc<Worker>,
    sources: Sources,
    settings: ReconcileSettings,
    cancel: CancellationToken,
) {
    while !cancel.is_cancelled() {
        for source in sources.names() {
            if cancel.is_cancelled() {
                return;
            }
            if let Err(error) = compare(&worker, &sources, source, &settings).await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    queue = worker.queue,
                    source,
                    "heads could not be compared; the next comparison covers this time too"
                );
            }
        }
        measure(&worker).await;
        pause(ms(settings.interval_ms), &cancel).await;
    }
}

#[derive(Debug, thiserror::Error)]
enum CompareError {
    #[error("the producer did not tell its heads")]
    Source(#[from] SourceError),
    #[error("the inbox could not be compared")]
    Db(#[from] DbError),
}

async fn compare(
    worker: &Worker,
    sources: &Sources,
    source: &str,
    settings: &ReconcileSettings,
) -> Result<(), CompareError> {
    let queue = worker.queue;
    let mark = mark::read(&mut *worker.db.read().await?, queue, source).await?;
    let overlap = TimeDelta::from_std(ms(settings.overlap_ms)).unwrap_or(TimeDelta::zero());
    let since = mark.map(|mark| mark - overlap);
    let (mut cursor, mut until) = (None, None);
    loop {
        let Heads { now, items, next } = sources.heads(source, since, cursor).await?;
        // The clock of the first page: what is written while the rest is read belongs to the next comparison.
        let until = *until.get_or_insert(now);
        let done = next.is_none();
        let known: Vec<(StreamKey, i64)> = items
            .into_iter()
            .map(|head| {
                (
                    StreamKey {
                        source: source.to_owned(),
                        stream: head.stream,
                    },
                    head.version,
                )
            })
            .collect();
        let (name, settle) = (source.to_owned(), ms(settings.settle_ms));
        let missing = worker
            .db
            .write::<usize, DbError, _>(move |conn| {
                async move {
                    let missing = gap::note(conn, queue, &known, settle).await?;
                    if done {
                        mark::write(conn, queue, &name, until).await?;
                    }
                    Ok(missing)
                }
                .boxed()
            })
            .await?;
        tracing::debug!(queue, source, missing, "heads compared");
        match next {
            Some(next) => cursor = Some(next),
            None => return Ok(()),
        }
    }
}

async fn measure(worker: &Worker) {
    let Ok(mut conn) = worker.db.read().await else {
        return;
    };
    if let Ok(parked) = inbox::parked(&mut conn, worker.queue).await {
        metrics::gauge!("messaging_parked_streams", "queue" => worker.queue).set(parked as f64);
    }
}
