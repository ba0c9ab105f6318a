//! A workspace can require a second factor of everybody.

use serde_json::json;

use crate::second_factor::switch_on;
use crate::support::{Answer, Api, PASSWORD, Person, claims};
use crate::workspace::edit;

/// An admin with a second factor, and a member without.
async fn pair(api: &Api) -> (Person, Person) {
    let admin = api.admin("minji@example.com").await;
    let jun = api.join(&admin, "jun@example.com", "supervisor").await;
    switch_on(api, &admin).await;
    (admin, jun)
}

async fn require(api: &Api, admin: &Person, version: i64, wanted: bool) -> Answer {
    edit(api, admin, version, &json!({ "require_second_factor": wanted })).await
}

async fn refresh(api: &Api, person: &Person) -> Answer {
    api.post("/api/auth/refresh").cookie(&person.cookie).send().await
}

fn assert_needed(answer: &Answer) {
    assert_eq!(answer.problem(), (403, "forbidden"));
    assert_eq!(answer.body["state"], "second_factor_needed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_requires_it_has_one() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let first = require(&api, &admin, 1, true).await;
    assert_eq!(first.problem(), (409, "conflict"));
    assert_eq!(first.body["state"], "second_factor_first");
    switch_on(&api, &admin).await;
    let settled = require(&api, &admin, 1, true).await;
    assert_eq!(settled.status, 200, "{settled:?}");
    assert_eq!(settled.body["require_second_factor"], true);
    let still = api.get("/api/members").by(&admin).send().await;
    assert_eq!(still.status, 200, "the admin goes on with the same token");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_set_one_up_before_anything_else() {
    let api = Api::start().await;
    let (admin, jun) = pair(&api).await;
    assert_eq!(require(&api, &admin, 1, true).await.status, 200);
    let feed = api.inside("/internal/revocations?after=0").send().await;
    let last = feed.body["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["session"], &last["minimum_epoch"]),
        (&claims(&jun.token)["sid"], &json!(2)),
        "the other services hear of it"
    );
    assert_eq!(api.get("/api/members").by(&jun).send().await.status, 401);
    assert_eq!(
        api.member_events(&jun).await.len(),
        1,
        "there is no event that nobody could use"
    );

    let renewed = refresh(&api, &jun).await;
    assert_eq!(renewed.body["second_factor_needed"], true);
    let jun = renewed.person();
    assert_eq!(claims(&jun.token)["restricted"], true);
    for path in ["/api/members", "/api/workspace"] {
        assert_needed(&api.get(path).by(&jun).send().await);
    }
    assert_needed(&api.get("/api/invitations").by(&jun).send().await);
    for path in [
        "/api/auth/me",
        "/api/auth/mfa",
        "/api/auth/sessions",
        "/api/auth/workspaces",
    ] {
        let open = api.get(path).by(&jun).send().await;
        assert_eq!(open.status, 200, "{path}: {open:?}");
    }
    let me = api.get("/api/auth/me").by(&jun).send().await;
    assert_eq!(me.body["second_factor_needed"], true);

    switch_on(&api, &jun).await;
    let renewed = refresh(&api, &jun).await;
    assert_eq!(renewed.body["second_factor_needed"], false);
    let jun = renewed.person();
    assert_eq!(claims(&jun.token)["restricted"], json!(null));
    assert_eq!(api.get("/api/members").by(&jun).send().await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_one_comes_in() {
    let api = Api::start().await;
    let (admin, jun) = pair(&api).await;
    assert_eq!(require(&api, &admin, 1, true).await.status, 200);
    let signed_in = api.sign_in("jun@example.com", PASSWORD).await;
    assert_eq!(signed_in.body["second_factor_needed"], true);
    assert_eq!(signed_in.body["person"]["second_factor_needed"], true);

    let token = api
        .link_token(&api.invite(&admin, "new@example.com", "pic").await)
        .await;
    let body = json!({ "token": token, "name": "New", "password": PASSWORD });
    let accepted = api.post("/api/auth/invitations/accept").json(&body).send().await;
    assert_eq!(accepted.body["second_factor_needed"], true, "{accepted:?}");

    let elsewhere = api.post("/api/auth/workspaces").by(&accepted.person());
    let elsewhere = elsewhere.json(&json!({ "name": "Own" })).send().await;
    assert_eq!(elsewhere.body["second_factor_needed"], false, "{elsewhere:?}");
    let path = format!("/api/auth/workspaces/{}/switch", jun.workspace);
    let back = api.post(&path).by(&elsewhere.person()).send().await;
    assert_eq!(back.body["second_factor_needed"], true, "{back:?}");
    let left = format!("/api/auth/workspaces/{}/leave", jun.workspace);
    assert_eq!(api.post(&left).by(&back.person()).send().await.status, 204);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_second_factor_stays_until_the_rule_goes() {
    let api = Api::start().await;
    let (admin, jun) = pair(&api).await;
    assert_eq!(require(&api, &admin, 1, true).await.status, 200);
    let kept = api.delete("/api/auth/mfa/totp").by(&admin).send().await;
    assert_eq!(kept.problem(), (409, "conflict"));
    assert_eq!(kept.body["state"], "second_factor_required");
    let status = api.get("/api/auth/mfa").by(&admin).send().await;
    assert_eq!(status.body["totp"]["enabled"], true, "nothing was taken");
    assert_eq!(status.body["recovery_codes_left"], 10);

    let jun = refresh(&api, &jun).await.person();
    assert_eq!(require(&api, &admin, 2, false).await.status, 200);
    let jun = refresh(&api, &jun).await.person();
    assert_eq!(api.get("/api/members").by(&jun).send().await.status, 200);
    let gone = api.delete("/api/auth/mfa/totp").by(&admin).send().await;
    assert_eq!(gone.status, 204);
}
