//! What admins learn of the security of accounts.

use auth_service::commands::rotate_keys;
use chrono::TimeDelta;
use serde_json::json;

use crate::support::{Api, PASSWORD};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn coming_and_going_is_noted() {
    let api = Api::start().await;
    api.admin("minji@example.com").await;
    let second = api.sign_in("minji@example.com", PASSWORD).await.person();
    api.post("/api/auth/sessions/end-others").by(&second).send().await;
    api.post("/api/auth/sessions/end-others").by(&second).send().await;
    let body = json!({ "new_password": "another horse battery" });
    api.post("/api/auth/password")
        .by(&second)
        .json(&body)
        .send()
        .await;
    api.post("/api/auth/sign-out")
        .cookie(&second.cookie)
        .by(&second)
        .send()
        .await;
    assert_eq!(
        api.incidents().await,
        [
            "signed_in",
            "signed_in",
            "sessions_ended",
            "password_changed",
            "signed_out"
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_sign_ins_are_noted_where_the_account_is() {
    let api = Api::start().await;
    api.admin("minji@example.com").await;
    api.sign_in("minji@example.com", "not the password").await;
    api.sign_in("nobody@example.com", "not the password").await;
    let notes = "select count(*) from address_note";
    assert_eq!(api.count(notes).await, 2, "both cost one row");
    assert_eq!(api.service.app().settle_notes().await.unwrap(), 2);
    assert_eq!(api.incidents().await, ["signed_in", "sign_in_refused"]);
    let row =
        "select particulars::text from event_log where type = 'security.logged' order by id desc limit 1";
    let text: String = api.sql().await.query_one(row, &[]).await.unwrap().get(0);
    assert!(text.contains("127.0.0.0/24"), "{text}");
    assert!(
        !text.contains("actor_name"),
        "of who was refused nobody knows who they are: {text}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_workspace_hears_of_the_keys_that_sign() {
    let api = Api::start().await;
    let app = api.service.app();
    api.admin("minji@example.com").await;
    api.admin("jun@example.com").await;
    let key = rotate_keys::rotate(app, TimeDelta::hours(2)).await.unwrap();
    rotate_keys::rotate(app, TimeDelta::hours(2)).await.unwrap();
    rotate_keys::retire(app, key.kid.clone(), true).await.unwrap();
    let noted = async |kind: &str| {
        let query = format!(
            "select count(distinct workspace_id) || ' of ' || count(*) from event_log
             where type = 'security.logged' and record::json ->> 'kind' = '{kind}'
             and particulars like '%{}%'",
            key.kid
        );
        api.sql()
            .await
            .query_one(&query, &[])
            .await
            .unwrap()
            .get::<_, String>(0)
    };
    assert_eq!(
        noted("key_made").await,
        "2 of 2",
        "once for each, and not for a repetition"
    );
    assert_eq!(noted("key_retired").await, "2 of 2");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stolen_token_is_noted() {
    let api = Api::start_with(&[("auth.refresh_grace_seconds", "0")]).await;
    let person = api.admin("minji@example.com").await;
    for _ in 0..2 {
        api.post("/api/auth/refresh").cookie(&person.cookie).send().await;
    }
    api.post("/api/auth/refresh").cookie(&person.cookie).send().await;
    assert_eq!(api.incidents().await, ["signed_in", "token_reused"], "once");
}
