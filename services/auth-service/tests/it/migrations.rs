//! The migrations go down and up again, to the same schema.

use auth_service::AuthService;
use secrecy::SecretString;
use test_kit::TestDb;
use web_kit::Service as _;

const COLUMNS: &str = "
    select string_agg(line, E'\\n' order by line) from (
        select format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) as line
        from information_schema.columns where table_schema = 'auth'
        union all
        select indexdef from pg_indexes where schemaname = 'auth'
        union all
        select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid))
        from pg_constraint where connamespace = 'auth'::regnamespace
    ) as lines";

async fn shape(db: &TestDb) -> Option<String> {
    let (client, connection) = tokio_postgres::connect(&db.admin_url(), tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    client.query_one(COLUMNS, &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn go_down_and_up_again() {
    let db = TestDb::new(&[AuthService::schema()]).await;
    let url = SecretString::from(db.admin_url());
    let before = shape(&db).await.unwrap();
    assert!(before.contains("membership"));
    postgres::revert_all(&url, &AuthService::schema()).await.unwrap();
    assert!(!shape(&db).await.unwrap_or_default().contains("membership"));
    postgres::migrate(&url, &AuthService::schema()).await.unwrap();
    assert_eq!(shape(&db).await.unwrap(), before);
}
