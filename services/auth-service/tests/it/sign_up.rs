//! Signing up.

use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::{
    hidden,
    support::{Answer, Api, PASSWORD, claims},
};

fn body(email: &str) -> Value {
    json!({
        "email": email, "password": PASSWORD, "name": " 김민지 ", "workspace_name": "서울",
        "language": "ko", "time_zone": "Asia/Seoul"
    })
}

async fn sign_up(api: &Api, email: &str) -> Answer {
    api.post("/api/auth/sign-up").json(&body(email)).send().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn makes_a_person_a_workspace_and_a_session() {
    let api = Api::start().await;
    let answer = sign_up(&api, " Minji@Example.COM ").await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_json_snapshot!(answer.body, {
        ".access_token" => hidden::token(),
        ".person.id" => hidden::id(),
        ".person.workspace.id" => hidden::id(),
    }, @r#"
    {
      "access_token": "[token]",
      "expires_in": 300,
      "person": {
        "email": "minji@example.com",
        "email_verified": false,
        "id": "[id]",
        "kind": "person",
        "language": "ko",
        "name": "김민지",
        "role": "admin",
        "second_factor_needed": false,
        "time_zone": "Asia/Seoul",
        "version": 1,
        "workspace": {
          "id": "[id]",
          "name": "서울"
        }
      },
      "second_factor_needed": false,
      "token_type": "Bearer"
    }
    "#);
    let cookie = answer.header("set-cookie").unwrap();
    let attributes: Vec<&str> = cookie.split("; ").skip(1).collect();
    assert_eq!(
        attributes,
        [
            "HttpOnly",
            "SameSite=Strict",
            "Secure",
            "Path=/",
            "Max-Age=1209600"
        ]
    );
    assert_eq!(answer.refresh_token().unwrap().len(), 43);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_token_says_who_where_and_as_what() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let claims = claims(&person.token);
    assert_eq!(claims["iss"], "https://onus.test");
    assert_eq!(claims["aud"], "onus");
    assert_eq!(claims["sub"], person.id.to_string());
    assert_eq!(claims["workspace"], person.workspace.to_string());
    assert_eq!(claims["role"], "admin");
    assert_eq!(claims["name"], "Kim Minji");
    assert_eq!(claims["epoch"], 1);
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        300
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tells_the_other_services() {
    let api = Api::start().await;
    let person = sign_up(&api, "minji@example.com").await.created();
    let events = api.member_events(&person).await;
    assert_eq!(events.len(), 1);
    let event = &events[0];
    assert_eq!(event["type"], "user.changed");
    assert_eq!(event["sequence"], "1");
    let record: Value = serde_json::from_str(event["data"]["record"].as_str().unwrap()).unwrap();
    assert_eq!(record["kind"], "joined");
    assert_eq!(record["actor"], person.id.to_string());
    assert_json_snapshot!(event["data"]["particulars"]["person"], { ".id" => hidden::id() }, @r#"
    {
      "email": "minji@example.com",
      "epoch": 1,
      "id": "[id]",
      "language": "ko",
      "name": "김민지",
      "removed": false,
      "role": "admin",
      "time_zone": "Asia/Seoul"
    }
    "#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_has_one_account() {
    let api = Api::start().await;
    sign_up(&api, "minji@example.com").await.created();
    let again = sign_up(&api, "MINJI@example.com").await;
    assert_eq!(again.problem(), (409, "conflict"));
    assert_eq!(again.fields(), ["email"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn racing_for_one_address_makes_one_account() {
    let api = Api::start().await;
    let body = body("minji@example.com");
    let calls = (0..6).map(|_| api.post("/api/auth/sign-up").json(&body).send());
    let answers = futures::future::join_all(calls).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_first_where_that_is_set() {
    let api = Api::start_with(&[("auth.sign_up", "first")]).await;
    let calls = ["a", "b", "c", "d"].map(|name| {
        let call = api
            .post("/api/auth/sign-up")
            .json(&body(&format!("{name}@example.com")));
        call.send()
    });
    let answers = futures::future::join_all(calls).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 403, 403, 403]);
    assert_eq!(
        sign_up(&api, "late@example.com").await.problem(),
        (403, "forbidden")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_where_it_is_closed() {
    let api = Api::start_with(&[("auth.sign_up", "closed")]).await;
    assert_eq!(
        sign_up(&api, "minji@example.com").await.problem(),
        (403, "forbidden")
    );
}
