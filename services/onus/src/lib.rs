//! The embedded default: the four services, their workers and the built web app in one process.
//!
//! Nothing here knows what a task is. Each service is the same crate that runs alone in the cloud, with the same routes,
//! database role and event bus; this crate gives them their settings, one public port, one internal port and one end.
//!
//! Invariant: this is the only crate that depends on more than one service.

pub mod app;
pub mod cli;
pub mod config;
pub mod seed;
