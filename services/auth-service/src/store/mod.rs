//! The only place that knows SQL. Functions take a connection and do one thing; transactions belong to the commands,
//! and so does the order of locks: workspace, then person, then membership, then session.

pub mod account_links;
pub mod address_notes;
pub mod api_tokens;
pub mod ceremonies;
pub mod erasure;
pub mod export;
pub mod identities;
pub mod invitations;
pub mod kind;
pub mod memberships;
pub mod origins;
pub mod passkeys;
pub mod people;
pub mod pictures;
pub mod revocations;
pub mod role;
mod schema;
pub mod second_factors;
pub mod service_accounts;
pub mod sessions;
pub mod signing_keys;
pub mod throttles;
pub mod workspace_settings;
pub mod workspaces;

use diesel_migrations::embed_migrations;
use postgres::EmbeddedMigrations;

/// This service's own tables.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// The schema `auth` with everything that lives in it.
pub fn schema() -> postgres::Schema {
    postgres::Schema {
        name: "auth",
        sources: || vec![postgres::MIGRATIONS, messaging::MIGRATIONS, MIGRATIONS],
        requires: &[messaging::bus_schema],
        after: &[],
    }
}
