//! Taking along what is kept of oneself, from all four services.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::house::House;

const PATHS: [&str; 4] = [
    "/api/auth/me/export",
    "/api/tasks/export/me",
    "/api/audit/export/me",
    "/api/notifications/export/me",
];

fn count(export: &Value, list: &str) -> usize {
    export[list].as_array().expect(list).len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_takes_along_ones_own_and_nothing_else() {
    let house = House::start_open().await;
    let admin = house.sign_up("admin@example.com").await;
    let jun = house.join(&admin, "jun@example.com", "supervisor").await;
    let board = house
        .create("/api/boards", &admin, &json!({ "name": "Board" }))
        .await;
    let path = format!("/api/boards/{}", board["id"].as_str().expect("an id"));
    let column = house.get(&path, &admin).await["columns"][0]["id"].clone();
    // More than a page of tasks that the one made and the other is in charge of.
    for n in 0..205 {
        let body =
            json!({ "title": format!("Task {n}"), "column_id": column, "pic_id": jun["person"]["id"] });
        let task = house.create(&format!("{path}/tasks"), &admin, &body).await;
        if n == 0 {
            let comments = format!("/api/tasks/{}/comments", task["id"].as_str().expect("an id"));
            house.create(&comments, &jun, &json!({ "body": "Mine" })).await;
            house
                .create(&comments, &admin, &json!({ "body": "Not mine" }))
                .await;
        }
    }
    let tasks = house.get("/api/tasks/export/me", &jun).await;
    assert_eq!((count(&tasks, "in_charge"), count(&tasks, "created")), (205, 0));
    assert_eq!(count(&tasks, "comments"), 1);
    assert_eq!(tasks["comments"][0]["body"], "Mine");
    let tasks = house.get("/api/tasks/export/me", &admin).await;
    assert_eq!((count(&tasks, "in_charge"), count(&tasks, "created")), (0, 205));

    let account = house.get("/api/auth/me/export", &jun).await;
    assert_eq!(account["profile"][0]["email"], "jun@example.com");
    assert_eq!(account["memberships"][0]["role"], "supervisor");
    assert_eq!(
        (count(&account, "sessions"), count(&account, "invitations")),
        (1, 0)
    );
    assert_eq!(account["security"][0]["kind"], "signed_in");
    assert!(account["security"][0]["device"].is_string());
    let account = house.get("/api/auth/me/export", &admin).await;
    assert_eq!(account["invitations"][0]["email"], "jun@example.com");

    let stranger = house.sign_up("stranger@example.com").await;
    for path in PATHS {
        let nothing = house.get(path, &stranger).await.to_string();
        assert!(!nothing.contains("jun@example.com"), "{path}: {nothing}");
        assert!(!nothing.contains("Task 1"), "{path}: {nothing}");
    }
    for (path, lists) in [
        (PATHS[2], ["changes", "security"]),
        (PATHS[3], ["notifications", "preferences"]),
    ] {
        let export = house.get(path, &jun).await;
        for list in lists {
            assert!(export[list].is_array(), "{path}: {export}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_service_wants_a_fresh_proof_and_a_token() {
    let house = House::start_open().await;
    let admin = house.sign_up("admin@example.com").await;
    let age = "update auth.session set proved_at = now() - interval '6 minutes'";
    house.sql().await.batch_execute(age).await.expect("old proofs");
    for path in PATHS {
        let (status, problem) = house.send(Method::GET, path, &admin, None).await;
        assert_eq!(
            (status, &problem["code"]),
            (StatusCode::FORBIDDEN, &json!("step_up_required")),
            "{path}"
        );
        assert_eq!(problem["methods"], json!(["password"]), "{path}");
        let (status, _) = house.send(Method::GET, path, &Value::Null, None).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{path}");
    }
    let proof = json!({ "password": "correct horse battery" });
    let (status, _) = house
        .send(Method::POST, "/api/auth/step-up", &admin, Some((&proof, 0)))
        .await;
    assert_eq!(status, StatusCode::OK);
    for path in PATHS {
        house.get(path, &admin).await;
    }
}
