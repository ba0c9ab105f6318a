//! Services that act for a person at another service.

use auth_token::Claims;
use policy::{Role, Scopes};
use serde_json::json;

use crate::support::{Answer, Api, CLIENTS, PASSWORD, Person, claims};

const GRANT: (&str, &str) = ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
const KIND: (&str, &str) = (
    "subject_token_type",
    "urn:ietf:params:oauth:token-type:access_token",
);

/// Asks as a service (by its place among the clients) for a token at another one.
async fn act(api: &Api, client: usize, subject: &str, more: &[(&str, &str)]) -> Answer {
    let (name, secret) = CLIENTS[client];
    let mut form = vec![GRANT, KIND, ("subject_token", subject)];
    form.extend(more);
    api.grant(name, secret, &form).await
}

const AUDIT: usize = 0;
const NOTIFY: usize = 1;
const TASK: usize = 2;

fn token(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["access_token"].as_str().unwrap().to_owned()
}

async fn admin(api: &Api) -> Person {
    api.admin("minji@example.com").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_for_one_service_for_a_minute_and_names_who_acts() {
    let api = Api::start().await;
    let admin = admin(&api).await;
    let more = [("audience", "auth-service"), ("scope", "read")];
    let answer = act(&api, TASK, &admin.token, &more).await;
    let narrow = token(&answer);
    assert_eq!(answer.body["expires_in"], 60);
    assert_eq!(answer.body["scope"], "read");
    let (says, had) = (claims(&narrow), claims(&admin.token));
    assert_eq!(
        (&says["aud"], &says["act"], &says["scope"]),
        (
            &json!("auth-service"),
            &json!({ "sub": "task-service" }),
            &json!("read")
        )
    );
    assert_eq!((&says["sub"], &says["sid"]), (&had["sub"], &had["sid"]));
    let members = api.get("/api/members").bearer(&narrow).send().await;
    assert_eq!(members.status, 200, "{members:?}");
    let beyond = api.get("/api/invitations").bearer(&narrow).send().await;
    assert_eq!(beyond.problem(), (403, "forbidden"));

    let elsewhere = token(&act(&api, TASK, &admin.token, &[("audience", "audit-service")]).await);
    let refused = api.get("/api/members").bearer(&elsewhere).send().await;
    assert_eq!(refused.problem(), (401, "unauthenticated"));
    let all = claims(&elsewhere)["scope"].as_str().unwrap().to_owned();
    assert_eq!(
        all,
        Scopes::all().to_string(),
        "all scopes, and yet less than a session"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_gets_more_than_there_was() {
    let api = Api::start().await;
    let admin = admin(&api).await;
    let made = api.make_token(&admin, &["read", "audit:read"]).await;
    let access = api.access_token(&made).await;
    let audience = ("audience", "audit-service");
    let same = act(&api, TASK, &access, &[audience]).await;
    assert_eq!(same.body["scope"], "read audit:read", "{same:?}");
    let less = act(&api, TASK, &access, &[audience, ("scope", "audit:read")]).await;
    assert_eq!(less.body["scope"], "audit:read", "{less:?}");
    for scope in [
        "tasks:write",
        "read tasks:write",
        "everything",
        "own_account",
        " ",
    ] {
        let wider = act(&api, TASK, &access, &[audience, ("scope", scope)]).await;
        assert_eq!(wider.problem().0, 400, "{scope}");
        assert_eq!(wider.body["error"], "invalid_scope", "{scope}");
    }
    let sql = api.sql().await;
    let soon = "update session set expires_at = now() + interval '20 seconds' where kind = 'token'";
    sql.batch_execute(soon).await.unwrap();
    let short = api.access_token(&made).await;
    let shorter = act(&api, TASK, &short, &[audience]).await;
    assert!(shorter.body["expires_in"].as_i64().unwrap() <= 20, "{shorter:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chain_keeps_everybody_in_it_and_ends() {
    let api = Api::start().await;
    let admin = admin(&api).await;
    let first = token(&act(&api, TASK, &admin.token, &[("audience", "notify-service")]).await);
    let stolen = act(&api, AUDIT, &first, &[("audience", "auth-service")]).await;
    assert_eq!(stolen.body["error"], "invalid_grant", "it was for notify-service");
    let second = token(&act(&api, NOTIFY, &first, &[("audience", "audit-service")]).await);
    let says = claims(&second);
    assert_eq!(
        says["act"],
        json!({ "sub": "notify-service", "act": { "sub": "task-service" } })
    );
    assert!(says["exp"].as_i64() <= claims(&first)["exp"].as_i64());
    let third = token(&act(&api, AUDIT, &second, &[("audience", "task-service")]).await);
    let fourth = token(&act(&api, TASK, &third, &[("audience", "notify-service")]).await);
    let fifth = act(&api, NOTIFY, &fourth, &[("audience", "audit-service")]).await;
    assert_eq!(fifth.body["error"], "invalid_grant", "four in a row are enough");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_is_over_gives_none() {
    let api = Api::start().await;
    let admin = admin(&api).await;
    let jun = api.join(&admin, "jun@example.com", "supervisor").await;
    let to = [("audience", "audit-service")];
    token(&act(&api, TASK, &jun.token, &to).await);

    let body = json!({ "role": Role::Observer });
    let path = format!("/api/members/{}", jun.id);
    api.patch(&path).by(&admin).version(1).json(&body).send().await;
    let old = act(&api, TASK, &jun.token, &to).await;
    assert_eq!(old.problem().0, 401);
    assert_eq!(old.body["error"], "invalid_grant");

    let again = api.sign_in("jun@example.com", PASSWORD).await.person();
    token(&act(&api, TASK, &again.token, &to).await);
    api.post("/api/auth/sign-out").by(&again).send().await;
    let ended = act(&api, TASK, &again.token, &to).await;
    assert_eq!(ended.body["error"], "invalid_grant");

    let mut expired: Claims = serde_json::from_value(claims(&admin.token)).unwrap();
    (expired.iat, expired.exp) = (expired.iat - 400, expired.iat - 100);
    let keys = api.service.app().keys().await.unwrap();
    let expired = keys.signer(chrono::Utc::now()).unwrap().sign(&expired).unwrap();
    let late = act(&api, TASK, &expired, &to).await;
    assert_eq!(late.body["error"], "invalid_grant");

    for nonsense in ["x", "a.b.c", &"a".repeat(9_000)] {
        let answer = act(&api, TASK, nonsense, &to).await;
        assert_eq!(answer.body["error"], "invalid_grant");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_asked_for_is_named() {
    let api = Api::start().await;
    let admin = admin(&api).await;
    let audience = ("audience", "audit-service");
    for (more, word) in [
        (vec![], "invalid_request"),
        (vec![audience, audience], "invalid_request"),
        (vec![audience, ("actor_token", "x")], "invalid_request"),
        (vec![audience, ("resource", "https://x.test")], "invalid_request"),
        (vec![audience, ("requested_token_type", "x")], "invalid_request"),
        (vec![("audience", "onus")], "invalid_target"),
        (vec![("audience", "onus-internal")], "invalid_target"),
        (vec![("audience", "mail-service")], "invalid_target"),
        (vec![("audience", "task-service")], "invalid_target"),
    ] {
        let answer = act(&api, TASK, &admin.token, &more).await;
        assert_eq!(answer.problem().0, 400, "{more:?}");
        assert_eq!(answer.body["error"], word, "{more:?}");
    }
    let (name, _) = CLIENTS[TASK];
    let form = [GRANT, KIND, ("subject_token", admin.token.as_str()), audience];
    let stranger = api.grant(name, "not the secret", &form).await;
    assert_eq!(stranger.body["error"], "invalid_client");
    let as_person = api.post("/api/auth/token").form(&form).send().await;
    assert_eq!(
        as_person.body["error"], "invalid_request",
        "people cannot delegate"
    );
}
