//! Signing in and out.

use std::time::{Duration, Instant};

use insta::assert_json_snapshot;
use serde_json::Value;

use crate::{
    hidden,
    support::{Api, PASSWORD},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn opens_a_session() {
    let api = Api::start().await;
    let signed_up = api.admin("minji@example.com").await;
    let answer = api.sign_in(" MINJI@example.com", PASSWORD).await;
    assert_eq!(answer.status, 200);
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
        "language": "en",
        "name": "Kim Minji",
        "picture": null,
        "role": "admin",
        "second_factor_needed": false,
        "time_zone": "UTC",
        "version": 1,
        "workspace": {
          "id": "[id]",
          "name": "Seoul"
        }
      },
      "second_factor_needed": false,
      "token_type": "Bearer"
    }
    "#);
    let person = answer.person();
    assert_eq!(person.id, signed_up.id);
    assert_ne!(person.cookie, signed_up.cookie);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_and_an_unknown_address_look_the_same() {
    let api = Api::start().await;
    api.admin("minji@example.com").await;
    let mut wrong = api.sign_in("minji@example.com", "not the password").await;
    let mut unknown = api.sign_in("nobody@example.com", "not the password").await;
    for answer in [&mut wrong, &mut unknown] {
        let id = answer.body.as_object_mut().unwrap().remove("request_id").unwrap();
        assert_eq!(answer.header("x-request-id"), id.as_str());
        for name in ["x-request-id", "date"] {
            answer.headers.remove(name);
        }
    }
    assert_eq!(wrong.problem(), (401, "unauthenticated"));
    assert_eq!(wrong.status, unknown.status);
    assert_eq!(wrong.headers, unknown.headers);
    assert_eq!(wrong.body, unknown.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_cost_a_hash() {
    // A hash that costs far more than anything else in a request, so that its absence would show.
    let api = Api::start_with(&[
        ("auth.password.memory_kib", "65536"),
        ("auth.password.iterations", "2"),
    ])
    .await;
    api.admin("minji@example.com").await;
    let wrong = quickest(&api, "minji@example.com").await;
    let unknown = quickest(&api, "nobody@example.com").await;
    assert!(unknown > wrong / 4, "unknown {unknown:?}, wrong {wrong:?}");
}

/// The quickest of several refusals: whatever else the machine does can only slow one down.
async fn quickest(api: &Api, email: &str) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let started = Instant::now();
        assert_eq!(api.sign_in(email, "not the password").await.status, 401);
        best = best.min(started.elapsed());
    }
    best
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_is_told_to_come_back() {
    let api = Api::start_with(&[
        ("auth.password.memory_kib", "65536"),
        ("auth.password.iterations", "4"),
        ("auth.password.concurrent", "1"),
        ("auth.password.queue", "1"),
    ])
    .await;
    let answers =
        futures::future::join_all((0..8).map(|_| api.sign_in("nobody@example.com", PASSWORD))).await;
    let (busy, served): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 503);
    assert!(
        !busy.is_empty() && !served.is_empty(),
        "{} busy, {} served",
        busy.len(),
        served.len()
    );
    for answer in busy {
        assert_eq!(answer.problem(), (503, "unavailable"));
        assert_eq!(answer.header("retry-after"), Some("2"));
    }
    for answer in served {
        assert_eq!(answer.problem(), (401, "unauthenticated"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_there_is_no_place_for_costs_the_database_nothing() {
    let api = Api::start_with(&[("auth.password.concurrent", "1"), ("auth.password.queue", "0")]).await;
    let place = api.service.app().passwords.place().unwrap();
    let sql = api.sql().await;
    let locked = "begin; lock table throttle, person in access exclusive mode";
    sql.batch_execute(locked).await.unwrap();
    let refused = api.sign_in("minji@example.com", PASSWORD).await;
    assert_eq!(refused.problem(), (503, "unavailable"));
    assert_eq!(refused.body["detail"], "Too many people are signing in at once.");
    sql.batch_execute("rollback").await.unwrap();
    drop(place);
    assert_eq!(api.sign_in("minji@example.com", PASSWORD).await.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hash_grows_with_the_settings() {
    let api = Api::start().await;
    api.admin("minji@example.com").await;
    let Api { db, .. } = api;
    let api = Api::on(db, &[("auth.password.memory_kib", "128")]).await;
    assert_eq!(api.sign_in("minji@example.com", PASSWORD).await.status, 200);
    let row = api
        .sql()
        .await
        .query_one("select hash from password_credential", &[])
        .await
        .unwrap();
    assert!(
        row.get::<_, String>(0)
            .starts_with("$argon2id$v=19$m=128,t=1,p=1$")
    );
    assert_eq!(api.sign_in("minji@example.com", PASSWORD).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_password_is_kept_as_a_hash_alone() {
    let api = Api::start().await;
    api.admin("minji@example.com").await;
    let sql = api.sql().await;
    let row = sql
        .query_one("select hash from password_credential", &[])
        .await
        .unwrap();
    let hash: String = row.get(0);
    assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$") && !hash.contains(PASSWORD));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_ends_the_session() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let answer = api.post("/api/auth/sign-out").cookie(&person.cookie).send().await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.body, Value::Null);
    assert_eq!(answer.refresh_token().as_deref(), Some(""));
    assert!(answer.header("set-cookie").unwrap().contains("Max-Age=0"));
    let renewed = api.post("/api/auth/refresh").cookie(&person.cookie).send().await;
    assert_eq!(renewed.problem(), (401, "unauthenticated"));
    let me = api.get("/api/auth/me").by(&person).send().await;
    assert_eq!(me.problem(), (401, "unauthenticated"));
    assert_eq!(
        api.post("/api/auth/sign-out")
            .cookie(&person.cookie)
            .send()
            .await
            .status,
        204
    );
    assert_eq!(api.post("/api/auth/sign-out").send().await.status, 204);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_works_with_the_access_token_alone() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    assert_eq!(
        api.post("/api/auth/sign-out").by(&person).send().await.status,
        204
    );
    let renewed = api.post("/api/auth/refresh").cookie(&person.cookie).send().await;
    assert_eq!(renewed.problem(), (401, "unauthenticated"));
}
