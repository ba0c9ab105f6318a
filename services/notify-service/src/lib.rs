//! notify-service: who hears of a change, and how.
//!
//! Events come from the queue "notify" ([`commands::receive_events`]); a pure function plans notifications
//! ([`domain::planning`]); deliveries carry them out as mail ([`commands::send_due_mail`]). Nothing is
//! published from here.

mod app;
pub mod commands;
pub mod config;
pub mod domain;
pub mod error;
pub mod events;
pub mod http;
pub mod mail;
pub mod queries;
pub mod store;

pub use app::App;
pub use config::Settings;
pub use store::schema;
