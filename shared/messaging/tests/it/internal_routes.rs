//! The producer's internal routes, over HTTP.

use reqwest::StatusCode;
use serde_json::Value;
use uuid::Uuid;

use crate::support::{House, SOURCE, events, stream};

async fn get(house: &House, path: &str, query: &[(&str, &str)]) -> (StatusCode, Value) {
    let answer = reqwest::Client::new()
        .get(format!("{}/internal/{path}", house.url))
        .query(&[("source", SOURCE)])
        .query(query)
        .bearer_auth(house.issuer.service_token("audit-service"))
        .send()
        .await
        .unwrap();
    (answer.status(), answer.json().await.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn events_come_in_order_a_page_at_a_time() {
    let house = House::new().await;
    let stream = stream();
    let written = events(Uuid::now_v7(), &stream, 1..=130);
    house.publish(written.clone()).await;
    let (status, page) = get(&house, "events", &[("stream", stream.as_str()), ("from", "2")]).await;
    assert_eq!(
        (status, page["items"].as_array().unwrap().len()),
        (StatusCode::OK, 100)
    );
    assert_eq!(page["items"][0], serde_json::to_value(&written[1]).unwrap());
    let query = [("stream", stream.as_str()), ("from", "128"), ("to", "129")];
    let (_, rest) = get(&house, "events", &query).await;
    assert_eq!(rest["items"].as_array().unwrap().len(), 2);
    let (_, none) = get(&house, "events", &[("stream", "task/none")]).await;
    assert_eq!(none["items"], Value::Array(vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_are_those_of_the_types_asked_for_since_the_time_asked_for() {
    let house = House::new().await;
    let (first, second) = (stream(), stream());
    house.publish(events(Uuid::now_v7(), &first, 1..=3)).await;
    let (_, before) = get(&house, "heads", &[("types", "task.changed")]).await;
    assert_eq!(before["items"][0]["version"], 3);
    let now = before["now"].as_str().unwrap();
    house.publish(events(Uuid::now_v7(), &second, 1..=2)).await;
    let (_, since) = get(
        &house,
        "heads",
        &[("since", now), ("types", "task.changed,board.changed")],
    )
    .await;
    assert_eq!(
        since["items"],
        serde_json::json!([{"stream": second.as_str(), "version": 2}])
    );
    assert_eq!(since["next"], Value::Null);
    let (_, boards) = get(&house, "heads", &[("types", "board.changed")]).await;
    assert_eq!(boards["items"], Value::Array(vec![]));
    let (_, later) = get(&house, "heads", &[("since", "2999-01-01T00:00:00Z")]).await;
    assert_eq!(later["items"], Value::Array(vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_of_many_pages_is_told_whole() {
    let house = House::new().await;
    let stream = stream();
    house.publish(events(Uuid::now_v7(), &stream, 1..=6_000)).await;
    let (_, first) = get(&house, "heads", &[]).await;
    assert_eq!(first["items"][0]["version"], 5_000);
    let (_, second) = get(&house, "heads", &[("cursor", &first["next"].to_string())]).await;
    assert_eq!(
        (&second["items"][0]["version"], &second["next"]),
        (&6_000.into(), &Value::Null)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_and_nonsense_are_refused() {
    let house = House::new().await;
    let bare = reqwest::get(format!("{}/internal/heads?source=/task-service", house.url))
        .await
        .unwrap();
    assert_eq!(bare.status(), StatusCode::UNAUTHORIZED);
    let other = reqwest::Client::new()
        .get(format!("{}/internal/heads?source=/auth-service", house.url))
        .bearer_auth(house.issuer.service_token("audit-service"))
        .send()
        .await
        .unwrap();
    assert_eq!(other.status(), StatusCode::NOT_FOUND);
    for path in ["heads", "events"] {
        let no_reader = reqwest::Client::new()
            .get(format!("{}/internal/{path}?source={SOURCE}", house.url))
            .bearer_auth(house.issuer.service_token("task-service"))
            .send()
            .await
            .unwrap();
        assert_eq!(no_reader.status(), StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(
        get(&house, "heads", &[("cursor", "x")]).await.0,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        get(&house, "heads", &[("since", "yesterday")]).await.0,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(get(&house, "events", &[]).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(
        get(&house, "events", &[("stream", "a\0b")]).await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}
