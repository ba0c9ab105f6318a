//! What a process does besides answering: relays, consumers, senders.

use crate::{PartState, Probe};
use async_trait::async_trait;
use futures::FutureExt as _;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

/// The background tasks of a process. Each ends when [`Workers::stop`] is cancelled, and not before.
#[derive(Clone, Debug, Default)]
pub struct Workers {
    /// Every task, to be waited for.
    pub tracker: TaskTracker,
    /// Cancelled when the workers are to finish what they have in hand and end.
    pub stop: CancellationToken,
    ended: Arc<Mutex<Vec<&'static str>>>,
    failed: CancellationToken,
}

impl Workers {
    /// No workers yet.
    pub fn new() -> Workers {
        Workers::default()
    }

    /// Starts a worker. One that ends before it was told to is reported in the log and in `/readyz`.
    pub fn spawn(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let workers = self.clone();
        let span = tracing::info_span!(parent: None, "worker", worker = name);
        let watched = async move {
            // The panic itself is logged by the panic hook.
            let outcome = AssertUnwindSafe(work).catch_unwind().await;
            if workers.stop.is_cancelled() && outcome.is_ok() {
                return;
            }
            tracing::error!(
                worker = name,
                panicked = outcome.is_err(),
                "a worker ended before its time"
            );
            metrics::counter!("workers_ended_total", "worker" => name).increment(1);
            workers
                .ended
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(name);
            workers.failed.cancel();
        };
        self.tracker.spawn(watched.instrument(span));
    }

    /// Returns when a worker has ended before its time.
    pub async fn failed(&self) {
        self.failed.cancelled().await;
    }

    /// The workers that have ended before their time.
    pub fn ended(&self) -> Vec<&'static str> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells all to end and waits, at most this long. Says whether all of them did.
    pub async fn drain(&self, at_most: Duration) -> bool {
        self.stop.cancel();
        self.tracker.close();
        let done = tokio::time::timeout(at_most, self.tracker.wait()).await.is_ok();
        if !done {
            tracing::warn!(left = self.tracker.len(), "workers did not end in time");
        }
        done
    }
}

/// The workers as a part of `/readyz`.
pub(crate) struct WorkersProbe(pub(crate) Workers);

#[async_trait]
impl Probe for WorkersProbe {
    fn name(&self) -> &str {
        "workers"
    }

    async fn check(&self) -> PartState {
        let ended = self.0.ended();
        if ended.is_empty() {
            PartState::Ok
        } else {
            PartState::Degraded(format!("ended: {}", ended.join(", ")))
        }
    }
}
