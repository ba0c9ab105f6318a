//! What happens when connections die, on either side.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use policy::Role;
use serde_json::json;
use test_kit::eventually;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use uuid::Uuid;

use crate::support::{Person, SOON, TestBoard, World, id_of};

/// For how long backends are terminated, one round every 50 ms.
const STORM: Duration = Duration::from_secs(20);

/// Writers at the same time.
const WRITERS: usize = 8;

/// Creates one task and comments on it, repeating each request under its key until it is answered.
async fn write(person: &Person, board: &TestBoard, tries: &AtomicUsize) -> Uuid {
    let title = Uuid::now_v7().to_string();
    let body = json!({"title": title, "column_id": board.columns[0]});
    let path = format!("/api/boards/{}/tasks", board.id);
    let task = insist(|| person.post(&path, &body).key(&title), tries).await;
    let comment = format!("/api/tasks/{}/comments", id_of(&task));
    insist(
        || {
            person
                .post(&comment, &json!({"body": "c"}))
                .key(&format!("c{title}"))
        },
        tries,
    )
    .await;
    id_of(&task)
}

async fn insist(call: impl Fn() -> crate::support::Call, tries: &AtomicUsize) -> serde_json::Value {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        tries.fetch_add(1, Ordering::Relaxed);
        match call().try_send().await {
            Some(answer) if answer.status == 201 => return answer.body,
            // Unknown, unavailable, or still under way: only asking again can tell.
            Some(answer) if [503, 409].contains(&answer.status) => {}
            Some(answer) => panic!("{} {:#}", answer.status, answer.body),
            None => {}
        }
        assert!(Instant::now() < deadline, "no answer within a minute");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn terminated_backends_lose_and_double_nothing() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let over = Arc::new(AtomicBool::new(false));
    let tries = Arc::new(AtomicUsize::new(0));
    let writers: Vec<_> = (0..WRITERS)
        .map(|_| {
            let (lead, over, tries) = (lead.clone(), Arc::clone(&over), Arc::clone(&tries));
            tokio::spawn(async move {
                let mut acknowledged = Vec::new();
                while !over.load(Ordering::Relaxed) {
                    acknowledged.push(write(&lead, &board, &tries).await);
                }
                acknowledged
            })
        })
        .collect();
    let admin = world.sql().await;
    let (started, mut killed) = (Instant::now(), 0_i64);
    let mut tick = tokio::time::interval(Duration::from_millis(50));
    while started.elapsed() < STORM {
        tick.tick().await;
        // Some of them, so that there is always one in the middle of its work.
        let storm = "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity \
                     WHERE datname = current_database() AND pid <> pg_backend_pid() \
                     ORDER BY random() LIMIT 3) victims";
        killed += admin.query_one(storm, &[]).await.unwrap().get::<_, i64>(0);
    }
    over.store(true, Ordering::Relaxed);
    let mut acknowledged = Vec::new();
    for writer in writers {
        acknowledged.extend(writer.await.unwrap());
    }
    let wanted = i64::try_from(acknowledged.len()).unwrap();
    assert_eq!(
        acknowledged.iter().collect::<BTreeSet<_>>().len(),
        acknowledged.len()
    );
    for (what, sql) in [
        ("tasks", "SELECT count(*) FROM task"),
        ("titles", "SELECT count(DISTINCT title) FROM task"),
        ("comments", "SELECT count(*) FROM comment"),
        (
            "commented tasks",
            "SELECT count(*) FROM task WHERE comments = 1 AND version = 2",
        ),
        (
            "events of tasks",
            "SELECT count(*) / 2 FROM event_log WHERE stream LIKE 'task/%'",
        ),
        ("ranks", "SELECT count(DISTINCT rank) FROM task"),
        ("counted", "SELECT sum(tasks)::bigint FROM board_column"),
    ] {
        assert_eq!(world.count(sql).await, wanted, "{what}");
    }
    eventually(SOON, async || {
        (world
            .count("SELECT count(*) FROM event_log WHERE position IS NULL")
            .await
            == 0)
            .then_some(())
    })
    .await;
    println!(
        "{wanted} acknowledged, {} requests, {killed} backends terminated",
        tries.load(Ordering::Relaxed)
    );
    assert!(wanted > 0 && killed > 100, "{wanted} {killed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_hangs_up_leaves_a_whole_write_or_none() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let address = lead.base.strip_prefix("http://").unwrap().to_owned();
    for n in 0..60_u64 {
        let body = json!({"title": format!("t{n}"), "column_id": board.columns[0]}).to_string();
        let request = format!(
            "POST /api/boards/{}/tasks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nIdempotency-Key: k{n}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            board.id,
            lead.token,
            body.len()
        );
        let mut socket = tokio::net::TcpStream::connect(&address).await.unwrap();
        socket.write_all(request.as_bytes()).await.unwrap();
        // Between at once and long after the answer.
        let _ = tokio::time::timeout(Duration::from_micros(n * 250), socket.read_u8()).await;
        drop(socket);
    }
    let busy = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' \
                AND pid <> pg_backend_pid()";
    eventually(SOON, async || (world.count(busy).await == 0).then_some(())).await;
    let tasks = world.count("SELECT count(*) FROM task").await;
    assert!(tasks > 0);
    for (what, sql) in [
        (
            "events",
            "SELECT count(*) FROM event_log WHERE stream LIKE 'task/%'",
        ),
        ("keys", "SELECT count(*) FROM idempotency_key"),
        ("counted", "SELECT sum(tasks)::bigint FROM board_column"),
    ] {
        assert_eq!(world.count(sql).await, tasks, "{what}");
    }
    // No connection came back to the pool with its transaction open, and every key can still be used.
    assert_eq!(
        world
            .count(
                "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%' \
        AND datname = current_database()"
            )
            .await,
        0
    );
    for n in 0..60 {
        let body = json!({"title": format!("t{n}"), "column_id": board.columns[0]});
        lead.post(&format!("/api/boards/{}/tasks", board.id), &body)
            .key(&format!("k{n}"))
            .ok()
            .await;
    }
    assert_eq!(world.count("SELECT count(*) FROM task").await, 60);
}
