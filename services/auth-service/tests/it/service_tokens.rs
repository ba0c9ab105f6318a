//! Services and their own tokens.

use serde_json::json;

use crate::support::{Api, CLIENTS, claims};

const CREDENTIALS: &[(&str, &str)] = &[("grant_type", "client_credentials")];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_gives_a_token_for_internal_routes_alone() {
    let api = Api::start().await;
    let (name, secret) = CLIENTS[2];
    let answer = api.grant(name, secret, CREDENTIALS).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(
        (&answer.body["token_type"], &answer.body["expires_in"]),
        (&json!("Bearer"), &json!(300))
    );
    let token = answer.body["access_token"].as_str().unwrap();
    let says = claims(token);
    assert_eq!(
        (&says["sub"], &says["aud"]),
        (&json!("task-service"), &json!("onus-internal"))
    );
    for path in ["/api/members", "/api/auth/me"] {
        let refused = api.get(path).bearer(token).send().await;
        assert_eq!(refused.problem(), (401, "unauthenticated"), "{path}");
    }
    let outside = api.post("/internal/token").form(CREDENTIALS).send().await;
    assert_eq!(outside.problem(), (404, "not_found"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_secret_gives_nothing() {
    let api = Api::start().await;
    let (audit, task) = (CLIENTS[0], CLIENTS[2]);
    for (name, secret) in [
        (task.0, ""),
        (task.0, "the secret of the task-servicf"),
        (task.0, audit.1),
        ("task_service", task.1),
        ("auth-service", task.1),
        ("", ""),
    ] {
        let answer = api.grant(name, secret, CREDENTIALS).await;
        assert_eq!(answer.problem(), (401, "unauthenticated"), "{name} {secret}");
        assert_eq!(answer.body["error"], "invalid_client");
        assert_eq!(answer.header("www-authenticate"), Some("Basic realm=\"onus\""));
    }
    let (name, secret) = task;
    for (form, word) in [
        (vec![], "invalid_request"),
        (vec![("grant_type", "password")], "unsupported_grant_type"),
        (vec![CREDENTIALS[0], CREDENTIALS[0]], "invalid_request"),
    ] {
        let answer = api.grant(name, secret, &form).await;
        assert_eq!(answer.problem().0, 400, "{form:?}");
        assert_eq!(answer.body["error"], word);
    }
    let huge = "a".repeat(64 * 1024);
    let answer = api.grant(name, secret, &[("grant_type", huge.as_str())]).await;
    assert_eq!(answer.problem(), (413, "payload_too_large"));
    let get = api.inside_as_stranger("/internal/token").send().await;
    assert_eq!(get.problem().0, 405);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_internal_route_is_for_those_who_need_it() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let invitation = api.invite(&admin, "jun@example.com", "pic").await;
    let link = format!(
        "/internal/invitations/{}/link",
        invitation["id"].as_str().unwrap()
    );
    let account = "/internal/links/00000000-0000-0000-0000-000000000007".to_owned();
    let events = "/internal/events?source=/auth-service&stream=person/x".to_owned();
    let heads = "/internal/heads?source=/auth-service".to_owned();
    let feed = "/internal/revocations".to_owned();
    for (path, audit, notify, task) in [
        (&link, 403, 200, 403),
        (&account, 403, 404, 403),
        (&events, 200, 200, 200),
        (&heads, 200, 200, 200),
        (&feed, 200, 200, 200),
    ] {
        for ((service, _), expected) in CLIENTS.into_iter().zip([audit, notify, task]) {
            let answer = api.inside_as(service, path).send().await;
            assert_eq!(answer.status, expected, "{service} {path}");
        }
        let stranger = api.inside_as_stranger(path).send().await;
        assert_eq!(stranger.problem(), (401, "unauthenticated"), "{path}");
        let person = api.inside_as_stranger(path).by(&admin).send().await;
        assert_eq!(person.problem(), (401, "unauthenticated"), "{path}");
    }
}
