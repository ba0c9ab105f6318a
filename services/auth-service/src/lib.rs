//! People, the workspaces they belong to, their roles, and their sessions. Nobody else knows a password; everybody
//! else knows people only from the access tokens signed here and from the `user.changed` events published here.
//!
//! [`app`] lists the use cases. [`commands`] write and [`queries`] read, both through [`store`]; [`domain`] holds the
//! rules; [`http`] speaks with clients. Other ways to sign in get their own files in these folders.

pub mod access;
pub mod app;
mod argon;
pub mod ceremony;
pub mod clients;
pub mod commands;
pub mod config;
pub mod discovery;
pub mod domain;
pub mod error;
pub mod events;
pub mod http;
pub mod issue;
pub mod keys;
pub mod passkeys;
pub mod passwords;
pub mod providers;
pub mod queries;
pub mod second_factor;
pub mod security_log;
mod service;
pub mod store;
mod threads;
pub mod tools;
pub mod tries;
pub mod views;

pub use service::AuthService;
