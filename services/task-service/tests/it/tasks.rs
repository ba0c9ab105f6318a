//! A task from its creation to the trash and back.

use insta::{assert_json_snapshot, dynamic_redaction};
use policy::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{World, an_id, id_of, just_now, version_of};

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_created_whole() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let pic = world.person(Role::Pic).await;
    let board = lead.board().await;
    let body = json!({
        "title": "보고서 쓰기", "column_id": board.columns[1], "description": "# 초안\n- [ ] 표", "pic_id": pic.id,
        "deadline": "2030-01-31T18:00:00.9+09:00", "deadline_zone": "Asia/Seoul", "priority": "high",
        "labels": ["급함", " 급함 ", "문서"],
    });
    let answer = lead
        .post(&format!("/api/boards/{}/tasks", board.id), &body)
        .expect(StatusCode::CREATED)
        .await;
    assert_eq!(answer.etag.as_deref(), Some("\"1\""));
    let path = answer.location.clone().unwrap();
    assert_json_snapshot!(answer.body, {
        ".id" => dynamic_redaction(an_id), ".board_id" => dynamic_redaction(an_id),
        ".column_id" => dynamic_redaction(an_id), ".pic_id" => dynamic_redaction(an_id),
        ".created_by" => dynamic_redaction(an_id), ".created_at" => dynamic_redaction(just_now),
        ".updated_at" => dynamic_redaction(just_now),
    }, @r##"
    {
      "board_id": "[id]",
      "column_id": "[id]",
      "created_at": "[now]",
      "created_by": "[id]",
      "deadline": "2030-01-31T09:00:00Z",
      "deadline_zone": "Asia/Seoul",
      "deleted_at": null,
      "description": "# 초안\n- [ ] 표",
      "id": "[id]",
      "labels": [
        "급함",
        "문서"
      ],
      "pic_id": "[id]",
      "priority": "high",
      "rank": "80000080",
      "status": "doing",
      "title": "보고서 쓰기",
      "updated_at": "[now]",
      "version": 1
    }
    "##);
    let read = pic.get(&path).expect(StatusCode::OK).await;
    assert_eq!((read.body, read.etag.as_deref()), (answer.body, Some("\"1\"")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_edited_field_by_field() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let task = lead.task_with(&board, json!({
        "title": "a", "pic_id": lead.id, "deadline": "2030-01-01T00:00:00Z", "deadline_zone": "Asia/Seoul",
    })).await;
    let path = format!("/api/tasks/{}", id_of(&task));
    let edited = lead
        .patch(
            &path,
            1,
            &json!({"title": "b", "labels": ["x"], "priority": "urgent"}),
        )
        .ok()
        .await;
    assert_eq!(
        (&edited["title"], &edited["labels"], &edited["priority"]),
        (&json!("b"), &json!(["x"]), &json!("urgent"))
    );
    let cleared = lead
        .patch(&path, 2, &json!({"deadline": null, "pic_id": null}))
        .expect(StatusCode::OK)
        .await;
    assert_eq!(cleared.etag.as_deref(), Some("\"3\""));
    for field in ["deadline", "deadline_zone", "pic_id"] {
        assert_eq!(cleared.body[field], Value::Null);
    }
    let same = lead.patch(&path, 3, &json!({"title": "b"})).ok().await;
    assert_eq!(version_of(&same), 3, "setting what already is changes nothing");
    assert_eq!(version_of(&lead.patch(&path, 3, &json!({})).ok().await), 3);
    lead.patch(&path, 3, &json!({"deadline_zone": "Asia/Seoul"}))
        .refused(422, &["deadline_zone"])
        .await;
    assert_eq!(
        world
            .count("SELECT count(*) FROM event_log WHERE stream LIKE 'task/%'")
            .await,
        3
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_goes_to_the_trash_and_comes_back() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let task = lead
        .task_with(&board, json!({"title": "a", "column_id": board.columns[1]}))
        .await;
    let path = format!("/api/tasks/{}", id_of(&task));
    let restore = |version| lead.call(Method::POST, &format!("{path}/restore")).seen(version);
    restore(1).refused(409, &[]).await;
    let deleted = lead.delete(&path, 1).expect(StatusCode::OK).await;
    assert!(deleted.body["deleted_at"].is_string() && deleted.etag.as_deref() == Some("\"2\""));
    assert_eq!(lead.titles(&board, 1).await, Vec::<String>::new());
    assert!(lead.get(&path).ok().await["deleted_at"].is_string());
    lead.patch(&path, 2, &json!({"title": "b"}))
        .refused(409, &[])
        .await;
    let stale = lead
        .patch(&path, 1, &json!({"title": "b"}))
        .refused(412, &[])
        .await;
    assert_eq!(stale["fields"], json!(["deleted_at"]));
    lead.post(&format!("{path}/comments"), &json!({"body": "late"}))
        .refused(409, &[])
        .await;
    restore(1).refused(412, &[]).await;
    // Its column is empty now and goes; it comes back to the first one of the same status, or the first of all.
    lead.delete(&format!("/api/columns/{}", board.columns[1]), 1)
        .ok()
        .await;
    let restored = restore(2).ok().await;
    assert_eq!(
        (restored["column_id"].clone(), version_of(&restored)),
        (json!(board.columns[0]), 3)
    );
    assert_eq!(lead.titles(&board, 0).await, ["a"]);
    let events = world.sql().await;
    let rows = events
        .query(
            "SELECT record::jsonb->>'kind' FROM event_log WHERE stream = $1 ORDER BY version",
            &[&format!("task/{}", id_of(&task))],
        )
        .await
        .unwrap();
    let kinds: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(kinds, ["created", "deleted", "restored"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn comments_are_read_in_pages_and_are_versions_of_their_task() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let observer = world.person(Role::Observer).await;
    let board = lead.board().await;
    let task = lead.task(&board, "a").await;
    let path = format!("/api/tasks/{}/comments", id_of(&task));
    let first = observer
        .post(&path, &json!({"body": "보았습니다"}))
        .expect(StatusCode::CREATED)
        .await;
    assert_json_snapshot!(first.body, {
        ".id" => dynamic_redaction(an_id), ".task_id" => dynamic_redaction(an_id),
        ".author_id" => dynamic_redaction(an_id), ".created_at" => dynamic_redaction(just_now),
    }, @r#"
    {
      "author_id": "[id]",
      "author_name": "Test observer",
      "body": "보았습니다",
      "created_at": "[now]",
      "id": "[id]",
      "task_id": "[id]"
    }
    "#);
    for n in 2..=3 {
        lead.post(&path, &json!({"body": format!("{n}")})).ok().await;
    }
    let page = lead.get(&format!("{path}?limit=2")).ok().await;
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    let next = page["next"].as_str().unwrap();
    let rest = lead.get(&format!("{path}?limit=2&cursor={next}")).ok().await;
    assert_eq!(
        (&rest["items"][0]["body"], &rest["next"]),
        (&json!("3"), &Value::Null)
    );
    let task = lead.get(&format!("/api/tasks/{}", id_of(&task))).ok().await;
    assert_eq!(version_of(&task), 4);
    // A comment is no reason to refuse a deletion by somebody who has not seen it.
    lead.delete(&format!("/api/tasks/{}", id_of(&task)), 1).ok().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_is_an_event_with_values_before_and_after() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let task = lead.task(&board, "전").await;
    let path = format!("/api/tasks/{}", id_of(&task));
    let edited = lead.patch(&path, 1, &json!({"title": "후"})).ok().await;
    lead.move_task(&edited, &json!({"column_id": board.columns[2]}))
        .ok()
        .await;
    let rows = world
        .sql()
        .await
        .query(
            "SELECT version, topic, particulars FROM event_log WHERE stream = $1 ORDER BY version",
            &[&format!("task/{}", id_of(&task))],
        )
        .await
        .unwrap();
    assert_eq!(
        rows.iter().map(|row| row.get::<_, i64>(0)).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert!(
        rows.iter()
            .all(|row| row.get::<_, String>(1) == board.id.to_string())
    );
    let value = |row: usize, name: &str, side: &str| -> Value {
        let particulars: Value = serde_json::from_str(rows[row].get(2)).unwrap();
        particulars["fields"][name][side]["value"].clone()
    };
    assert_eq!(
        (value(1, "title", "before"), value(1, "title", "after")),
        (json!("전"), json!("후"))
    );
    assert_eq!(
        (value(2, "column", "before"), value(2, "column", "after")),
        (json!("To do"), json!("Done"))
    );
    assert_eq!(
        (value(2, "status", "before"), value(2, "status", "after")),
        (json!("todo"), json!("done"))
    );
    assert_eq!(value(2, "column_id", "after"), json!(board.columns[2]));
}
