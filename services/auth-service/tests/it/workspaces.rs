//! Several workspaces of one person.

use serde_json::json;
use uuid::Uuid;

use crate::support::{Answer, Api, PASSWORD, Person, claims};

async fn switch(api: &Api, person: &Person, workspace: Uuid) -> Answer {
    let path = format!("/api/auth/workspaces/{workspace}/switch");
    api.post(&path).by(person).send().await
}

async fn leave(api: &Api, person: &Person, workspace: Uuid) -> Answer {
    let path = format!("/api/auth/workspaces/{workspace}/leave");
    api.post(&path).by(person).send().await
}

async fn found(api: &Api, person: &Person, name: &str) -> Answer {
    let body = json!({ "name": name });
    api.post("/api/auth/workspaces")
        .by(person)
        .json(&body)
        .send()
        .await
}

/// Somebody with a workspace of their own, who is a guest in another one and signed in there; and its admin.
async fn guest(api: &Api) -> (Person, Person, Person) {
    let minji = api.admin("minji@example.com").await;
    let jun = api.admin("jun@example.com").await;
    let token = api
        .link_token(&api.invite(&jun, "minji@example.com", "observer").await)
        .await;
    let body = json!({ "token": token, "password": PASSWORD });
    let there = api
        .post("/api/auth/invitations/accept")
        .json(&body)
        .send()
        .await
        .created();
    assert_eq!(there.workspace, jun.workspace);
    (minji, there, jun)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_goes_on_in_another_without_signing_in_again() {
    let api = Api::start().await;
    let (minji, there, _) = guest(&api).await;
    let list = api.get("/api/auth/workspaces").by(&there).send().await;
    let items = list.body["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    for item in items {
        let here = item["id"] == json!(there.workspace);
        assert_eq!(item["current"], here);
        assert_eq!(item["role"], if here { "observer" } else { "admin" });
    }
    let back = switch(&api, &there, minji.workspace).await.person();
    assert_eq!((back.id, back.workspace), (minji.id, minji.workspace));
    assert_eq!(claims(&back.token)["role"], "admin");
    assert_eq!(
        api.get("/api/auth/me").by(&there).send().await.status,
        401,
        "the session before is over"
    );
    let refreshed = api.post("/api/auth/refresh").cookie(&back.cookie).send().await;
    assert_eq!(refreshed.person().workspace, minji.workspace);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_switch_proves_nothing_anew() {
    let api = Api::start().await;
    let (minji, there, _) = guest(&api).await;
    api.age_proofs().await;
    let back = switch(&api, &there, minji.workspace).await.person();
    let body = json!({ "new_password": "another horse battery" });
    let change = api.post("/api/auth/password").by(&back).json(&body).send().await;
    assert_eq!(change.problem(), (403, "step_up_required"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_workspaces_are_not_there() {
    let api = Api::start().await;
    let minji = api.admin("minji@example.com").await;
    let jun = api.admin("jun@example.com").await;
    for workspace in [jun.workspace, Uuid::now_v7()] {
        assert_eq!(
            switch(&api, &minji, workspace).await.problem(),
            (404, "not_found")
        );
        assert_eq!(leave(&api, &minji, workspace).await.problem(), (404, "not_found"));
    }
    assert_eq!(
        api.get("/api/auth/me").by(&minji).send().await.status,
        200,
        "and the session goes on"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_makes_another_where_signing_up_is_open() {
    let api = Api::start().await;
    let minji = api.admin("minji@example.com").await;
    let body = json!({ "name": "Busan" });
    let make = || {
        api.post("/api/auth/workspaces")
            .by(&minji)
            .key("one-key-for-one-workspace")
            .json(&body)
            .send()
    };
    let there = make().await.created();
    assert_eq!(there.id, minji.id);
    assert_ne!(there.workspace, minji.workspace);
    assert_eq!(claims(&there.token)["role"], "admin");
    assert_eq!(
        make().await.status,
        401,
        "the first answer's session goes on, not this one"
    );
    assert_eq!(api.count("select count(*) from workspace").await, 2);
    assert_eq!(
        api.member_events(&there).await.len(),
        1,
        "the other services hear of it"
    );
    for (name, status) in [("", 422), ("a\u{0}b", 422), (&"x".repeat(101), 422)] {
        assert_eq!(found(&api, &there, name).await.status.as_u16(), status);
    }
    let api = Api::start_with(&[("auth.sign_up", "first")]).await;
    let first = api.admin("minji@example.com").await;
    assert_eq!(found(&api, &first, "Busan").await.problem(), (403, "forbidden"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_leaves_unless_one_is_the_last_admin() {
    let api = Api::start().await;
    let (minji, there, jun) = guest(&api).await;
    assert_eq!(
        leave(&api, &jun, jun.workspace).await.problem(),
        (409, "conflict")
    );
    assert_eq!(leave(&api, &there, there.workspace).await.status, 204);
    assert_eq!(api.get("/api/auth/me").by(&there).send().await.status, 401);
    let back = api.sign_in("minji@example.com", PASSWORD).await.person();
    assert_eq!(back.workspace, minji.workspace);
    let events = api.member_events(&there).await;
    let kinds: Vec<_> = events
        .iter()
        .map(|event| event["data"]["record"].to_string())
        .collect();
    assert!(kinds.last().unwrap().contains("removed"), "{kinds:?}");
    api.age_proofs().await;
    let dangerous = leave(&api, &back, back.workspace).await;
    assert_eq!(dangerous.problem(), (403, "step_up_required"));
}
