//! The chassis that every service stands on: server, errors, health, extractors and the command line.
//!
//! A service implements [`Service`] and its `main` is `web_kit::cli::run::<TheService>()`. Handlers take the extractors
//! of this crate ([`Json`], [`Query`], [`PathId`], [`IfMatch`], [`Idempotency`]) and return `Result<_, Problem>`;
//! whatever goes wrong, the client gets problem details (RFC 9457) whose `request_id` is the answer's `x-request-id`.
//!
//! Declare a path once with `web::resource("/api/boards").route(web::get().to(..)).route(web::post().to(..))`: a method
//! that is not there is then answered with 405. `cfg.route(..)` twice for one path would make it a 404.
//!
//! Invariant: nothing here knows a business noun.

mod body;
mod boundary;
pub mod cli;
pub mod client;
mod client_ip;
pub mod cors;
pub mod cursor;
pub mod download;
pub mod etag;
mod fields;
mod form;
mod gate;
pub mod health;
pub mod http;
mod idempotency;
mod if_match;
pub mod internal;
mod json;
mod page;
pub mod patch;
mod path_id;
mod query;
mod raw;
mod request_id;
mod revocations;
mod security;
mod server;
mod service;
mod signals;
pub mod spa;
mod span;
mod stopping;
pub mod text;
mod unhandled;
mod words;
mod workers;

pub use client_ip::{ClientIp, TrustedProxies};
pub use cors::Origin;
pub use form::{Form, Repeated};
pub use health::{PartState, Probe};
pub use idempotency::{Idempotency, OpenIdempotency};
pub use if_match::IfMatch;
pub use json::Json;
pub use page::{DEFAULT_LIMIT, MAX_LIMIT, Page, PageQuery, limit};
pub use path_id::PathId;
pub use query::Query;
pub use raw::Raw;
pub use request_id::RequestId;
pub use revocations::follow;
pub use server::{Bound, Server};
pub use service::{HasCommon, Service};
pub use signals::stop_on_signals;
pub use stopping::Stopping;
pub use words::words;
pub use workers::Workers;
