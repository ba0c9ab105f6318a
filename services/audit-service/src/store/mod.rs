//! The log's tables. All SQL of this service is here.

mod append;
mod erasure;
mod page;

use postgres::Schema;

pub use append::{AppendError, append};
pub use erasure::{Membership, erased, forget};
pub use page::{Row, page};

#[cfg(test)]
mod append_tests;
#[cfg(test)]
mod plan_tests;

/// The schema with its roles and migrations.
pub fn schema() -> Schema {
    Schema {
        name: "audit",
        sources: || vec![postgres::MIGRATIONS, messaging::MIGRATIONS, MIGRATIONS],
        requires: &[messaging::bus_schema],
        after: &[],
    }
}

const MIGRATIONS: postgres::EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");
