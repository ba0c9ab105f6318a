//! No silent overwrite: edits of different fields merge, edits of the same field collide.

use policy::Role;
use reqwest::Method;
use serde_json::json;

use crate::support::{World, id_of, together, version_of};

#[tokio::test(flavor = "multi_thread")]
async fn different_fields_merge_and_the_same_field_collides() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let task = lead.task(&board, "a").await;
    let path = format!("/api/tasks/{}", id_of(&task));
    lead.patch(&path, 1, &json!({"title": "mine"})).ok().await;
    let merged = lead.patch(&path, 1, &json!({"description": "yours"})).ok().await;
    assert_eq!(
        (&merged["title"], &merged["description"], version_of(&merged)),
        (&json!("mine"), &json!("yours"), 3)
    );
    let refused = lead
        .patch(&path, 1, &json!({"title": "other", "labels": ["x"]}))
        .refused(412, &[])
        .await;
    assert_eq!(refused["code"], json!("version_conflict"));
    assert_eq!(refused["fields"], json!(["title"]));
    assert_eq!(
        refused["current"],
        lead.get(&path).ok().await,
        "nothing of the refused edit was written"
    );
    let agreed = lead
        .patch(&path, 1, &json!({"title": "mine", "labels": ["x"]}))
        .ok()
        .await;
    assert_eq!(
        (version_of(&agreed), &agreed["labels"]),
        (4, &json!(["x"])),
        "saying the same is no collision"
    );
    // A move and an edit are different fields, two moves are not.
    let moved = lead
        .move_task(&merged, &json!({"column_id": board.columns[1]}))
        .ok()
        .await;
    assert_eq!(version_of(&moved), 5);
    let twice = lead
        .move_task(&task, &json!({"column_id": board.columns[2]}))
        .refused(412, &[])
        .await;
    assert_eq!(twice["fields"], json!(["column_id"]));
    lead.patch(&path, 4, &json!({"priority": "low"})).ok().await;
    let refused = lead.delete(&path, 4).refused(412, &[]).await;
    assert_eq!(refused["fields"], json!(["priority", "column_id"]));
    lead.patch(&path, 99, &json!({"priority": "high"}))
        .refused(412, &[])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_without_a_version_is_refused() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let task = lead.task(&board, "a").await;
    let path = format!("/api/tasks/{}", id_of(&task));
    let to = json!({"column_id": board.columns[1]});
    lead.call(Method::PATCH, &path)
        .json(&json!({"title": "b"}))
        .refused(428, &[])
        .await;
    lead.call(Method::DELETE, &path).refused(428, &[]).await;
    lead.post(&format!("{path}/move"), &to).refused(428, &[]).await;
    lead.call(Method::POST, &format!("{path}/restore"))
        .refused(428, &[])
        .await;
    lead.call(Method::PATCH, &format!("/api/boards/{}", board.id))
        .json(&json!({}))
        .refused(428, &[])
        .await;
    lead.call(Method::PATCH, &format!("/api/columns/{}", board.columns[0]))
        .json(&json!({}))
        .refused(428, &[])
        .await;
    let weak = lead
        .client
        .patch(format!("{}{path}", lead.base))
        .bearer_auth(&lead.token);
    let weak = weak
        .header("If-Match", "W/\"1\"")
        .json(&json!({"title": "b"}))
        .send()
        .await
        .unwrap();
    assert_eq!(weak.status(), 200, "a CDN may weaken an ETag");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_each_field_has_exactly_one_winner() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let task = lead.task(&board, "a").await;
    let path = format!("/api/tasks/{}", id_of(&task));
    let statuses = together(24, |index| {
        let (lead, path) = (lead.clone(), path.clone());
        Box::pin(async move {
            let body = match index % 3 {
                0 => json!({"title": format!("title {index}")}),
                1 => json!({"description": format!("text {index}")}),
                _ => json!({"labels": [format!("label {index}")]}),
            };
            (index % 3, lead.patch(&path, 1, &body).send().await.status)
        })
    })
    .await;
    for field in 0..3 {
        let of_field = || statuses.iter().filter(move |(which, _)| *which == field);
        assert_eq!(
            of_field().filter(|(_, status)| *status == 200).count(),
            1,
            "{statuses:?}"
        );
        assert_eq!(
            of_field().filter(|(_, status)| *status == 412).count(),
            7,
            "{statuses:?}"
        );
    }
    assert_eq!(version_of(&lead.get(&path).ok().await), 4);
}
