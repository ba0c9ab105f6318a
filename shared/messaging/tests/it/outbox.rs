//! The outbox under load and murder: nothing is missed, nothing overtakes.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use contracts::{Event, Stream};
use diesel::sql_types::{BigInt, Integer};
use diesel_async::{RunQueryDsl as _, SimpleAsyncConnection as _};
use futures::FutureExt as _;
use messaging::{PostgresTransport, Producer, ReceiveOrder, Transport, outbox};
use postgres::{Database, DbError};
use test_kit::eventually;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::{House, ROUTES, SOON, event, events, settings, stream};

const EVENTS: usize = 5_000;
const WRITERS: usize = 8;
const RELAYS: usize = 3;
const STREAMS: usize = 12;
const KILL_EVERY: Duration = Duration::from_secs(2);
/// The writers do not finish before that many relays were killed.
const KILLS: usize = 4;

#[derive(diesel::QueryableByName)]
struct Version {
    #[diesel(sql_type = BigInt)]
    version: i64,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_missed_and_nothing_overtakes_while_relays_die() {
    let house = House::new().await;
    let mut admin = house.db.admin("task").await;
    admin
        .batch_execute(&format!(
            "SET ROLE onus_task_owner; CREATE TABLE hot (id int PRIMARY KEY, version bigint NOT NULL DEFAULT 0);
             INSERT INTO hot SELECT generate_series(0, {STREAMS} - 1)"
        ))
        .await
        .unwrap();
    let (kills, killed) = watch::channel(0);
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| tokio::spawn(write(house.task.clone(), writer, killed.clone())))
        .collect();
    let done = CancellationToken::new();
    let murderer = std::thread::spawn({
        let (settings, done) = (house.db.settings("task"), done.clone());
        move || murder(&settings, &done, &kills)
    });

    let seen = read(&house).await;
    for writer in writers {
        writer.await.unwrap();
    }
    done.cancel();
    murderer.join().unwrap();

    assert!(*killed.borrow() >= KILLS);
    assert_eq!(seen.values().map(Vec::len).sum::<usize>(), EVENTS, "missed");
    for (stream, versions) in &seen {
        let expected: Vec<i64> = (1..=versions.len() as i64).collect();
        assert_eq!(versions, &expected, "{stream} is out of order");
    }
    // The last relays died too, perhaps between sending an event and taking its mark away: another one finishes.
    let last = relay(&house.db.settings("task"));
    check_positions(&house).await;
    last.shutdown_background();
}

/// Each writer appends its share, every event under the row lock of what it describes; some transactions roll back.
async fn write(db: Database, writer: usize, mut killed: watch::Receiver<usize>) {
    let share = EVENTS / WRITERS;
    for number in 0..share {
        // A fifth of the share between two kills: the work lasts as long as the killing.
        killed
            .wait_for(|kills| *kills >= number * (KILLS + 1) / share)
            .await
            .unwrap();
        let hot = (writer * 7 + number * 5) % STREAMS;
        if number % 9 == 0 {
            let failed = append(&db, hot, true).await;
            assert!(failed.is_err());
        }
        append(&db, hot, false).await.unwrap();
    }
}

async fn append(db: &Database, hot: usize, fail: bool) -> Result<(), DbError> {
    db.write(move |conn| {
        async move {
            let row: Version =
                diesel::sql_query("UPDATE hot SET version = version + 1 WHERE id = $1 RETURNING version")
                    .bind::<Integer, _>(i32::try_from(hot).unwrap())
                    .get_result(conn)
                    .await?;
            outbox::append(conn, &hot_event(hot, row.version)).await?;
            if fail {
                Err(DbError::Unavailable("given up".into()))
            } else {
                Ok(())
            }
        }
        .boxed()
    })
    .await
}

/// Twelve streams in four workspaces.
fn hot_event(hot: usize, version: i64) -> Event {
    event(
        Uuid::from_u128(hot as u128 % 4),
        &Stream::task(Uuid::from_u128(hot as u128)),
        version,
    )
}

/// Three relays, each a runtime of its own; every two seconds one of them is gone between two instructions, its
/// connections with it, and a new one takes its place.
fn murder(settings: &postgres::Settings, done: &CancellationToken, kills: &watch::Sender<usize>) {
    let mut relays: Vec<Runtime> = (0..RELAYS).map(|_| relay(settings)).collect();
    let clock = Runtime::new().unwrap();
    loop {
        let go_on =
            clock.block_on(async { tokio::time::timeout(KILL_EVERY, done.cancelled()).await.is_err() });
        if !go_on {
            break;
        }
        relays.remove(0).shutdown_background();
        relays.push(relay(settings));
        kills.send_modify(|kills| *kills += 1);
    }
    relays.into_iter().for_each(Runtime::shutdown_background);
}

