//! Migrations: the only code that may assume the owner's role.
//!
//! Each schema `x` belongs to the role `onus_x_owner`, which nobody can log in as. The service logs in as
//! `onus_x`, which can read and write rows in that schema and nothing else. [`migrate`] makes roles and
//! schema where they are missing, runs what is pending as the owner, and can be repeated at any time.

use diesel::migration::{Migration, MigrationSource};
use diesel::pg::Pg;
use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection as _};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _};
use postgres_protocol::password::scram_sha_256;
use secrecy::{ExposeSecret as _, SecretString};

use crate::connect::Connector;
use crate::{OpenError, Settings};

/// Number of the advisory lock that lets one migration run at a time in a database.
const LOCK: i64 = 0x6f6e_7573_6d69_6772;

/// A schema and what builds it.
#[derive(Clone, Copy)]
pub struct Schema {
    /// Its name, such as `task`; the roles are `onus_task` and `onus_task_owner`.
    pub name: &'static str,
    /// Its migrations; sorted by version over all sources before they run.
    pub sources: fn() -> Vec<EmbeddedMigrations>,
    /// Schemas that come first, and whose service role this one's is made a member of.
    pub requires: &'static [fn() -> Schema],
    /// Statements that need the administrator, run after the migrations each time.
    pub after: &'static [&'static str],
}

