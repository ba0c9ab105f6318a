//! How far API tokens get, in all four services.

use std::time::{Duration, Instant};

use policy::{Operation, Role, Scope, Scopes, may};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use strum::IntoEnumIterator as _;
use uuid::Uuid;

use crate::house::House;
use crate::policy::served;

/// Makes an API token of somebody's own and exchanges it; gives the token and a session of its access token.
async fn token(house: &House, session: &Value, scopes: &Scopes) -> (Value, Value) {
    let scopes: Vec<Scope> = scopes.iter().collect();
    let body = json!({ "name": "Robot", "scopes": scopes, "expires_in_days": 1 });
    let made = house.create("/api/auth/tokens", session, &body).await;
    let access = house.exchange(made["token"].as_str().expect("a token")).await;
    (made, access)
}

/// Every operation of every service is asked for with a token of each scope and of all: what is not covered, is open,
/// or is open to no token at all is refused before anything else is looked at.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_does_what_its_scope_covers_and_nothing_else() {
    let house = House::start_open().await;
    let admin = house.sign_up("admin@example.com").await;
    let mut tokens = Vec::new();
    for scopes in Scope::iter()
        .map(|scope| Scopes::from_iter([scope]))
        .chain([Scopes::all()])
    {
        let (_, access) = token(&house, &admin, &scopes).await;
        tokens.push((scopes, access));
    }
    let (mut open, mut shut) = (0, 0);
    for operation in served().iter().filter(|operation| !operation.open) {
        let rows: Vec<Operation> = operation
            .rows
            .iter()
            .map(|row| row.parse().expect("a row"))
            .collect();
        let path = operation.path.replace("{id}", &Uuid::from_u128(7).to_string());
        let path = path.replace("{token_id}", &Uuid::from_u128(7).to_string());
        for (scopes, access) in &tokens {
            let method = operation.method.clone();
            let (status, answer) = house.send_as_of_old(method, &path, access, None).await;
            let cell = format!("{} with {scopes}: {status} {answer}", operation.id);
            assert!(
                !status.is_server_error() && status != StatusCode::UNAUTHORIZED,
                "{cell}"
            );
            let covered = rows.iter().all(|row| scopes.cover(*row));
            assert_eq!(status != StatusCode::FORBIDDEN, covered, "{cell}");
            open += usize::from(covered);
            shut += usize::from(!covered);
        }
    }
    assert!(open > 30 && shut > 150, "{open} open, {shut} shut");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_ends_everywhere_within_two_seconds() {
    let house = House::start_open().await;
    let admin = house.sign_up("admin@example.com").await;
    let (made, access) = token(&house, &admin, &Scopes::known("read audit:read")).await;
    let paths = ["/api/members", "/api/boards", "/api/audit/entries"];
    for path in paths {
        house.get(path, &access).await;
    }
    let path = format!("/api/auth/tokens/{}", made["id"].as_str().expect("an id"));
    let revoked = Instant::now();
    let (status, answer) = house.send(Method::DELETE, &path, &admin, None).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{answer}");
    for path in paths {
        let refused = test_kit::eventually(Duration::from_secs(20), async || {
            let (status, _) = house.send(Method::GET, path, &access, None).await;
            (status == StatusCode::UNAUTHORIZED).then(|| revoked.elapsed())
        });
        let took = refused.await;
        assert!(took < Duration::from_secs(2), "{path} after {took:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_account_works_like_a_member() {
    let house = House::start_open().await;
    let admin = house.sign_up("admin@example.com").await;
    let body = json!({ "name": "Release robot", "role": "supervisor" });
    let account = house.create("/api/service-accounts", &admin, &body).await;
    let id = account["id"].as_str().expect("an id");
    let body = json!({ "name": "Deploy", "scopes": ["read", "tasks:write"], "expires_in_days": 1 });
    let path = format!("/api/service-accounts/{id}/tokens");
    let made = house.create(&path, &admin, &body).await;
    let robot = house.exchange(made["token"].as_str().expect("a token")).await;
    assert!(may(Role::Supervisor, Operation::BoardCreate));
    let board = house
        .create("/api/boards", &robot, &json!({ "name": "Releases" }))
        .await;
    let board = board["id"].as_str().expect("an id");
    let page = house.get(&format!("/api/boards/{board}"), &robot).await;
    let body = json!({ "title": "Release 1", "column_id": page["columns"][0]["id"] });
    let task = house
        .create(&format!("/api/boards/{board}/tasks"), &robot, &body)
        .await;
    let path = format!("/api/tasks/{}", task["id"].as_str().expect("an id"));
    // The robot is put in charge once task-service has heard of it.
    test_kit::eventually(Duration::from_secs(20), async || {
        let body = json!({ "pic_id": id });
        let (status, _) = house.send(Method::PATCH, &path, &admin, Some((&body, 1))).await;
        (status == StatusCode::OK).then_some(())
    })
    .await;
    // And it is the actor of what it did.
    let entry = test_kit::eventually(Duration::from_secs(20), async || {
        let log = house.get("/api/audit/entries", &admin).await;
        let items = log["items"].as_array().cloned().unwrap_or_default();
        items
            .into_iter()
            .find(|entry| entry.to_string().contains("\"created\"") && entry.to_string().contains(id))
    });
    assert!(entry.await.to_string().contains(id));
}
