//! What the bus asks of a queue. Services know this trait and never what is behind it.
//!
//! A transport may lose, double, delay and reorder: the event log, the inbox and the comparison of heads make
//! the result right anyway. What it must do: tell entry by entry what it took, and hand out a message again
//! unless it was acknowledged. What it should do: keep the order within a group.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::settings::{Settings, TransportKind};
use crate::transports::postgres::PostgresTransport;
use crate::transports::sqs::SqsTransport;

/// How much one batch may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Entries in a batch.
    pub entries: usize,
    /// Bytes in a batch, and in one entry.
    pub bytes: usize,
}

/// A message on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The event's id: the transport may drop a second message with the same one.
    pub id: Uuid,
    /// The stream: messages of one group stay in order.
    pub group: String,
    /// The event as JSON.
    pub body: String,
}

/// Proof that one holds a delivery. Only its transport can read it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Receipt(pub String);

/// A message that was handed out, hidden from others until its visibility ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// To settle it with.
    pub receipt: Receipt,
    /// The group it was sent with.
    pub group: String,
    /// The event as JSON.
    pub body: String,
    /// How often it was handed out, this time included.
    pub attempt: u32,
}

/// Why one entry of a batch was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the entry was refused: {reason}")]
pub struct EntryError {
    /// The transport's reason.
    pub reason: String,
    /// Whether the entry itself is at fault, so that trying again will not help.
    pub permanent: bool,
}

/// Why a whole call failed. Such a failure is an outage: it never counts against an event.
#[derive(Debug, thiserror::Error)]
#[error("the transport failed to {action}")]
pub struct TransportError {
    action: &'static str,
    #[source]
    cause: Box<dyn Error + Send + Sync>,
}

impl TransportError {
    /// An outage met while trying to `action`.
    pub fn new(action: &'static str, cause: impl Into<Box<dyn Error + Send + Sync>>) -> TransportError {
        TransportError {
            action,
            cause: cause.into(),
        }
    }
}

/// A set of queues.
#[async_trait]
pub trait Transport: Send + Sync + 'static {
    /// How much one batch may hold.
    fn limits(&self) -> Limits;

    /// Sends a batch; the answer has one result per entry, in the same order.
    async fn send(
        &self,
        queue: &str,
        entries: &[Outgoing],
    ) -> Result<Vec<Result<(), EntryError>>, TransportError>;

    /// Takes up to `order.most` messages, waiting until there is one, the wait is over, or `stop` is cancelled.
    /// A stopped receive hands out nothing it would then lose.
    async fn receive(
        &self,
        queue: &str,
        order: &ReceiveOrder,
        stop: &CancellationToken,
    ) -> Result<Vec<Delivery>, TransportError>;

    /// Says that the deliveries are dealt with.
    async fn acknowledge(&self, queue: &str, receipts: &[Receipt]) -> Result<(), TransportError>;

    /// Keeps the deliveries hidden for another `visibility`, counted from now.
    async fn extend(
        &self,
        queue: &str,
        receipts: &[Receipt],
        visibility: Duration,
    ) -> Result<(), TransportError>;

    /// Gives the deliveries back; they are handed out again after `delay`.
    async fn release(&self, queue: &str, receipts: &[Receipt], delay: Duration)
    -> Result<(), TransportError>;

    /// Finds out whether the queue can be reached.
    async fn probe(&self, queue: &str) -> Result<(), TransportError>;
}

/// What a receive asks for.
#[derive(Clone, Copy, Debug)]
pub struct ReceiveOrder {
    /// Messages at most.
    pub most: usize,
    /// How long to wait for the first one.
    pub wait: Duration,
    /// For how long they are hidden from others.
    pub visibility: Duration,
}

/// Makes the transport that the settings name.
///
/// # Errors
/// When its client cannot be built.
pub async fn transport(
    settings: &Settings,
    db: &postgres::Database,
) -> Result<Arc<dyn Transport>, TransportError> {
    match settings.transport {
        TransportKind::Postgres => Ok(Arc::new(PostgresTransport::new(db.clone()))),
        TransportKind::Sqs => Ok(Arc::new(SqsTransport::connect(&settings.sqs).await?)),
    }
}
