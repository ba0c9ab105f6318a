//! Nothing of another workspace can be seen or told apart from what does not exist.

use policy::Role;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::support::{World, id_of};

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_others_is_not_found() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let task = lead.task(&board, "secret").await;
    let stranger = world.stranger(Uuid::now_v7(), Role::Admin);
    let own = stranger.board().await;
    let nothing = Uuid::now_v7();
    for (board, column, task) in [
        (board.id, board.columns[0], id_of(&task)),
        (nothing, nothing, nothing),
    ] {
        let to = json!({"column_id": own.columns[0]});
        let new = json!({"title": "t", "column_id": column});
        let calls = [
            stranger.get(&format!("/api/boards/{board}")),
            stranger.patch(&format!("/api/boards/{board}"), 1, &json!({"name": "x"})),
            stranger.delete(&format!("/api/boards/{board}"), 1),
            stranger
                .call(Method::POST, &format!("/api/boards/{board}/restore"))
                .seen(1),
            stranger.get(&format!("/api/boards/{board}/changes?after=0&wait=5")),
            stranger.post(&format!("/api/boards/{board}/tasks"), &new),
            stranger.post(
                &format!("/api/boards/{board}/columns"),
                &json!({"name": "x", "status": "done"}),
            ),
            stranger.patch(&format!("/api/columns/{column}"), 1, &json!({"name": "x"})),
            stranger.delete(&format!("/api/columns/{column}"), 1),
            stranger
                .post(&format!("/api/columns/{column}/move"), &json!({}))
                .seen(1),
            stranger.get(&format!("/api/tasks/{task}")),
            stranger.patch(&format!("/api/tasks/{task}"), 1, &json!({"title": "x"})),
            stranger.delete(&format!("/api/tasks/{task}"), 1),
            stranger.post(&format!("/api/tasks/{task}/move"), &to).seen(1),
            stranger
                .call(Method::POST, &format!("/api/tasks/{task}/restore"))
                .seen(1),
            stranger.get(&format!("/api/tasks/{task}/comments")),
            stranger.post(&format!("/api/tasks/{task}/comments"), &json!({"body": "x"})),
        ];
        for call in calls {
            call.refused(404, &[]).await;
        }
        assert_eq!(
            stranger.get(&format!("/api/tasks?board={board}")).ok().await["items"],
            json!([])
        );
    }
    // A foreign column is no column of one's own board, and a foreign task no neighbour.
    let new = json!({"title": "t", "column_id": board.columns[0]});
    stranger
        .post(&format!("/api/boards/{}/tasks", own.id), &new)
        .refused(422, &["column_id"])
        .await;
    let mine = stranger.task(&own, "mine").await;
    let to = json!({"column_id": board.columns[0]});
    stranger.move_task(&mine, &to).refused(422, &["column_id"]).await;
    let to = json!({"column_id": own.columns[0], "before": id_of(&task)});
    stranger.move_task(&mine, &to).refused(422, &["before"]).await;
    assert_eq!(
        stranger.get("/api/tasks").ok().await["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_good_token_opens_the_door() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let claims = test_kit::TestIssuer::claims(&lead.caller);
    let bend = |name: &str, value: serde_json::Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        world.issuer.sign(&claims)
    };
    let other = test_kit::TestIssuer::start().await;
    let bad = [
        String::new(),
        "x.y.z".to_owned(),
        bend("exp", json!(1_000_000)),
        bend("aud", json!("somebody else")),
        bend("iss", json!("https://elsewhere.test")),
        bend("role", json!("emperor")),
        other.token(&lead.caller),
        "x".repeat(9_000),
    ];
    for token in bad {
        let person = crate::support::Person {
            token,
            ..lead.clone()
        };
        person.get("/api/boards").refused(401, &[]).await;
    }
    lead.get("/api/boards").ok().await;
}
