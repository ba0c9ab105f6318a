//! The same request twice does the work once.

use policy::Role;
use serde_json::json;

use crate::support::{World, id_of, together, version_of};

#[tokio::test(flavor = "multi_thread")]
async fn the_first_answer_is_given_again() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let path = format!("/api/boards/{}/tasks", board.id);
    let body = json!({"title": "once", "column_id": board.columns[0]});
    let first = lead.post(&path, &body).key("k1").send().await;
    let again = lead.post(&path, &body).key("k1").send().await;
    assert_eq!((first.status, &first), (201, &again));
    assert_eq!(lead.titles(&board, 0).await, ["once"]);
    let task = format!("/api/tasks/{}", id_of(&first.body));
    for _ in 0..2 {
        let edited = lead
            .patch(&task, 1, &json!({"title": "twice"}))
            .key("k2")
            .ok()
            .await;
        assert_eq!(version_of(&edited), 2);
    }
    for _ in 0..2 {
        lead.post(&format!("{task}/comments"), &json!({"body": "c"}))
            .key("k3")
            .ok()
            .await;
    }
    assert_eq!(version_of(&lead.get(&task).ok().await), 3);
    for _ in 0..2 {
        assert!(lead.delete(&task, 3).key("k4").ok().await["deleted_at"].is_string());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_belongs_to_one_request_of_one_person() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let other = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let path = format!("/api/boards/{}/tasks", board.id);
    let body = |title: &str| json!({"title": title, "column_id": board.columns[0]});
    lead.post(&path, &body("a")).key("k").ok().await;
    let reused = lead
        .post(&path, &body("b"))
        .key("k")
        .refused(422, &["Idempotency-Key"])
        .await;
    assert_eq!(reused["code"], json!("idempotency_key_reused"));
    other.post(&path, &body("c")).key("k").ok().await;
    lead.post(&path, &json!({"title": "d"}))
        .key("k5")
        .refused(422, &["column_id"])
        .await;
    lead.post(&path, &body("d")).key("k5").ok().await;
    assert_eq!(lead.titles(&board, 0).await, ["a", "c", "d"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_in_flight_is_refused_at_once() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let path = format!("/api/boards/{}/tasks", board.id);
    let body = json!({"title": "once", "column_id": board.columns[0]});
    // The first request stands still behind a lock on its column.
    let blocker = world.sql().await;
    blocker
        .batch_execute("BEGIN; SELECT FROM board_column FOR UPDATE")
        .await
        .unwrap();
    let first = tokio::spawn(lead.post(&path, &body).key("k").send());
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' \
                   AND datname = current_database()";
    test_kit::eventually(crate::support::SOON, async || {
        (world.count(waiting).await > 0).then_some(())
    })
    .await;
    let second = lead.post(&path, &body).key("k").refused(409, &[]).await;
    assert_eq!(second["code"], json!("idempotency_key_in_flight"));
    blocker.batch_execute("ROLLBACK").await.unwrap();
    let first = first.await.unwrap();
    assert_eq!(
        (first.status, &first),
        (201, &lead.post(&path, &body).key("k").send().await)
    );
    assert_eq!(lead.titles(&board, 0).await, ["once"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_with_one_key_make_one_task() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let statuses = together(12, |_| {
        let lead = lead.clone();
        Box::pin(async move {
            let body = json!({"title": "once", "column_id": board.columns[0]});
            lead.post(&format!("/api/boards/{}/tasks", board.id), &body)
                .key("k")
                .send()
                .await
                .status
        })
    })
    .await;
    assert!(
        statuses.contains(&201) && statuses.iter().all(|status| [201, 409].contains(status)),
        "{statuses:?}"
    );
    assert_eq!(lead.titles(&board, 0).await, ["once"]);
}
