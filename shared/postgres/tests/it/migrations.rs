//! Roles and migrations.

use diesel_async::RunQueryDsl as _;
use secrecy::SecretString;

use crate::{SCHEMA, fresh, number};

#[tokio::test(flavor = "multi_thread")]
async fn migrations_go_up_down_and_up_again() {
    let (test, _database) = fresh().await;
    let url = SecretString::from(test.admin_url());
    assert!(
        postgres::migrate(&url, &SCHEMA).await.unwrap().is_empty(),
        "nothing is pending"
    );
    postgres::revert_all(&url, &SCHEMA).await.unwrap();
    let mut admin = test.admin("probe").await;
    let tables = "SELECT count(*) AS number FROM pg_tables WHERE tablename = 'idempotency_key'";
    assert_eq!(number(&mut admin, tables).await, 0);
    assert_eq!(postgres::migrate(&url, &SCHEMA).await.unwrap().len(), 1);
    assert_eq!(number(&mut admin, tables).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_role_cannot_change_the_schema() {
    let (_test, database) = fresh().await;
    let mut connection = database.read().await.unwrap();
    for forbidden in [
        "DROP TABLE idempotency_key",
        "CREATE TABLE mine (x int)",
        "SET ROLE onus_probe_owner; SELECT 1",
    ] {
        let outcome = diesel::sql_query(forbidden).execute(&mut connection).await;
        assert!(outcome.is_err(), "{forbidden}");
    }
}
