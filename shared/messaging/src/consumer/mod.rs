//! The consumer: takes events from a queue and applies each exactly once, in the order of its stream.
//!
//! The inbox holds one row per stream with the version of the last event whose effect is committed; the row moves in
//! the transaction of the effect. What is older is a duplicate; what is not the next one is a hole, which is noted and
//! then fetched from the producer. So the queue may lose, double and reorder.

mod apply;
mod catch_up;
mod handler;
mod heartbeat;
mod lane;
pub(crate) mod plan;
mod reconcile;

use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::join_all;
use postgres::Database;
use tokio_util::sync::CancellationToken;

pub use handler::{HandleError, Handler};

use self::apply::Worker;
use crate::settings::{ReconcileSettings, Settings};
use crate::sources::Sources;
use crate::supervise::supervise;
use crate::transport::Transport;

/// Consumes one queue.
#[derive(Clone)]
pub struct Consumer {
    worker: Arc<Worker>,
    sources: Sources,
    reconcile: ReconcileSettings,
}

impl Consumer {
    /// Takes everything the consumer needs; nothing runs yet. The queue is named after its consumer.
    pub fn new(
        db: Database,
        transport: Arc<dyn Transport>,
        queue: &'static str,
        handler: Arc<dyn Handler>,
        sources: Sources,
        settings: &Settings,
    ) -> Consumer {
        let worker = Worker::new(db, transport, queue, handler, settings.consumer.clone());
        Consumer {
            worker: Arc::new(worker),
            sources,
            reconcile: settings.reconcile.clone(),
        }
    }

    /// Consumes until cancelled: what was received by then is applied and settled. Any number of replicas may run it.
    pub async fn run(self, cancel: CancellationToken) {
        let mut loops = Vec::new();
        for _ in 0..self.worker.settings.concurrency {
            let lane = || lane::run(Arc::clone(&self.worker), cancel.clone());
            loops.push(supervise("consume", cancel.clone(), lane).boxed());
        }
        let catch_up = || catch_up::run(Arc::clone(&self.worker), self.sources.clone(), cancel.clone());
        loops.push(supervise("catch up", cancel.clone(), catch_up).boxed());
        let compare = || {
            let reconcile = self.reconcile.clone();
            reconcile::run(
                Arc::clone(&self.worker),
                self.sources.clone(),
                reconcile,
                cancel.clone(),
            )
        };
        loops.push(supervise("reconcile", cancel.clone(), compare).boxed());
        join_all(loops).await;
    }
}
