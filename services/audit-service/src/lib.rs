//! The audit log: every change of every workspace, appended once, in order, with its exact bytes.
//!
//! Events come in from a queue ([`events`]), become entries ([`domain`], [`store`]) and are read over HTTP ([`http`],
//! [`queries`]). Nothing goes out: this service publishes no events and calls nobody, except to fetch from the
//! producers what the queue did not bring.
//!
//! Invariant: no statement of this service changes or deletes an entry, and its database role could not do it.

mod app;
pub mod config;
pub mod domain;
pub mod events;
pub mod http;
pub mod queries;
pub mod store;

pub use app::App;
pub use store::schema;
