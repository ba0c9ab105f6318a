//! Boards and columns, from their creation to the trash and back.

use insta::{assert_json_snapshot, dynamic_redaction};
use policy::Role;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{World, an_id, id_of, just_now, version_of};

#[tokio::test(flavor = "multi_thread")]
async fn a_board_is_created_renamed_trashed_and_restored() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let answer = lead
        .post("/api/boards", &json!({"name": "출시 준비"}))
        .expect(StatusCode::CREATED)
        .await;
    assert_eq!(answer.etag.as_deref(), Some("\"1\""));
    let path = answer.location.unwrap();
    assert_json_snapshot!(answer.body, {
        ".id" => dynamic_redaction(an_id), ".created_at" => dynamic_redaction(just_now),
    }, @r#"
    {
      "created_at": "[now]",
      "deleted_at": null,
      "id": "[id]",
      "name": "출시 준비",
      "version": 1
    }
    "#);
    let renamed = lead
        .patch(&path, 1, &json!({"name": "출시"}))
        .expect(StatusCode::OK)
        .await;
    assert_eq!(
        (renamed.body["name"].as_str(), renamed.etag.as_deref()),
        (Some("출시"), Some("\"2\""))
    );
    let same = lead.patch(&path, 1, &json!({"name": "출시"})).ok().await;
    assert_eq!(version_of(&same), 2, "setting what already is changes nothing");
    let stale = lead
        .patch(&path, 1, &json!({"name": "다른 이름"}))
        .refused(412, &[])
        .await;
    assert_eq!(
        (&stale["fields"], &stale["current"]["name"]),
        (&json!(["name"]), &json!("출시"))
    );
    lead.delete(&path, 1).refused(412, &[]).await;
    let deleted = lead.delete(&path, 2).ok().await;
    assert!(deleted["deleted_at"].is_string());
    lead.get(&path).refused(404, &[]).await;
    assert_eq!(lead.get("/api/boards").ok().await["items"], json!([]));
    assert_eq!(
        lead.get("/api/boards?deleted=true").ok().await["items"],
        json!([deleted])
    );
    lead.delete(&path, 3).refused(409, &[]).await;
    lead.call(Method::POST, &format!("{path}/restore"))
        .refused(428, &[])
        .await;
    let restored = lead
        .call(Method::POST, &format!("{path}/restore"))
        .seen(3)
        .ok()
        .await;
    assert_eq!(
        (&restored["deleted_at"], version_of(&restored)),
        (&json!(null), 4)
    );
    lead.call(Method::POST, &format!("{path}/restore"))
        .seen(4)
        .refused(409, &[])
        .await;
    lead.get(&path).ok().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_shows_columns_cards_and_position() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let columns = json!([{"name": "할 일", "status": "todo"}, {"name": "끝", "status": "done"}]);
    let board = lead
        .post("/api/boards", &json!({"name": "b", "columns": columns}))
        .ok()
        .await;
    let path = format!("/api/boards/{}", id_of(&board));
    let page = lead.get(&path).ok().await;
    let body = json!({
        "title": "보고서", "column_id": page["columns"][1]["id"], "pic_id": lead.id, "description": "# 초안",
        "deadline": "2030-01-31T18:00:00.9+09:00", "deadline_zone": "Asia/Seoul", "priority": "high", "labels": ["급함"],
    });
    lead.post(&format!("{path}/tasks"), &body).ok().await;
    let page = lead.get(&path).expect(StatusCode::OK).await;
    assert_eq!(page.etag.as_deref(), Some("\"1\""));
    assert!(page.body["position"].as_i64().unwrap() >= 0);
    assert_json_snapshot!(page.body, {
        ".id" => dynamic_redaction(an_id), ".position" => "[position]",
        ".columns[].id" => dynamic_redaction(an_id), ".columns[].board_id" => dynamic_redaction(an_id),
        ".cards[].id" => dynamic_redaction(an_id), ".cards[].column_id" => dynamic_redaction(an_id),
        ".cards[].pic_id" => dynamic_redaction(an_id),
    }, @r#"
    {
      "cards": [
        {
          "column_id": "[id]",
          "comments": 0,
          "deadline": "2030-01-31T09:00:00Z",
          "has_description": true,
          "id": "[id]",
          "labels": [
            "급함"
          ],
          "pic_id": "[id]",
          "priority": "high",
          "rank": "80000080",
          "title": "보고서",
          "version": 1
        }
      ],
      "columns": [
        {
          "board_id": "[id]",
          "id": "[id]",
          "name": "할 일",
          "rank": "80000080",
          "status": "todo",
          "version": 1
        },
        {
          "board_id": "[id]",
          "id": "[id]",
          "name": "끝",
          "rank": "80000180",
          "status": "done",
          "version": 1
        }
      ],
      "id": "[id]",
      "name": "b",
      "position": "[position]",
      "version": 1
    }
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_are_added_edited_moved_and_taken_away() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let path = format!("/api/boards/{}", board.id);
    let body = json!({"name": "검토", "status": "doing", "before": board.columns[2]});
    let answer = lead
        .post(&format!("{path}/columns"), &body)
        .expect(StatusCode::CREATED)
        .await;
    assert_eq!(answer.etag.as_deref(), Some("\"1\""));
    let column = answer.location.unwrap();
    assert_eq!(
        names(&lead.get(&path).ok().await),
        ["To do", "Doing", "검토", "Done"]
    );

    let edited = lead.patch(&column, 1, &json!({"status": "done"})).ok().await;
    assert_eq!(
        (edited["status"].as_str(), version_of(&edited)),
        (Some("done"), 2)
    );
    let merged = lead.patch(&column, 1, &json!({"name": "검수"})).ok().await;
    assert_eq!(
        (merged["status"].as_str(), version_of(&merged)),
        (Some("done"), 3),
        "different fields merge"
    );
    let stale = lead
        .patch(&column, 1, &json!({"status": "todo"}))
        .refused(412, &[])
        .await;
    assert_eq!(stale["fields"], json!(["status"]));

    let to = |body| lead.post(&format!("{column}/move"), &body);
    let moved = to(json!({"before": board.columns[0]})).seen(3).ok().await;
    assert_eq!(version_of(&moved), 4);
    assert_eq!(
        names(&lead.get(&path).ok().await),
        ["검수", "To do", "Doing", "Done"]
    );
    to(json!({"after": board.columns[0]}))
        .seen(3)
        .refused(412, &[])
        .await;
    to(json!({"after": id_of(&moved)}))
        .seen(4)
        .refused(422, &["after"])
        .await;
    to(json!({"after": board.columns[0], "before": board.columns[1]}))
        .seen(4)
        .refused(422, &["after"])
        .await;
    assert_eq!(version_of(&to(json!({})).seen(4).ok().await), 5);
    assert_eq!(
        names(&lead.get(&path).ok().await),
        ["To do", "Doing", "Done", "검수"]
    );

    lead.task_with(&board, json!({"title": "t", "column_id": id_of(&moved)}))
        .await;
    let full = lead.delete(&column, 5).refused(409, &[]).await;
    assert_eq!(full["detail"], json!("the column is not empty"));
    let empty = format!("/api/columns/{}", board.columns[1]);
    lead.delete(&empty, 1).expect(StatusCode::NO_CONTENT).await;
    lead.delete(&empty, 1).refused(404, &[]).await;
    assert_eq!(names(&lead.get(&path).ok().await), ["To do", "Done", "검수"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn zig_zagging_columns_never_run_out_of_room() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    for turn in 0..80 {
        let page = lead.get(&format!("/api/boards/{}", board.id)).ok().await;
        let columns = page["columns"].as_array().unwrap();
        // The outer two in turn go beside the one in the middle.
        let (mover, body) = match turn % 2 {
            0 => (&columns[2], json!({"before": columns[1]["id"]})),
            _ => (&columns[0], json!({"after": columns[1]["id"]})),
        };
        let path = format!("/api/columns/{}/move", id_of(mover));
        let moved = lead.post(&path, &body).seen(version_of(mover)).ok().await;
        assert!(moved["rank"].as_str().unwrap().len() <= 48);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_takes_fifty_columns() {
    let world = World::start().await;
    let lead = world.person(Role::Admin).await;
    let columns: Vec<_> = (0..51)
        .map(|n| json!({"name": format!("c{n}"), "status": "todo"}))
        .collect();
    lead.post("/api/boards", &json!({"name": "b", "columns": columns}))
        .refused(422, &["columns"])
        .await;
    let board = lead
        .post("/api/boards", &json!({"name": "b", "columns": columns[..50]}))
        .ok()
        .await;
    let path = format!("/api/boards/{}/columns", id_of(&board));
    lead.post(&path, &json!({"name": "one more", "status": "todo"}))
        .refused(409, &[])
        .await;
}

fn names(page: &serde_json::Value) -> Vec<&str> {
    page["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|column| column["name"].as_str().unwrap())
        .collect()
}
