//! The live feed: over two replicas, from a board's position on, and through a stop.

use std::time::{Duration, Instant};

use policy::Role;
use serde_json::{Value, json};
use test_kit::eventually;

use crate::support::{Person, Replica, SOON, TestBoard, World, id_of, version_of};

/// Follows a board until it has seen so many changes.
async fn follow(person: &Person, board: &TestBoard, mut after: i64, wanted: usize) -> Vec<Value> {
    let mut seen = Vec::new();
    let deadline = Instant::now() + SOON;
    while seen.len() < wanted {
        assert!(Instant::now() < deadline, "only {seen:?}");
        let answer = person
            .get(&format!("/api/boards/{}/changes?after={after}&wait=5", board.id))
            .ok()
            .await;
        assert!(answer["position"].as_i64().unwrap() >= after);
        after = answer["position"].as_i64().unwrap();
        seen.extend(answer["items"].as_array().unwrap().iter().cloned());
    }
    seen
}

async fn position(person: &Person, board: &TestBoard) -> i64 {
    // Everything so far must be stamped first.
    let settled = follow(person, board, 0, 4).await;
    settled.last().unwrap()["position"].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_at_one_replica_is_seen_at_the_other() {
    let world = World::start().await;
    let second = Replica::start(&world.db, &world.issuer).await;
    let lead = world.person(Role::Supervisor).await;
    let pic = world.person(Role::Pic).await.at(&second);
    second.warm(&pic).await;
    let board = lead.board().await;
    let after = position(&pic, &board).await;
    let watching = {
        let pic = pic.clone();
        tokio::spawn(async move { follow(&pic, &board, after, 4).await })
    };
    let task = lead
        .task_with(&board, json!({"title": "새 일", "pic_id": pic.id}))
        .await;
    let moved = lead
        .move_task(&task, &json!({"column_id": board.columns[1]}))
        .ok()
        .await;
    lead.patch(
        &format!("/api/columns/{}", board.columns[1]),
        1,
        &json!({"name": "진행"}),
    )
    .ok()
    .await;
    let deleted = lead
        .delete(&format!("/api/tasks/{}", id_of(&task)), version_of(&moved))
        .ok()
        .await;
    let items = watching.await.unwrap();
    let told: Vec<_> = items
        .iter()
        .map(|item| (item["kind"].as_str().unwrap(), item["change"].as_str().unwrap()))
        .collect();
    let mut sorted = told.clone();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        [
            ("column", "edited"),
            ("task", "created"),
            ("task", "deleted"),
            ("task", "moved")
        ]
    );
    let of_task: Vec<_> = items
        .iter()
        .filter(|item| item["kind"] == "task")
        .map(version_of)
        .collect();
    assert_eq!(of_task, [1, 2, 3], "each stream in its order");
    assert!(
        items
            .windows(2)
            .all(|two| two[0]["position"].as_i64() < two[1]["position"].as_i64())
    );
    assert!(items.iter().all(|item| item["actor_id"] == json!(lead.id)));
    let column = items.iter().find(|item| item["kind"] == "column").unwrap();
    assert_eq!(column["column"]["name"], json!("진행"));
    let last = items.iter().rfind(|item| item["kind"] == "task").unwrap();
    assert!(last["card"].is_null() && last.get("card").is_some() && deleted["deleted_at"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_boards_position_on_nothing_is_missed() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let path = format!("/api/boards/{}", board.id);
    for n in 0..20 {
        // The board is read at any moment of the writing: what is not in it comes by the feed.
        let task = lead.task(&board, &n.to_string()).await;
        let page = lead.get(&path).ok().await;
        let shown = page["cards"]
            .as_array()
            .unwrap()
            .iter()
            .any(|card| card["id"] == task["id"]);
        assert!(shown, "one's own write is on the board at once");
        let after = page["position"].as_i64().unwrap();
        let changes = lead.get(&format!("{path}/changes?after={after}")).ok().await;
        assert!(changes["position"].as_i64().unwrap() >= after);
    }
    let all = follow(&lead, &board, 0, 24).await;
    assert_eq!(all.len(), 24);
    let card = &all.last().unwrap()["card"];
    assert_eq!(
        *card,
        lead.get(&path).ok().await["cards"][19],
        "a card on the feed is the card on the board"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_boards_changes_do_not_end_the_wait() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let (board, other) = (lead.board().await, lead.board().await);
    let after = position(&lead, &board).await;
    let elsewhere = position(&lead, &other).await;
    let started = Instant::now();
    let path = format!("/api/boards/{}/changes?after={after}&wait=2", board.id);
    let watching = tokio::spawn(lead.get(&path).ok());
    lead.task(&other, "elsewhere").await;
    let answer = watching.await.unwrap();
    assert_eq!(answer["items"], json!([]));
    assert!(
        started.elapsed() >= Duration::from_secs(2),
        "{:?}",
        started.elapsed()
    );
    assert!(
        answer["position"].as_i64().unwrap() > elsewhere,
        "the next wait begins behind what others did"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_server_ends_the_wait() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let after = position(&lead, &board).await;
    let started = Instant::now();
    let path = format!("/api/boards/{}/changes?after={after}&wait=25", board.id);
    let watching = tokio::spawn(lead.get(&path).send());
    // The waiter listens once the replica has a listening connection.
    let listening =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'listen%'";
    eventually(SOON, async || (world.count(listening).await > 0).then_some(())).await;
    world.replica.stop.cancel();
    let answer = watching.await.unwrap();
    assert_eq!((answer.status, &answer.body["items"]), (200, &json!([])));
    assert!(
        started.elapsed() < Duration::from_secs(15),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_board_says_so_to_those_who_follow_it() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let after = position(&lead, &board).await;
    lead.delete(&format!("/api/boards/{}", board.id), 1).ok().await;
    let items = follow(&lead, &board, after, 1).await;
    assert_eq!(
        (&items[0]["change"], &items[0]["board"]),
        (&json!("deleted"), &Value::Null)
    );
}
