//! Every filter is served by an index: checked against the plans of a log with 20,000 entries.

use chrono::{TimeDelta, TimeZone as _, Utc};
use diesel::QueryableByName;
use diesel::sql_types::Json;
use diesel_async::RunQueryDsl as _;
use postgres::Connection;
use serde_json::Value;
use test_kit::TestDb;
use uuid::Uuid;

use super::page::statement;
use crate::domain::filter::{Filter, Log};

/// 20,000 entries: 4 workspaces, 500 tasks, 20 boards, 40 actors, 8 kinds, one entry a minute.
const MANY: &str = "\
    INSERT INTO entry (index, event_id, workspace_id, board_id, stream, version, source, type, kind, \
                       actor_id, occurred_at, record) \
    SELECT n, gen_random_uuid(), lpad((n % 4)::text, 32, '0')::uuid, lpad((n % 20)::text, 32, '0')::uuid, \
           'task/' || lpad((n % 500)::text, 32, '0')::uuid, n / 500 + 1, '/task-service', 'task.changed', \
           'kind' || n % 8, lpad((n % 40)::text, 32, '0')::uuid, \
           timestamptz '2026-01-01 00:00:00+00' + n * interval '1 minute', '{}' \
    FROM generate_series(0, 19999) AS n";

/// Values for all of them, and fresh statistics.
const REST: [&str; 2] = [
    "INSERT INTO particulars (index, particulars) SELECT index, '{}' FROM entry",
    "ANALYZE entry, particulars",
];

#[derive(QueryableByName)]
struct Plan {
    #[diesel(sql_type = Json, column_name = "QUERY PLAN")]
    plan: Value,
}

async fn plan(conn: &mut Connection, filter: &Filter, before: Option<i64>) -> String {
    let explain = statement("EXPLAIN (FORMAT JSON) ", Uuid::from_u128(0), filter, before, 51);
    let plan: Plan = explain.get_result(conn).await.unwrap();
    plan.plan.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_filter_is_served_by_an_index() {
    let db = TestDb::new(&[crate::schema()]).await;
    // As the administrator, because only owners may renew statistics.
    let mut conn = db.admin("audit").await;
    for sql in [MANY, REST[0], REST[1]] {
        diesel::sql_query(sql).execute(&mut conn).await.unwrap();
    }

    let id = |n: &str| Some(Uuid::parse_str(&format!("{n:0>32}")).unwrap());
    let hour = |n: i64| Some(Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap() + TimeDelta::hours(n));
    let none = Filter::default();
    let cases = [
        ("entry_by_workspace", none.clone()),
        (
            "entry_by_stream",
            Filter {
                task: id("16"),
                ..none.clone()
            },
        ),
        (
            "entry_of_security",
            Filter {
                log: Log::Security,
                ..none.clone()
            },
        ),
        (
            "entry_by_account",
            Filter {
                log: Log::Security,
                account: id("16"),
                ..none.clone()
            },
        ),
        (
            "entry_by_board",
            Filter {
                board: id("16"),
                ..none.clone()
            },
        ),
        (
            "entry_by_actor",
            Filter {
                actor: id("16"),
                ..none.clone()
            },
        ),
        (
            "entry_by_kind",
            Filter {
                kind: Some("kind3".to_owned()),
                ..none.clone()
            },
        ),
        (
            "entry_by_time",
            Filter {
                from: hour(48),
                to: hour(51),
                ..none.clone()
            },
        ),
        (
            "entry_by_time",
            Filter {
                to: hour(3),
                ..none.clone()
            },
        ),
    ];
    for (index, filter) in cases {
        for before in [None, Some(12_000)] {
            let plan = plan(&mut conn, &filter, before).await;
            assert!(
                plan.contains("\"Index Scan\"") || plan.contains("\"Bitmap Index Scan\""),
                "{filter:?} {plan}"
            );
            assert!(!plan.contains("\"Seq Scan\""), "{filter:?} {before:?}: {plan}");
            assert!(
                plan.contains(index),
                "{filter:?} {before:?} without {index}: {plan}"
            );
        }
    }
}
