//! Whoever tries passwords has to wait, and only they.

use serde_json::json;

use crate::support::{Answer, Api, PASSWORD};

async fn sign_in_from(api: &Api, address: &str, password: &str) -> Answer {
    let body = json!({ "email": "minji@example.com", "password": password });
    api.post("/api/auth/sign-in")
        .header("x-forwarded-for", address)
        .json(&body)
        .send()
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_tries_make_the_next_one_wait() {
    let api = Api::start_with(&[("http.trusted_proxies", "127.0.0.0/8")]).await;
    api.admin("minji@example.com").await;
    for _ in 0..5 {
        let wrong = sign_in_from(&api, "203.0.113.7", "not the password").await;
        assert_eq!(wrong.problem(), (401, "unauthenticated"));
    }
    // The right password has to wait too, or the wait would tell which one is right.
    let waiting = sign_in_from(&api, "203.0.113.200", PASSWORD).await;
    assert_eq!(waiting.problem(), (429, "too_many_requests"));
    let seconds: u32 = waiting.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    // A stranger's tries keep nobody out who comes from elsewhere.
    assert_eq!(sign_in_from(&api, "198.51.100.1", PASSWORD).await.status, 200);
    let later = "update throttle set last_at = now() - interval '2 minutes'";
    api.sql().await.batch_execute(later).await.unwrap();
    assert_eq!(sign_in_from(&api, "203.0.113.7", PASSWORD).await.status, 200);
    assert_eq!(
        api.count("select count(*) from throttle").await,
        0,
        "a right one clears"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_accounts_wait_alike() {
    let api = Api::start().await;
    for _ in 0..5 {
        let wrong = api.sign_in("nobody@example.com", PASSWORD).await;
        assert_eq!(wrong.problem(), (401, "unauthenticated"));
    }
    let waiting = api.sign_in("nobody@example.com", PASSWORD).await;
    assert_eq!(waiting.problem(), (429, "too_many_requests"));
    let other = api.sign_in("somebody@example.com", PASSWORD).await;
    assert_eq!(other.problem(), (401, "unauthenticated"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_table_names_nobody() {
    let api = Api::start().await;
    api.sign_in("nobody@example.com", PASSWORD).await;
    let query = "select count(*) from throttle where encode(key, 'escape') like '%nobody%'";
    assert_eq!(api.count(query).await, 0);
    assert_eq!(api.count("select count(*) from throttle").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proofs_in_a_session_wait_too() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let prove = |password: &'static str| {
        let body = json!({ "password": password });
        api.post("/api/auth/step-up").by(&person).json(&body).send()
    };
    for _ in 0..5 {
        assert_eq!(prove("not the password").await.problem(), (422, "invalid"));
    }
    assert_eq!(prove(PASSWORD).await.problem(), (429, "too_many_requests"));
}
