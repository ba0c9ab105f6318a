//! Settings and migrations.

use notify_service::{App, Settings};
use secrecy::SecretString;
use test_kit::TestDb;
use web_kit::Service as _;

const GOOD: [(&str, &str); 2] = [
    ("database.url", "postgres://localhost/onus"),
    ("internal.token", "sixteen or more of them"),
];

fn faults(bad: &[(&str, &str)]) -> Vec<String> {
    let overrides: Vec<(&str, String)> = GOOD
        .iter()
        .chain(bad)
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    match settings::load_from::<Settings>(App::PREFIX, App::DEFAULTS, &overrides, &mut std::iter::empty()) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.lines().to_vec(),
    }
}

#[test]
fn the_defaults_are_good_once_the_secrets_are_set() {
    assert_eq!(faults(&[]), Vec::<String>::new());
}

#[test]
fn every_fault_is_named_at_once() {
    let faults = faults(&[
        ("database.url", ""),
        ("internal.token", "short"),
        ("mail.channel", "pigeon"),
        ("mail.from", "nobody\r\nBcc: you@example.com"),
        ("mail.concurrency", "0"),
        ("mail.deadline_ms", "90000"),
        ("smtp.port", "0"),
        ("ses.endpoint", "ftp://x"),
    ]);
    for name in [
        "database",
        "internal.token",
        "mail.channel",
        "mail.from",
        "mail.concurrency",
        "smtp.port",
        "ses.endpoint",
    ] {
        assert!(
            faults.iter().any(|line| line.starts_with(name)),
            "{name} is not in {faults:?}"
        );
    }
    assert!(
        faults.iter().any(|line| line.contains("lease_ms must be longer")),
        "{faults:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn migrations_go_up_down_and_up_again() {
    let db = TestDb::new(&[notify_service::schema()]).await;
    let url = SecretString::from(db.admin_url());
    let shape = "SELECT string_agg(table_name || '.' || column_name || ':' || data_type, E'\n'
        ORDER BY table_name, ordinal_position) AS text
        FROM information_schema.columns WHERE table_schema = 'notify'";
    let before = crate::store::text(&db, shape).await;
    postgres::revert_all(&url, &notify_service::schema())
        .await
        .unwrap();
    let tables =
        "SELECT count(*)::text AS text FROM pg_tables WHERE schemaname = 'notify' AND tablename = 'delivery'";
    assert_eq!(crate::store::text(&db, tables).await.as_deref(), Some("0"));
    assert_eq!(
        postgres::migrate(&url, &notify_service::schema())
            .await
            .unwrap()
            .len(),
        3
    );
    assert_eq!(crate::store::text(&db, shape).await, before);
}
