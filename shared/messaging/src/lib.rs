//! Events between services: written with the change they describe, sent by a relay, applied exactly once.
//!
//! A service that publishes calls [`outbox::append`] in its transactions and runs a [`Producer`]. A service that
//! consumes gives a [`Handler`] to a [`Consumer`]. What carries the events is a [`Transport`], which services never see
//! the kind of. The README says what is guaranteed and how to look after it.

mod consumer;
pub mod erasure;
mod feed;
pub mod http;
pub mod outbox;
mod pace;
mod redrive;
mod relay;
pub mod settings;
mod sources;
mod store;
mod supervise;
mod transport;
mod transports;

pub use consumer::{Consumer, HandleError, Handler};
pub use feed::Feed;
pub use outbox::Stored;
pub use redrive::redrive;
pub use relay::{Producer, Route, Waker};
pub use settings::Settings;
pub use sources::{SourceError, Sources};
pub use transport::{
    Delivery, EntryError, Limits, Outgoing, Receipt, ReceiveOrder, Transport, TransportError, transport,
};
pub use transports::postgres::{PostgresTransport, bus_schema};
pub use transports::sqs::SqsTransport;

/// Tables that every service's schema holds: event log, feed heads, marks of what is to be sent, inbox, quarantine.
pub const MIGRATIONS: diesel_migrations::EmbeddedMigrations =
    diesel_migrations::embed_migrations!("migrations");
