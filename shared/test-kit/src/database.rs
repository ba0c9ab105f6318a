//! A fresh, migrated database per test, cloned from a template.

use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use postgres::{Database, Schema, Settings};
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The server that tests use: a superuser's URL. `cargo xtask test` starts one and sets this.
const SERVER: &str = "ONUS_TEST_DATABASE_URL";

/// Number of the lock (in the server's maintenance database) under which templates are made.
const TEMPLATE_LOCK: i64 = 0x6f6e_7573_7465_7374;

/// A database of this test's own.
pub struct TestDb {
    server: String,
    name: String,
}

impl TestDb {
    /// Clones a database in which these schemas (and those they require) are migrated.
    ///
    /// # Panics
    /// When there is no server.
    pub async fn new(schemas: &[Schema]) -> TestDb {
        let server = std::env::var(SERVER).unwrap_or_else(|_| {
            panic!("{SERVER} is not set: run `cargo xtask test`, which starts a Postgres")
        });
        let mut admin = AsyncPgConnection::establish(&server)
            .await
            .expect("the test server answers");
        let template = template(&mut admin, &server, schemas).await;
        let name = format!("onus_test_{}", Uuid::now_v7().simple());
        run(&mut admin, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        TestDb { server, name }
    }

    /// The superuser's URL of this database.
    pub fn admin_url(&self) -> String {
        with_database(&self.server, &self.name)
    }

    /// Settings with which a service reaches its schema as its own role.
    pub fn settings(&self, schema: &str) -> Settings {
        let mut settings = Settings::for_url(SecretString::from(self.admin_url()));
        settings.role = Some(format!("onus_{schema}"));
        settings
    }

    /// The schema's database, as the service's own role.
    pub fn database(&self, schema: &str) -> Database {
        Database::open(&self.settings(schema), schema, "onus-test").expect("the URL is good")
    }

    /// A superuser's connection whose unqualified names resolve to `schema`.
    pub async fn admin(&self, schema: &str) -> AsyncPgConnection {
        let mut connection = AsyncPgConnection::establish(&self.admin_url())
            .await
            .expect("the database answers");
        run(&mut connection, &format!("SET search_path = {schema}")).await;
        connection
    }
}

async fn template(admin: &mut AsyncPgConnection, server: &str, schemas: &[Schema]) -> String {
    let mut hash = Sha256::new();
    for schema in schemas {
        fingerprint(schema, &mut hash);
    }
    let digest = hash.finalize();
    let short: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let name = format!("onus_template_{short}");
    run(admin, &format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})")).await;
    if !exists(admin, &name).await {
        // Built under another name: a half-built template must never be found.
        let building = format!("{name}_building");
        run(admin, &format!("DROP DATABASE IF EXISTS {building}")).await;
        run(
            admin,
            &format!("CREATE DATABASE {building} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"),
        )
        .await;
        let url = SecretString::from(with_database(server, &building));
        for schema in schemas {
            postgres::migrate(&url, schema)
                .await
                .unwrap_or_else(|error| panic!("{error}: {error:?}"));
        }
        wait_until_unused(admin, &building).await;
        run(admin, &format!("ALTER DATABASE {building} RENAME TO {name}")).await;
    }
    run(admin, &format!("SELECT pg_advisory_unlock({TEMPLATE_LOCK})")).await;
    name
}

/// Everything that shapes the template goes into its name.
fn fingerprint(schema: &Schema, hash: &mut Sha256) {
    use diesel::migration::{Migration, MigrationSource};
    for required in schema.requires {
        fingerprint(&required(), hash);
    }
    hash.update(schema.name.as_bytes());
    for source in (schema.sources)() {
        let migrations: Vec<Box<dyn Migration<diesel::pg::Pg>>> =
            source.migrations().expect("embedded migrations");
        for migration in migrations {
            hash.update(migration.name().to_string().as_bytes());
        }
    }
    // The text of embedded migrations cannot be read back; the test binary changes with it.
    if let Ok(program) = std::env::current_exe()
        && let Ok(bytes) = std::fs::metadata(&program).and_then(|data| data.modified())
        && let Ok(age) = bytes.duration_since(std::time::UNIX_EPOCH)
    {
        hash.update(age.as_nanos().to_be_bytes());
    }
    for statement in schema.after {
        hash.update(statement.as_bytes());
    }
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}

async fn count(admin: &mut AsyncPgConnection, query: &str) -> i64 {
    let Count { count } = diesel::sql_query(query)
        .get_result(admin)
        .await
        .expect("the server answers");
    count
}

async fn exists(admin: &mut AsyncPgConnection, name: &str) -> bool {
    count(
        admin,
        &format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'"),
    )
    .await
        > 0
}

/// The server notices closed connections a moment later; a database in use cannot be renamed.
async fn wait_until_unused(admin: &mut AsyncPgConnection, name: &str) {
    let query = format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'");
    for _ in 0..500 {
        if count(admin, &query).await == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{name} is still in use");
}

async fn run(connection: &mut AsyncPgConnection, statement: &str) {
    connection
        .batch_execute(statement)
        .await
        .unwrap_or_else(|error| panic!("{statement}: {error}"));
}

fn with_database(server: &str, name: &str) -> String {
    let (base, query) = server
        .split_once('?')
        .map_or((server, ""), |(base, query)| (base, query));
    let base = base.rsplit_once('/').map_or(base, |(base, _)| base);
    if query.is_empty() {
        format!("{base}/{name}")
    } else {
        format!("{base}/{name}?{query}")
    }
}
