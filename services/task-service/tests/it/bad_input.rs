//! Hostile input: always a problem that names the field, never a 5xx, nothing half-written.

use policy::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{World, id_of};

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_field_of_a_task_is_named() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let task = lead.task(&board, "t").await;
    let (create, edit) = (
        format!("/api/boards/{}/tasks", board.id),
        format!("/api/tasks/{}", id_of(&task)),
    );
    let bad: Vec<(&str, Value)> = vec![
        ("title", json!("")),
        ("title", json!("  \u{3000} ")),
        ("title", json!("가".repeat(201))),
        ("title", json!("a\u{0}b")),
        ("title", json!("a\u{fffe}b")),
        ("title", json!("a\u{1ffff}b")),
        ("title", json!("two\nlines")),
        ("title", json!(7)),
        ("title", Value::Null),
        ("description", json!("x".repeat(65_537))),
        ("description", json!("\u{ffff}")),
        ("description", json!(["x"])),
        ("pic_id", json!("me")),
        ("pic_id", json!(1)),
        ("deadline", json!("9999-12-31T23:59:59Z")),
        ("deadline", json!("1999-12-31T23:59:59Z")),
        ("deadline", json!("next week")),
        ("deadline", json!("2030-13-01T00:00:00Z")),
        ("deadline", json!(1_900_000_000)),
        ("deadline_zone", json!("Mars/Olympus")),
        ("priority", json!("asap")),
        ("priority", json!({})),
        ("labels", json!("x")),
        ("labels", json!([""])),
        ("labels", json!(["x".repeat(51)])),
        ("labels", json!(["a\u{0}"])),
        (
            "labels",
            json!((0..21).map(|n| n.to_string()).collect::<Vec<_>>()),
        ),
        ("colour", json!("red")),
        ("version", json!(3)),
    ];
    for (field, value) in bad {
        let mut body = json!({"title": "t", "column_id": board.columns[0]});
        body[field] = value.clone();
        let shown: String = value.to_string().chars().take(40).collect();
        for (call, what) in [
            (lead.post(&create, &body), "create"),
            (lead.patch(&edit, 1, &json!({field: value})), "edit"),
        ] {
            let answer = call.send().await;
            let named = answer.body["errors"][0]["field"].as_str().unwrap_or_default();
            assert_eq!(answer.status, 422, "{what} {field} {shown}: {:#}", answer.body);
            assert!(
                named == field || named.starts_with(&format!("{field}[")),
                "{what} {field} {shown}: {named}"
            );
        }
    }
    lead.post(&create, &json!({"title": "t"}))
        .refused(422, &["column_id"])
        .await;
    lead.post(&create, &json!({"title": "t", "column_id": "x"}))
        .refused(422, &["column_id"])
        .await;
    let zone = json!({"title": "t", "column_id": board.columns[0], "deadline_zone": "Asia/Seoul"});
    lead.post(&create, &zone).refused(422, &["deadline_zone"]).await;
    assert_eq!(
        world.count("SELECT count(*) FROM task").await,
        1,
        "nothing was written"
    );
    assert_eq!(world.count("SELECT max(version) FROM task").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_request_is_refused_as_such() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let path = format!("/api/boards/{}/tasks", board.id);
    let post = || lead.call(Method::POST, &path);
    post().raw("{\"title\":").refused(400, &[]).await;
    post().raw(vec![0xff, 0xfe, 0x00]).refused(400, &[]).await;
    post().raw("[]").refused(422, &[]).await;
    post()
        .raw(format!(
            "{{\"title\":{}1{}}}",
            "[".repeat(60_000),
            "]".repeat(60_000)
        ))
        .refused(422, &["title"])
        .await;
    let huge = json!({"title": "t", "column_id": board.columns[0], "description": "x".repeat(10_000_000)});
    let answer = post().json(&huge).try_send().await;
    assert!(answer.is_none_or(|answer| answer.status == 413));
    post().refused(415, &["Content-Type"]).await;
    lead.call(Method::PUT, &path).refused(405, &[]).await;
    lead.get("/api/nowhere").refused(404, &[]).await;
    for id in [
        "x",
        "00000000-0000-0000-0000-00000000000g",
        "%00",
        "..%2f",
        "{0198a1b2-0000-7000-8000-000000000000}",
    ] {
        lead.get(&format!("/api/tasks/{id}")).refused(404, &[]).await;
    }
    let task = lead.task(&board, "t").await;
    let edit = format!("{}/api/tasks/{}", lead.base, id_of(&task));
    for version in ["*", "1", "\"x\"", "\"-1\"", "\"99999999999999999999\""] {
        let call = lead
            .client
            .patch(&edit)
            .bearer_auth(&lead.token)
            .header("If-Match", version);
        assert_eq!(
            call.json(&json!({"title": "u"})).send().await.unwrap().status(),
            400,
            "{version}"
        );
    }
    assert_eq!(lead.titles(&board, 0).await, ["t"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_query_is_named() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let task = lead.task(&board, "t").await;
    let bad = [
        ("limit", "0"),
        ("limit", "-1"),
        ("limit", "201"),
        ("limit", "ten"),
        ("cursor", "%00"),
        ("cursor", "bm8"),
        ("board", "1"),
        ("pic", "me"),
        ("status", "gone"),
        ("deadline_from", "soon"),
        ("deadline_to", "9999-01-01T00:00:00Z"),
        ("label", ""),
        ("text", ""),
        ("text", "%00"),
        ("text", "%EF%BF%BE"),
        ("deleted", "maybe"),
        ("sort", "random"),
        ("page", "-1"),
    ];
    for (field, value) in bad {
        lead.get(&format!("/api/tasks?{field}={value}"))
            .refused(422, &[field])
            .await;
    }
    for (field, value) in [
        ("limit", "-5"),
        ("cursor", "x"),
        ("deleted", "2"),
        ("offset", "-1"),
    ] {
        lead.get(&format!("/api/boards?{field}={value}"))
            .refused(422, &[field])
            .await;
    }
    let comments = format!("/api/tasks/{}/comments", id_of(&task));
    lead.get(&format!("{comments}?limit=-1"))
        .refused(422, &["limit"])
        .await;
    let changes = format!("/api/boards/{}/changes", board.id);
    lead.get(&changes).refused(422, &["after"]).await;
    for (query, field) in [
        ("after=-1", "after"),
        ("after=x", "after"),
        ("after=0&wait=26", "wait"),
        ("after=0&wait=-1", "wait"),
    ] {
        lead.get(&format!("{changes}?{query}"))
            .refused(422, &[field])
            .await;
    }
    // A cursor of one order is none of the other.
    let page = lead.task(&board, "u").await;
    assert!(page["id"].is_string());
    let newest = lead.get("/api/tasks?limit=1").ok().await;
    let cursor = newest["next"].as_str().unwrap();
    lead.get(&format!("/api/tasks?sort=deadline&cursor={cursor}"))
        .refused(422, &["cursor"])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn boards_columns_and_comments_name_their_fields() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let task = lead.task(&board, "t").await;
    for name in [
        json!(""),
        json!("x".repeat(101)),
        json!("\u{0}"),
        json!(null),
        json!([]),
    ] {
        lead.post("/api/boards", &json!({"name": name}))
            .refused(422, &["name"])
            .await;
        let columns = json!([{"name": "ok", "status": "todo"}, {"name": name, "status": "todo"}]);
        lead.post("/api/boards", &json!({"name": "b", "columns": columns}))
            .refused(422, &["columns[1].name"])
            .await;
        lead.patch(&format!("/api/boards/{}", board.id), 1, &json!({"name": name}))
            .refused(422, &["name"])
            .await;
        let column = format!("/api/columns/{}", board.columns[0]);
        lead.patch(&column, 1, &json!({"name": name}))
            .refused(422, &["name"])
            .await;
    }
    let column = json!({"name": "c", "status": "lost"});
    lead.post(&format!("/api/boards/{}/columns", board.id), &column)
        .refused(422, &["status"])
        .await;
    let comments = format!("/api/tasks/{}/comments", id_of(&task));
    for body in [
        json!(""),
        json!(" \n"),
        json!("\u{fffe}"),
        json!("x".repeat(16_385)),
        json!(1),
    ] {
        lead.post(&comments, &json!({"body": body}))
            .refused(422, &["body"])
            .await;
    }
    assert_eq!(world.count("SELECT count(*) FROM comment").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_at_their_limits_are_taken() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let labels: Vec<String> = (0..20).map(|n| format!("{n:02}{}", "가".repeat(48))).collect();
    let body = json!({"title": "👩‍💻 é \u{fffd}", "description": "\"\\\n\t".repeat(16_384), "labels": labels});
    let task = lead.task_with(&board, body.clone()).await;
    for field in ["title", "description", "labels"] {
        assert_eq!(task[field], body[field]);
    }
    let decomposed = lead
        .task_with(&board, json!({"title": "\u{1112}\u{1161}\u{11ab}글"}))
        .await;
    assert_eq!(decomposed["title"], json!("한글"), "text is stored composed");
}
