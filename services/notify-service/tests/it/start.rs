//! Settings and migrations.

use notify_service::{App, Settings};
use secrecy::SecretString;
use test_kit::TestDb;
use web_kit::Service as _;

use crate::store;

const GOOD: [(&str, &str); 2] = [
    ("database.url", "postgres://localhost/onus"),
    ("internal.secret", "sixteen or more of them"),
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
        ("internal.secret", "short"),
        ("mail.channel", "pigeon"),
        ("mail.from", "nobody\r\nBcc: you@example.com"),
        ("mail.concurrency", "0"),
        ("mail.deadline_ms", "90000"),
        ("smtp.port", "0"),
        ("ses.endpoint", "ftp://x"),
    ]);
    for name in [
        "database",
        "internal.secret",
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

/// Columns, constraints and indexes.
const SHAPE: &str = "SELECT string_agg(line, E'\n' ORDER BY line) AS text FROM (
        SELECT format('%s.%s %s %s %s %s', table_name, ordinal_position, column_name, data_type, is_nullable,
            column_default) AS line
        FROM information_schema.columns WHERE table_schema = 'notify'
        UNION ALL
        SELECT indexdef FROM pg_indexes WHERE schemaname = 'notify'
        UNION ALL
        SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE connamespace = 'notify'::regnamespace
    ) AS lines";

#[tokio::test(flavor = "multi_thread")]
async fn migrations_go_up_down_and_up_again() {
    let db = TestDb::new(&[notify_service::schema()]).await;
    let url = SecretString::from(db.admin_url());
    let before = store::text(&db, SHAPE).await;
    postgres::revert_all(&url, &notify_service::schema())
        .await
        .unwrap();
    let tables =
        "SELECT count(*)::text AS text FROM pg_tables WHERE schemaname = 'notify' AND tablename = 'delivery'";
    assert_eq!(store::text(&db, tables).await.as_deref(), Some("0"));
    assert_eq!(
        postgres::migrate(&url, &notify_service::schema())
            .await
            .unwrap()
            .len(),
        7
    );
    assert_eq!(store::text(&db, SHAPE).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mails_about_accounts_go_without_a_trace() {
    let db = TestDb::new(&[notify_service::schema()]).await;
    let latest = store::text(&db, SHAPE).await;
    for purpose in ["invitation", "account"] {
        let id = uuid::Uuid::now_v7();
        let rows = format!(
            "INSERT INTO delivery (id, purpose, workspace_id, due_at) VALUES ('{id}', '{purpose}', '{id}', now());
             INSERT INTO mail (id, workspace_id, purpose, address, subject, body_text, body_html)
             VALUES ('{id}', '{id}', '{purpose}', 'pat@example.com', 'A', 'B', 'C');
             INSERT INTO account_mail (delivery_id, kind, link_id, email, language, name, occurred_at)
             SELECT '{id}', 'password_reset', '{id}', 'pat@example.com', 'en', 'Pat', now()
             WHERE '{purpose}' = 'account'"
        );
        store::run(&db, &rows).await;
    }
    for statements in [
        include_str!("../../migrations/2026-11-21-000400_sign_up_mail/down.sql"),
        include_str!("../../migrations/2026-11-21-000300_erasure/down.sql"),
        include_str!("../../migrations/2026-11-21-000200_account_mail/down.sql"),
    ] {
        store::run(&db, statements).await;
    }
    let left = "SELECT (SELECT string_agg(purpose, '') FROM delivery)
        || (SELECT string_agg(purpose, '') FROM mail) AS text";
    assert_eq!(
        store::text(&db, left).await.as_deref(),
        Some("invitationinvitation")
    );
    let reverted = store::text(&db, SHAPE).await;
    // The earlier state as its own migration makes it.
    for statements in [
        include_str!("../../migrations/2026-11-21-000100_notify/down.sql"),
        include_str!("../../migrations/2026-11-21-000100_notify/up.sql"),
    ] {
        store::run(&db, statements).await;
    }
    assert_eq!(store::text(&db, SHAPE).await, reverted);
    for statements in [
        include_str!("../../migrations/2026-11-21-000200_account_mail/up.sql"),
        include_str!("../../migrations/2026-11-21-000300_erasure/up.sql"),
        include_str!("../../migrations/2026-11-21-000400_sign_up_mail/up.sql"),
    ] {
        store::run(&db, statements).await;
    }
    assert_eq!(store::text(&db, SHAPE).await, latest);
}
