//! The log itself: exact bytes, no gaps, nothing twice, and nobody who could change it.

use contracts::{Change, Event, EventType, Stream};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Binary, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use futures::FutureExt as _;
use futures::future::join_all;
use postgres::Database;
use serde_json::json;
use test_kit::TestDb;
use uuid::Uuid;

use super::append::{AppendError, append};
use crate::domain::entry::Draft;

#[derive(Debug, PartialEq, QueryableByName)]
struct Line {
    #[diesel(sql_type = BigInt)]
    index: i64,
    #[diesel(sql_type = SqlUuid)]
    event_id: Uuid,
    #[diesel(sql_type = Binary)]
    record: Vec<u8>,
    #[diesel(sql_type = Nullable<Text>)]
    particulars: Option<String>,
}

async fn log(database: &Database) -> Vec<Line> {
    let sql = "SELECT index, event_id, record, particulars FROM entry LEFT JOIN particulars USING (index) ORDER BY index";
    diesel::sql_query(sql)
        .load(&mut *database.read().await.unwrap())
        .await
        .unwrap()
}

fn event(task: Uuid, version: i64) -> Event {
    let workspace = Uuid::from_u128(1);
    Change::new(
        EventType::TaskChanged,
        "/task-service",
        workspace,
        Stream::task(task),
        version,
        "edited",
    )
    .field("title", json!("어제"), json!(format!("내일 {version}")))
    .into_event(None)
    .unwrap()
}

/// Appends in one transaction, which is rolled back in the end if `fails`.
async fn write(database: &Database, events: &[Event], fails: bool) -> Result<usize, AppendError> {
    let drafts: Vec<Draft> = events.iter().map(|event| Draft::of(event).unwrap()).collect();
    database
        .write(move |conn| {
            async move {
                let appended = append(conn, &drafts).await?;
                if fails {
                    Err(diesel::result::Error::RollbackTransaction.into())
                } else {
                    Ok(appended)
                }
            }
            .boxed()
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_and_order_are_kept_and_repetitions_dropped() {
    let db = TestDb::new(&[crate::schema()]).await;
    let database = db.database("audit");
    let task = Uuid::now_v7();
    let mut events: Vec<Event> = (1..=3).map(|version| event(task, version)).collect();
    events[1].data.particulars = None;
    assert_eq!(write(&database, &events[..2], false).await.unwrap(), 2);
    assert_eq!(write(&database, &events, false).await.unwrap(), 1);
    assert_eq!(write(&database, &events, false).await.unwrap(), 0);

    let lines = log(&database).await;
    assert_eq!(lines.len(), 3);
    for (index, (line, event)) in lines.iter().zip(&events).enumerate() {
        assert_eq!(line.index, i64::try_from(index).unwrap());
        assert_eq!(line.event_id, event.id);
        assert_eq!(line.record, event.data.record.as_str().as_bytes());
        let particulars = line
            .particulars
            .as_deref()
            .map(|text| serde_json::from_str(text).unwrap());
        assert_eq!(particulars, event.data.particulars);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_record_for_the_same_version_changes_nothing() {
    let db = TestDb::new(&[crate::schema()]).await;
    let database = db.database("audit");
    let task = Uuid::now_v7();
    let first = event(task, 1);
    write(&database, std::slice::from_ref(&first), false)
        .await
        .unwrap();
    let forged = event(task, 1);
    let refused = write(&database, &[event(task, 2), forged.clone()], false)
        .await
        .unwrap_err();
    assert!(matches!(refused, AppendError::Contradiction(it) if it.event_id == forged.id));
    let events: Vec<Uuid> = log(&database)
        .await
        .into_iter()
        .map(|line| line.event_id)
        .collect();
    assert_eq!(events, [first.id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_index_has_no_gaps_under_many_writers_of_which_some_fail() {
    let db = TestDb::new(&[crate::schema()]).await;
    let database = db.database("audit");
    let writers = (0..6_usize).map(|writer| {
        let database = database.clone();
        async move {
            let task = Uuid::now_v7();
            let mut kept = Vec::new();
            for round in 0..20_i64 {
                let events: Vec<Event> = (1..=3).map(|n| event(task, round * 3 + n)).collect();
                if (writer + usize::try_from(round).unwrap()) % 3 == 0 {
                    write(&database, &events, true).await.unwrap_err();
                }
                write(&database, &events, false).await.unwrap();
                kept.extend(events.iter().map(|event| event.id));
            }
            kept
        }
    });
    let kept: Vec<Vec<Uuid>> = join_all(writers).await;

    let lines = log(&database).await;
    assert_eq!(lines.len(), 6 * 20 * 3);
    for (index, line) in lines.iter().enumerate() {
        assert_eq!(line.index, i64::try_from(index).unwrap());
    }
    for writer in kept {
        let order: Vec<Uuid> = lines
            .iter()
            .map(|line| line.event_id)
            .filter(|id| writer.contains(id))
            .collect();
        assert_eq!(order, writer);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_can_neither_change_nor_delete() {
    let db = TestDb::new(&[crate::schema()]).await;
    let database = db.database("audit");
    write(&database, &[event(Uuid::now_v7(), 1)], false)
        .await
        .unwrap();
    let before = log(&database).await;
    for sql in [
        "UPDATE entry SET kind = 'nothing'",
        "UPDATE entry SET record = ''",
        "DELETE FROM entry",
        "TRUNCATE entry CASCADE",
        "UPDATE particulars SET particulars = '{}'",
        "DELETE FROM particulars",
        "TRUNCATE particulars",
        "DROP TABLE particulars",
        "ALTER TABLE entry DISABLE TRIGGER ALL",
    ] {
        let mut conn = database.read().await.unwrap();
        let outcome = diesel::sql_query(sql).execute(&mut *conn).await;
        let message = outcome.expect_err(sql).to_string();
        assert!(
            message.contains("permission denied") || message.contains("must be owner"),
            "{sql}: {message}"
        );
    }
    assert_eq!(log(&database).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn migrations_go_down_and_up_again() {
    let db = TestDb::new(&[crate::schema()]).await;
    let admin_url = db.admin_url().into();
    postgres::revert_all(&admin_url, &crate::schema()).await.unwrap();
    postgres::migrate(&admin_url, &crate::schema()).await.unwrap();
    let database = db.database("audit");
    assert_eq!(
        write(&database, &[event(Uuid::now_v7(), 1)], false)
            .await
            .unwrap(),
        1
    );
    let mut conn = database.read().await.unwrap();
    assert!(
        diesel::sql_query("DELETE FROM entry")
            .execute(&mut *conn)
            .await
            .is_err()
    );
}
