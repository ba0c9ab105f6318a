//! Queues in the schema `bus` of the same Postgres: durable, and nothing to install.
//!
//! All SQL is in the schema's functions. Groups are strictly one after the other: the second message of a
//! group is handed out when the first is acknowledged.

mod doorbell;
mod functions;

use std::time::Duration;

use ::postgres::{Database, Schema};
use async_trait::async_trait;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use self::doorbell::doorbell;
use crate::transport::{
    Delivery, EntryError, Limits, Outgoing, Receipt, ReceiveOrder, Transport, TransportError,
};

/// The longest pause between two looks at an empty queue. A send in this process ends it early.
const IDLE_POLL: Duration = Duration::from_millis(250);
/// The pause while there was something lately.
const BUSY_POLL: Duration = Duration::from_millis(25);
/// For how long after the beginning of a wait the pauses stay short.
const BUSY_FOR: Duration = Duration::from_millis(500);

const MIGRATIONS: diesel_migrations::EmbeddedMigrations =
    diesel_migrations::embed_migrations!("migrations_bus");

/// The schema that the Postgres transport needs, to be migrated before the services'.
pub fn bus_schema() -> Schema {
    Schema {
        name: "bus",
        sources: || vec![MIGRATIONS],
        requires: &[],
        after: &[],
    }
}

/// Queues in tables.
pub struct PostgresTransport {
    db: Database,
}

impl PostgresTransport {
    /// Uses the connections of this database.
    pub fn new(db: Database) -> PostgresTransport {
        PostgresTransport { db }
    }
}

#[async_trait]
impl Transport for PostgresTransport {
    fn limits(&self) -> Limits {
        Limits {
            entries: 100,
            bytes: 4 * 1024 * 1024,
        }
    }

    async fn send(
        &self,
        queue: &str,
        entries: &[Outgoing],
    ) -> Result<Vec<Result<(), EntryError>>, TransportError> {
        functions::send(&self.db, queue, entries)
            .await
            .map_err(|cause| TransportError::new("send", cause))?;
        doorbell(queue).notify_waiters();
        Ok(entries.iter().map(|_| Ok(())).collect())
    }

    async fn receive(
        &self,
        queue: &str,
        order: &ReceiveOrder,
        stop: &CancellationToken,
    ) -> Result<Vec<Delivery>, TransportError> {
        let began = Instant::now();
        let bell = doorbell(queue);
        loop {
            // Listening begins before the look, so that a send in between is heard.
            let rung = bell.notified();
            tokio::pin!(rung);
            rung.as_mut().enable();
            if stop.is_cancelled() {
                return Ok(Vec::new());
            }
            let found = functions::receive(&self.db, queue, order)
                .await
                .map_err(|cause| TransportError::new("receive", cause))?;
            let left = order.wait.saturating_sub(began.elapsed());
            if !found.is_empty() || left.is_zero() {
                return Ok(found);
            }
            let pause = if began.elapsed() < BUSY_FOR {
                BUSY_POLL
            } else {
                IDLE_POLL
            };
            tokio::select! {
                () = rung => {}
                () = tokio::time::sleep(pause.min(left)) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    async fn acknowledge(&self, queue: &str, receipts: &[Receipt]) -> Result<(), TransportError> {
        functions::acknowledge(&self.db, queue, receipts)
            .await
            .map_err(|cause| TransportError::new("acknowledge", cause))?;
        // The next of the same group can be received now.
        doorbell(queue).notify_waiters();
        Ok(())
    }

    async fn extend(
        &self,
        queue: &str,
        receipts: &[Receipt],
        visibility: Duration,
    ) -> Result<(), TransportError> {
        functions::postpone(&self.db, queue, receipts, visibility)
            .await
            .map_err(|cause| TransportError::new("extend", cause))
    }

    async fn release(
        &self,
        queue: &str,
        receipts: &[Receipt],
        delay: Duration,
    ) -> Result<(), TransportError> {
        functions::postpone(&self.db, queue, receipts, delay)
            .await
            .map_err(|cause| TransportError::new("release", cause))
    }

    async fn probe(&self, queue: &str) -> Result<(), TransportError> {
        functions::depth(&self.db, queue)
            .await
            .map(drop)
            .map_err(|cause| TransportError::new("probe", cause))
    }
}