fn relay(database: &postgres::Settings) -> Runtime {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let db = Database::open(database, "task", "relay").unwrap();
    let transport = Arc::new(PostgresTransport::new(db.clone()));
    let producer = {
        let _inside = runtime.enter();
        Producer::new(db, transport, ROUTES, &settings())
    };
    runtime.spawn(producer.run(CancellationToken::new()));
    runtime
}

/// Reads the queue as a consumer would; the first time that each event comes counts.
async fn read(house: &House) -> BTreeMap<String, Vec<i64>> {
    let transport = PostgresTransport::new(house.audit.clone());
    let order = ReceiveOrder {
        most: 100,
        wait: Duration::from_secs(1),
        visibility: Duration::from_secs(30),
    };
    let (mut seen, mut known) = (BTreeMap::<String, Vec<i64>>::new(), HashSet::new());
    let reading = async {
        while known.len() < EVENTS {
            let some = transport
                .receive("audit", &order, &CancellationToken::new())
                .await
                .unwrap();
            let receipts: Vec<_> = some.iter().map(|delivery| delivery.receipt.clone()).collect();
            for delivery in some {
                let event = Event::parse(&delivery.body).unwrap();
                if known.insert(event.id) {
                    seen.entry(delivery.group).or_default().push(event.version);
                }
            }
            transport.acknowledge("audit", &receipts).await.unwrap();
        }
    };
    let finished = tokio::time::timeout(SOON * 3, reading).await.is_ok();
    assert!(finished, "only {} of {EVENTS} events came", known.len());
    seen
}

/// Positions are 1..n in every workspace and follow the versions of every stream; no mark is left.
async fn check_positions(house: &House) {
    let gaps = "SELECT count(*) AS number FROM (
                    SELECT workspace_id, count(*) AS size, max(position) AS last, count(DISTINCT position) AS positions
                    FROM event_log GROUP BY workspace_id) w
                WHERE size <> last OR size <> positions";
    assert_eq!(house.number("task", gaps).await, 0);
    let backwards = "SELECT count(*) AS number FROM event_log a JOIN event_log b
                     ON a.stream = b.stream AND a.version < b.version AND a.position > b.position";
    assert_eq!(house.number("task", backwards).await, 0);
    eventually(SOON, async || {
        (house
            .number("task", "SELECT count(*) AS number FROM event_send")
            .await
            == 0)
            .then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_is_appended_once() {
    let house = House::new().await;
    let stream = stream();
    house.publish(events(Uuid::nil(), &stream, 1..=2)).await;
    let again = event(Uuid::nil(), &stream, 2);
    let result = house
        .task
        .write::<(), DbError, _>(move |conn| async move { outbox::append(conn, &again).await }.boxed())
        .await;
    assert!(result.unwrap_err().violates("event_log_stream_version_key"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_no_queue_takes_is_refused_before_it_is_written() {
    let house = House::new().await;
    let huge = contracts::Change::new(
        contracts::EventType::TaskChanged,
        crate::support::SOURCE,
        Uuid::nil(),
        stream(),
        1,
        "edited",
    )
    .titled(&"x".repeat(2_000_000))
    .into_event(None)
    .unwrap();
    let result = house
        .task
        .write::<(), DbError, _>(move |conn| async move { outbox::append(conn, &huge).await }.boxed())
        .await;
    assert!(matches!(result, Err(DbError::Query(_))));
    assert_eq!(
        house
            .number("task", "SELECT count(*) AS number FROM event_log")
            .await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_back_is_what_was_written() {
    let house = House::new().await;
    let (workspace, board) = (Uuid::now_v7(), Uuid::now_v7());
    let written: Vec<Event> = (1..=3)
        .map(|version| {
            contracts::Change::new(
                contracts::EventType::BoardChanged,
                crate::support::SOURCE,
                workspace,
                Stream::board(board),
                version,
                "edited",
            )
            .on_board(board, "보드")
            .field("name", "before".into(), "after".into())
            .into_event(Some(
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned(),
            ))
            .unwrap()
        })
        .collect();
    house.publish(written.clone()).await;
    let transport = house.postgres();
    let _relay = house.relay(&transport);
    let mut conn = house.task.read().await.unwrap();
    eventually(SOON, async || {
        (outbox::head(&mut conn, workspace).await.unwrap() == 3).then_some(())
    })
    .await;
    let feed = outbox::read_feed(&mut conn, &board.to_string(), 1, 10)
        .await
        .unwrap();
    assert_eq!(
        feed.iter().map(|stored| stored.position).collect::<Vec<_>>(),
        [2, 3]
    );
    assert_eq!(
        feed.into_iter().map(|stored| stored.event).collect::<Vec<_>>(),
        written[1..]
    );
}