/// Why migrations did not run to their end.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The URL or TLS settings cannot be used.
    #[error("the administrator's connection cannot be made")]
    Open(#[from] OpenError),
    /// The database cannot be reached.
    #[error("the database cannot be reached")]
    Connect(#[from] diesel::ConnectionError),
    /// A statement that prepares roles and schema failed.
    #[error("roles and schema cannot be prepared")]
    Prepare(#[from] diesel::result::Error),
    /// A migration failed.
    #[error("a migration of the schema {schema} failed")]
    Migration {
        /// The schema.
        schema: &'static str,
        /// What the migration said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

struct Sources(Vec<EmbeddedMigrations>);

impl MigrationSource<Pg> for Sources {
    fn migrations(&self) -> diesel::migration::Result<Vec<Box<dyn Migration<Pg>>>> {
        let mut all = Vec::new();
        for source in &self.0 {
            all.extend(MigrationSource::<Pg>::migrations(source)?);
        }
        Ok(all)
    }
}

/// Brings a schema, and those it requires, up to date. Gives the names of the migrations that ran.
///
/// # Errors
/// When the administrator cannot connect or a migration fails; a failed migration leaves nothing behind.
pub async fn migrate(admin_url: &SecretString, schema: &Schema) -> Result<Vec<String>, MigrateError> {
    migrate_as(&Settings::for_url(admin_url.clone()), schema).await
}

/// As [`migrate`], with all that can be set of the administrator's connection.
///
/// # Errors
/// As [`migrate`].
pub async fn migrate_as(admin: &Settings, schema: &Schema) -> Result<Vec<String>, MigrateError> {
    let mut ran = Vec::new();
    for required in schema.requires {
        ran.extend(Box::pin(migrate_as(admin, &required())).await?);
    }
    let mut connection = connect(admin, schema.name).await?;
    connection.batch_execute(&prepare(schema)).await?;
    connection.batch_execute(&as_owner(schema.name)).await?;
    let mut harness = AsyncMigrationHarness::new(connection);
    let versions = harness
        .run_pending_migrations(Sources((schema.sources)()))
        .map_err(|source| MigrateError::Migration {
            schema: schema.name,
            source,
        })?;
    ran.extend(
        versions
            .iter()
            .map(|version| format!("{} {version}", schema.name)),
    );
    let mut connection = harness.into_inner();
    connection.batch_execute("RESET ROLE").await?;
    for statement in schema.after {
        connection.batch_execute(statement).await?;
    }
    connection
        .batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})"))
        .await?;
    Ok(ran)
}

/// Takes every migration of the schema back, the newest first: for tests that walk down and up again.
///
/// # Errors
/// As [`migrate`].
pub async fn revert_all(admin_url: &SecretString, schema: &Schema) -> Result<(), MigrateError> {
    let mut connection = connect(&Settings::for_url(admin_url.clone()), schema.name).await?;
    connection.batch_execute(&as_owner(schema.name)).await?;
    let mut harness = AsyncMigrationHarness::new(connection);
    harness
        .revert_all_migrations(Sources((schema.sources)()))
        .map_err(|source| MigrateError::Migration {
            schema: schema.name,
            source,
        })?;
    Ok(())
}

/// Gives the service's role of a schema this password, so that a rotation is: new secret, `migrate`, new processes.
/// Only the verifier of SCRAM-SHA-256 (RFC 7677) goes into the statement: whoever reads the server's log learns nothing.
///
/// # Errors
/// As [`migrate`].
pub async fn set_password(
    admin: &Settings,
    schema: &Schema,
    password: &SecretString,
) -> Result<(), MigrateError> {
    let verifier = scram_sha_256(password.expose_secret().as_bytes());
    let role = schema.name;
    let mut connection = connect(admin, schema.name).await?;
    connection
        .batch_execute(&format!("ALTER ROLE onus_{role} LOGIN PASSWORD '{verifier}'"))
        .await?;
    Ok(())
}

async fn connect(admin: &Settings, schema: &str) -> Result<AsyncPgConnection, MigrateError> {
    let mut settings = admin.clone();
    settings.statement_timeout_ms = 600_000;
    let mut connection = Connector::new(&settings, schema, "onus-migrate")?
        .connect()
        .await?;
    connection
        .batch_execute(&format!("SELECT pg_advisory_lock({LOCK})"))
        .await?;
    Ok(connection)
}

fn as_owner(schema: &str) -> String {
    format!("SET ROLE onus_{schema}_owner")
}

/// Roles, schema and rights. Roles belong to the whole cluster, so another database's migration may make
/// them at the same moment.
fn prepare(schema: &Schema) -> String {
    let name = schema.name;
    let memberships: String = schema
        .requires
        .iter()
        .map(|required| {
            format!(
                "PERFORM pg_temp.onus_member('onus_{}', 'onus_{name}');",
                required().name
            )
        })
        .collect();
    format!(
        "SET client_min_messages = warning;
        CREATE OR REPLACE FUNCTION pg_temp.onus_role(role_name text, kind text) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
                EXECUTE format('CREATE ROLE %I %s', role_name, kind);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$;
        CREATE OR REPLACE FUNCTION pg_temp.onus_member(group_name text, member_name text) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
                           JOIN pg_roles r ON r.oid = m.member WHERE g.rolname = group_name AND r.rolname = member_name) THEN
                EXECUTE format('GRANT %I TO %I', group_name, member_name);
            END IF;
            -- Since version 16 who creates a role without being a superuser, as on Aurora, may grant it, but not assume it.
            IF current_setting('server_version_num')::int >= 160000 THEN
                IF NOT pg_has_role(member_name, group_name, 'SET') THEN
                    EXECUTE format('GRANT %I TO %I WITH SET TRUE, INHERIT TRUE', group_name, member_name);
                END IF;
            END IF;
        EXCEPTION WHEN unique_violation THEN NULL;
        END $$;
        DO $$ BEGIN
            PERFORM pg_temp.onus_role('onus_{name}_owner', 'NOLOGIN');
            PERFORM pg_temp.onus_role('onus_{name}', 'LOGIN');
            PERFORM pg_temp.onus_member('onus_{name}_owner', current_user);
            PERFORM pg_temp.onus_member('onus_{name}', current_user);
            {memberships}
        END $$;
        CREATE SCHEMA IF NOT EXISTS {name} AUTHORIZATION onus_{name}_owner;
        GRANT USAGE ON SCHEMA {name} TO onus_{name};
        SET ROLE onus_{name}_owner;
        ALTER DEFAULT PRIVILEGES IN SCHEMA {name} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO onus_{name};
        ALTER DEFAULT PRIVILEGES IN SCHEMA {name} GRANT USAGE, SELECT ON SEQUENCES TO onus_{name};
        ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
        RESET ROLE;"
    )
}
