//! Everything that speaks SQL. The tables are in the schema `notify`, found by the search path.

pub mod deliveries;
pub mod erasure;
pub mod export;
pub mod letters;
pub mod mailbox;
pub mod notifications;
pub mod people;
pub mod preferences;
mod schema;

use diesel_migrations::embed_migrations;
use postgres::EmbeddedMigrations;

/// This service's own tables.
const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// The schema `notify` with everything that lives in it.
pub fn schema() -> postgres::Schema {
    postgres::Schema {
        name: "notify",
        sources: || vec![postgres::MIGRATIONS, messaging::MIGRATIONS, MIGRATIONS],
        requires: &[messaging::bus_schema],
        after: &[],
    }
}
