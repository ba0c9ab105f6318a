//! One change goes all the way: task, audit log, notice, mail.

use std::time::Duration;

use onus::seed::Seeded;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use test_kit::eventually;

use crate::house::House;

const SOON: Duration = Duration::from_secs(20);

fn items(page: &Value) -> &[Value] {
    page["items"].as_array().map(Vec::as_slice).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_change_goes_all_the_way() {
    let house = House::start().await;
    assert_eq!(house.seed().await, Seeded::Made);
    let supervisor = house.sign_in("supervisor").await;
    let pic = house.sign_in("pic").await;
    let demo = house.demo();
    let board = house
        .get(
            &format!("/api/boards/{}", demo["board"].as_str().expect("an id")),
            &supervisor,
        )
        .await;
    assert_eq!(board["cards"].as_array().map(Vec::len), Some(12));

    // The supervisor moves a task of the person in charge from the first column to the last.
    let cards = board["cards"].as_array().expect("cards");
    let is_theirs = |card: &&Value| {
        card["pic_id"] == pic["person"]["id"] && card["column_id"] == board["columns"][0]["id"]
    };
    let card = cards.iter().find(is_theirs).expect("a task of theirs");
    let (task, version) = (
        card["id"].as_str().expect("an id"),
        card["version"].as_i64().expect("a version"),
    );
    let target = json!({"column_id": board["columns"][3]["id"]});
    let path = format!("/api/tasks/{task}/move");
    let (status, moved) = house
        .send(Method::POST, &path, &supervisor, Some((&target, version)))
        .await;
    assert_eq!(
        (status, &moved["status"]),
        (StatusCode::OK, &json!("done")),
        "{moved}"
    );

    // It is in the audit log, with what was and what is.
    let entry = eventually(SOON, async || {
        let page = house
            .get(&format!("/api/audit/entries?task={task}"), &supervisor)
            .await;
        items(&page)
            .iter()
            .find(|entry| entry["version"] == moved["version"])
            .cloned()
    })
    .await;
    assert_eq!(entry["actor"]["name"], "김하늘");
    let fields = entry["fields"].as_array().expect("fields");
    let status = fields
        .iter()
        .find(|field| field["name"] == "status")
        .expect("the status");
    assert_eq!(
        (&status["before"], &status["after"]),
        (&json!("todo"), &json!("done"))
    );

    // The person in charge is told in the app and by mail; whoever did it is not.
    let about_it = |item: &&Value| item["task_id"] == task && item["actor_id"] == supervisor["person"]["id"];
    eventually(SOON, async || {
        let page = house.get("/api/notifications", &pic).await;
        items(&page)
            .iter()
            .filter(about_it)
            .find(|item| item["kind"] == "moved")
            .cloned()
    })
    .await;
    eventually(SOON, async || {
        let page = house.get("/api/mailbox", &pic).await;
        let title = card["title"].as_str().expect("a title");
        // The move may share a mail with the assignment that the seeding made a moment before.
        for mail in items(&page)
            .iter()
            .filter(|mail| mail["subject"].as_str().is_some_and(|s| s.contains(title)))
        {
            let path = format!("/api/mailbox/{}", mail["id"].as_str().expect("an id"));
            let text = house.get(&path, &pic).await["text"]
                .as_str()
                .expect("a text")
                .to_owned();
            if text.contains("할 일 · To do") && text.contains("완료 · Done") {
                return Some(());
            }
        }
        None
    })
    .await;
    let own = house.get("/api/notifications", &supervisor).await;
    assert!(
        !items(&own)
            .iter()
            .any(|item| item["actor_id"] == supervisor["person"]["id"]),
        "{own}"
    );
    assert!(house.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seeding_can_be_repeated_and_leaves_strangers_alone() {
    let house = House::start().await;
    assert_eq!(house.seed().await, Seeded::Made);
    let before = house.demo();
    assert_eq!(house.seed().await, Seeded::Made);
    assert_eq!(house.demo(), before, "the same sign-ins and the same board");
    let supervisor = house.sign_in("supervisor").await;
    let board = house
        .get(
            &format!("/api/boards/{}", before["board"].as_str().expect("an id")),
            &supervisor,
        )
        .await;
    assert_eq!(
        board["cards"].as_array().map(Vec::len),
        Some(12),
        "no task came twice"
    );

    // To a seeder without these sign-ins, the first person here is somebody else.
    house.forget_demo();
    assert_eq!(house.seed().await, Seeded::Occupied);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_part_is_ready_and_unknown_paths_are_problems() {
    let house = House::start().await;
    let (status, ready) = house.send(Method::GET, "/readyz", &Value::Null, None).await;
    assert_eq!(status, StatusCode::OK, "{ready}");
    let parts = ready["parts"].as_array().expect("parts");
    for service in ["auth-service", "task-service", "audit-service", "notify-service"] {
        let database = json!(format!("{service}/database"));
        assert!(
            parts
                .iter()
                .any(|part| part["name"] == database && part["state"] == "ok"),
            "{database}: {ready}"
        );
    }
    let (status, problem) = house.send(Method::GET, "/api/nowhere", &Value::Null, None).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::NOT_FOUND, &json!("not_found"))
    );
}
