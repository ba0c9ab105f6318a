//! Transactions, idempotency keys, notifications and migrations against a real Postgres.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod idempotency;
mod managed;
mod migrations;
mod tls;
mod writes;

use diesel::sql_types::BigInt;
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use postgres::{Database, Schema};
use test_kit::TestDb;

/// A schema with nothing but what every schema has.
const SCHEMA: Schema = Schema {
    name: "probe",
    sources: || vec![postgres::MIGRATIONS],
    requires: &[],
    after: &[],
};

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the database failed")]
    Db(#[from] postgres::DbError),
    #[error("the key was refused")]
    Refused(#[from] postgres::idempotency::Refusal),
    #[error("the work said no")]
    No,
}

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

async fn number(connection: &mut AsyncPgConnection, query: &str) -> i64 {
    let Number { number } = diesel::sql_query(query).get_result(connection).await.unwrap();
    number
}

async fn fresh() -> (TestDb, Database) {
    let test = TestDb::new(&[SCHEMA]).await;
    let mut admin = test.admin("probe").await;
    diesel::sql_query("CREATE TABLE note (text text NOT NULL)")
        .execute(&mut admin)
        .await
        .unwrap();
    diesel::sql_query("GRANT ALL ON note TO onus_probe")
        .execute(&mut admin)
        .await
        .unwrap();
    let database = test.database("probe");
    (test, database)
}

async fn notes(database: &Database) -> i64 {
    number(
        &mut database.read().await.unwrap(),
        "SELECT count(*) AS number FROM note",
    )
    .await
}

async fn write_note(connection: &mut AsyncPgConnection) -> Result<(), Failure> {
    diesel::sql_query("INSERT INTO note VALUES ('x')")
        .execute(connection)
        .await
        .map_err(postgres::DbError::from)?;
    Ok(())
}

/// The same schema as a superuser, who may terminate backends.
fn as_superuser(test: &TestDb) -> Database {
    let mut settings = test.settings("probe");
    settings.role = None;
    Database::open(&settings, "probe", "onus-test").unwrap()
}
