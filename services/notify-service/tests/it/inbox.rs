//! The inbox over HTTP.

use contracts::Stream;
use policy::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use test_kit::TestCaller;
use uuid::Uuid;

use crate::house::{House, Team};

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_over_reaches_both_sides_and_not_the_actor() {
    let house = House::without_workers(&[]).await;
    let team = Team::new();
    house.hear(&team.joined()).await;
    let task = Uuid::now_v7();
    let event = team
        .change(task, 2, "edited")
        .people(Some(team.kim.person), team.sue.person)
        .field("pic_id", json!(team.pat.person), json!(team.kim.person))
        .into_event(None)
        .unwrap();
    house.hear(std::slice::from_ref(&event)).await;
    // A second hearing of the same event makes nothing new.
    house.hear(&[event]).await;

    let items = house.items(&team.kim, "/api/notifications").await;
    insta::assert_json_snapshot!(items, {
        "[].id" => "[uuid]", "[].task_id" => "[uuid]", "[].board_id" => "[uuid]", "[].actor_id" => "[uuid]",
        "[].occurred_at" => "[time]", "[].created_at" => "[time]",
        "[].fields[].before" => "[uuid]", "[].fields[].after" => "[uuid]",
    });
    assert_eq!(items[0]["task_id"], json!(task));
    let items = house.items(&team.pat, "/api/notifications").await;
    assert_eq!((items.len(), &items[0]["reason"]), (1, &json!("unassigned")));
    assert!(house.items(&team.sue, "/api/notifications").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_counts_down_and_pages_join_up() {
    let house = House::without_workers(&[]).await;
    let team = Team::new();
    house.hear(&team.joined()).await;
    let events: Vec<_> = (0..5).map(|_| team.moved(Uuid::now_v7(), 2)).collect();
    house.hear(&events).await;
    let all = house.items(&team.pat, "/api/notifications").await;
    assert_eq!(all.len(), 5);

    let mut pages = Vec::new();
    let mut path = "/api/notifications?limit=2".to_owned();
    loop {
        let page = house.get(&team.pat, &path).await;
        pages.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/notifications?limit=2&cursor={next}");
    }
    assert_eq!(pages, all);

    let count = "/api/notifications/unread-count";
    assert_eq!(house.get(&team.pat, count).await, json!({"count": 5}));
    let two = json!({"ids": [all[0]["id"], all[3]["id"], all[0]["id"]]});
    let read = house
        .ask(&team.pat, Method::POST, "/api/notifications/read", two)
        .await;
    assert_eq!((read.status, read.body), (StatusCode::NO_CONTENT, Value::Null));
    assert_eq!(house.get(&team.pat, count).await, json!({"count": 3}));
    let unread = house.items(&team.pat, "/api/notifications?unread=true").await;
    assert_eq!(unread, [all[1].clone(), all[2].clone(), all[4].clone()]);
    let read = house
        .ask(
            &team.pat,
            Method::POST,
            "/api/notifications/read",
            json!({"all": true}),
        )
        .await;
    assert_eq!(read.status, StatusCode::NO_CONTENT);
    assert_eq!(house.get(&team.pat, count).await, json!({"count": 0}));
}

#[tokio::test(flavor = "multi_thread")]
async fn other_peoples_notifications_are_not_found() {
    let house = House::without_workers(&[]).await;
    let team = Team::new();
    house.hear(&team.joined()).await;
    house
        .hear(&[team.moved(Uuid::now_v7(), 2), team.moved(Uuid::now_v7(), 2)])
        .await;
    let theirs = house.items(&team.pat, "/api/notifications").await;
    // Kim, and Pat with a token of another workspace.
    let elsewhere = TestCaller {
        workspace: Uuid::now_v7(),
        ..team.pat.clone()
    };
    for stranger in [&team.kim, &elsewhere] {
        assert!(house.items(stranger, "/api/notifications").await.is_empty());
        let body = json!({"ids": [theirs[0]["id"]]});
        let answer = house
            .ask(stranger, Method::POST, "/api/notifications/read", body)
            .await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        let all = house
            .ask(
                stranger,
                Method::POST,
                "/api/notifications/read",
                json!({"all": true}),
            )
            .await;
        assert_eq!(all.status, StatusCode::NO_CONTENT);
    }
    // One foreign id spoils the whole request.
    let mixed = json!({"ids": [theirs[0]["id"], Uuid::now_v7()]});
    let answer = house
        .ask(&team.pat, Method::POST, "/api/notifications/read", mixed)
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(
        house.get(&team.pat, "/api/notifications/unread-count").await,
        json!({"count": 2})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_named() {
    let house = House::without_workers(&[]).await;
    let pat = TestCaller::new(Uuid::now_v7(), Role::Pic);
    let many: Vec<Uuid> = (0..201).map(|_| Uuid::now_v7()).collect();
    let bodies = [
        (json!({}), "ids"),
        (json!({"ids": []}), "ids"),
        (json!({"ids": many}), "ids"),
        (json!({"ids": ["x"]}), "ids[0]"),
        (json!({"ids": [Uuid::now_v7()], "all": true}), "all"),
        (json!({"all": false}), "all"),
        (json!({"all": "yes"}), "all"),
        (json!({"everything": true}), "everything"),
    ];
    for (body, field) in bodies {
        let answer = house
            .ask(&pat, Method::POST, "/api/notifications/read", body.clone())
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!(answer.fields(), [field], "{body} {}", answer.body);
    }
    let queries = [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=201", "limit"),
        ("limit=x", "limit"),
        ("cursor=x", "cursor"),
        ("unread=2", "unread"),
        ("colour=red", "colour"),
    ];
    for (query, field) in queries {
        let answer = house
            .ask(
                &pat,
                Method::GET,
                &format!("/api/notifications?{query}"),
                Value::Null,
            )
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert_eq!(answer.fields(), [field], "{query} {}", answer.body);
    }
    for (method, path) in [
        (Method::PUT, "/api/notifications"),
        (Method::GET, "/api/notifications/read"),
    ] {
        let answer = house.ask(&pat, method, path, Value::Null).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn erased_unknown_and_foreign_events_make_no_notification() {
    let house = House::without_workers(&[]).await;
    let team = Team::new();
    house.hear(&team.joined()).await;
    let mut erased = team.moved(Uuid::now_v7(), 2);
    erased.data.particulars = None;
    let mut other_stream = team.moved(Uuid::now_v7(), 2);
    other_stream.kind = contracts::EventType::Unknown("task.dreamt".to_owned());
    other_stream.stream = Stream::from_wire("dream/1");
    house.hear(&[erased, other_stream]).await;
    assert!(house.items(&team.pat, "/api/notifications").await.is_empty());
    // A kind of a later version is shown under its own word.
    let later = team.change(Uuid::now_v7(), 2, "cloned").into_event(None).unwrap();
    house.hear(&[later]).await;
    assert_eq!(
        house.items(&team.pat, "/api/notifications").await[0]["kind"],
        json!("cloned")
    );
}
