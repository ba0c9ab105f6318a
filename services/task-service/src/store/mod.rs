//! The database, and the only place in this service that speaks SQL.
//!
//! Locks are taken in one order everywhere: board, then columns by id, then tasks. A column's row lock is the
//! lock under which ranks are given out and its live tasks are counted.

pub mod board_page;
pub mod boards;
pub mod columns;
pub mod comments;
pub mod edit_task;
pub mod erasure;
pub mod export;
pub mod feed;
pub mod move_task;
pub mod people;
pub mod places;
pub mod rows;
pub mod task_list;
pub mod tasks;
pub mod trash;

use crate::error::TaskError;

/// This service's migrations.
pub const MIGRATIONS: postgres::EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");

impl From<diesel::result::Error> for TaskError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}
