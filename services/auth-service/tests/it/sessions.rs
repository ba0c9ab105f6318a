//! A person's own sessions.

use serde_json::Value;

use crate::support::{Api, PASSWORD, Person};

const CHROME: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) \
                      Chrome/141.0.0.0 Safari/537.36";

async fn list(api: &Api, person: &Person) -> Vec<Value> {
    let answer = api.get("/api/auth/sessions").by(person).send().await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["items"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shows_where_one_is_signed_in() {
    let api = Api::start().await;
    let first = api.admin("minji@example.com").await;
    api.admin("other@example.com").await;
    let body = serde_json::json!({ "email": "minji@example.com", "password": PASSWORD });
    let second = api
        .post("/api/auth/sign-in")
        .header("user-agent", CHROME)
        .json(&body)
        .send()
        .await
        .person();
    let sessions = list(&api, &second).await;
    assert_eq!(sessions.len(), 2, "one's own alone: {sessions:?}");
    assert_eq!(sessions[0]["device"], "Chrome · macOS");
    assert_eq!(sessions[0]["place"], "127.0.0.0/24");
    assert_eq!(sessions[0]["workspace"]["name"], "Seoul");
    let current: Vec<_> = sessions.iter().map(|session| &session["current"]).collect();
    assert_eq!(current, [true, false]);
    let current: Vec<_> = list(&api, &first)
        .await
        .iter()
        .map(|session| session["current"].clone())
        .collect();
    assert_eq!(current, [false, true]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ended_session_is_over_at_once() {
    let api = Api::start().await;
    let lost = api.admin("minji@example.com").await;
    let here = api.sign_in("minji@example.com", PASSWORD).await.person();
    let sessions = list(&api, &here).await;
    let other = sessions
        .iter()
        .find(|session| session["current"] == false)
        .unwrap();
    let path = format!("/api/auth/sessions/{}", other["id"].as_str().unwrap());
    assert_eq!(api.delete(&path).by(&here).send().await.status, 204);
    assert_eq!(
        api.get("/api/auth/me").by(&lost).send().await.problem(),
        (401, "unauthenticated")
    );
    let refreshed = api.post("/api/auth/refresh").cookie(&lost.cookie).send().await;
    assert_eq!(refreshed.problem(), (401, "unauthenticated"));
    assert_eq!(list(&api, &here).await.len(), 1);
    assert_eq!(
        api.delete(&path).by(&here).send().await.problem(),
        (404, "not_found")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_ends_the_sessions_of_others() {
    let api = Api::start().await;
    let minji = api.admin("minji@example.com").await;
    let jun = api.join(&minji, "jun@example.com", "pic").await;
    let theirs = list(&api, &jun).await[0]["id"].as_str().unwrap().to_owned();
    let answer = api
        .delete(&format!("/api/auth/sessions/{theirs}"))
        .by(&minji)
        .send()
        .await;
    assert_eq!(answer.problem(), (404, "not_found"));
    assert_eq!(api.get("/api/auth/me").by(&jun).send().await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_others_end_together() {
    let api = Api::start().await;
    let first = api.admin("minji@example.com").await;
    let stranger = api.admin("other@example.com").await;
    let second = api.sign_in("minji@example.com", PASSWORD).await.person();
    let here = api.sign_in("minji@example.com", PASSWORD).await.person();
    let answer = api.post("/api/auth/sessions/end-others").by(&here).send().await;
    assert_eq!(
        (answer.status.as_u16(), &answer.body["ended"]),
        (200, &Value::from(2))
    );
    for ended in [&first, &second] {
        assert_eq!(api.get("/api/auth/me").by(ended).send().await.status, 401);
    }
    for left in [&here, &stranger] {
        assert_eq!(api.get("/api/auth/me").by(left).send().await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_renewal_is_a_use() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let old = "update session set last_used_at = now() - interval '1 day'";
    api.sql().await.batch_execute(old).await.unwrap();
    api.post("/api/auth/refresh")
        .cookie(&person.cookie)
        .send()
        .await
        .person();
    let query = "select count(*) from session where last_used_at > now() - interval '1 minute'";
    assert_eq!(api.count(query).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_other_site_can_use_the_cookie() {
    let api = Api::start_with(&[("http.allowed_origins", "https://app.onus.test")]).await;
    let person = api.admin("minji@example.com").await;
    let cookie = format!("__Host-onus_refresh={}", person.cookie);
    for (headers, status) in [
        (vec![], 403),
        (vec![("origin", "https://evil.test"), ("x-onus-client", "x")], 403),
        (vec![("origin", "null"), ("x-onus-client", "x")], 403),
        (
            vec![("origin", "https://onus.test.evil.test"), ("x-onus-client", "x")],
            403,
        ),
        (vec![("origin", "https://onus.test")], 403),
        (vec![("origin", "https://onus.test"), ("x-onus-client", "x")], 200),
        (vec![("x-onus-client", "x")], 200),
        (
            vec![("origin", "https://app.onus.test"), ("x-onus-client", "x")],
            200,
        ),
    ] {
        let mut call = api.post("/api/auth/refresh").header("cookie", &cookie);
        for (name, value) in &headers {
            call = call.header(name, value);
        }
        assert_eq!(call.send().await.status.as_u16(), status, "{headers:?}");
    }
    let out = api
        .post("/api/auth/sign-out")
        .header("cookie", &cookie)
        .send()
        .await;
    assert_eq!(out.problem(), (403, "forbidden"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_named_origins_are_let_in() {
    let api = Api::start_with(&[("http.allowed_origins", "https://app.onus.test")]).await;
    let ask = |origin: &'static str| {
        api.call(reqwest::Method::OPTIONS, "/api/auth/sign-in")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type")
            .send()
    };
    let allowed = ask("https://app.onus.test").await;
    assert_eq!(allowed.status, 200, "{allowed:?}");
    assert_eq!(
        allowed.header("access-control-allow-origin"),
        Some("https://app.onus.test")
    );
    assert_eq!(allowed.header("access-control-allow-credentials"), Some("true"));
    assert_eq!(allowed.header("access-control-max-age"), Some("7200"));
    let stranger = ask("https://evil.test").await;
    assert_eq!(stranger.header("access-control-allow-origin"), None);
    let closed = Api::start().await;
    let none = closed
        .call(reqwest::Method::OPTIONS, "/api/auth/sign-in")
        .header("origin", "https://app.onus.test")
        .header("access-control-request-method", "POST")
        .send()
        .await;
    assert_eq!(none.header("access-control-allow-origin"), None);
}
