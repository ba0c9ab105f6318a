//! task-service: boards, columns, tasks, comments, and the live feed of their changes.
//!
//! `domain` holds the rules, `commands` and `queries` the use cases, `store` the SQL, `http` the routes, and `events`
//! what is told to the other services. Every write is one transaction with its events.

pub mod app;
pub mod commands;
pub mod config;
pub mod domain;
pub mod error;
pub mod events;
mod http;
pub mod queries;
pub mod store;
pub mod views;

pub use app::{App, TaskService};
pub use config::Settings;
