//! Postgres for all services: pools, transactions that nobody can abort half-way, idempotency keys,
//! notifications and migrations.
//!
//! A service opens one [`Database`] for its own schema and role. Reads take a pooled connection; writes go
//! through [`Database::write`] or [`Database::write_once`], which own the transaction.

mod connect;
mod database;
mod error;
pub mod idempotency;
mod listen;
mod migrate;
mod settings;
mod statement;

pub use database::{Answer, Database, PooledConnection};
pub use diesel_async::AsyncPgConnection as Connection;
pub use diesel_migrations::EmbeddedMigrations;
pub use error::{DbError, OpenError};
pub use listen::Listener;
pub use migrate::{MigrateError, Schema, migrate, migrate_as, revert_all, set_password};
pub use settings::{Settings, Tls};
pub use statement::{Statement, statement};

/// Tables that every service's schema holds: the idempotency keys.
pub const MIGRATIONS: EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");
