//! API tokens: made, listed, exchanged, revoked.

use serde_json::{Value, json};

use crate::{
    hidden,
    machines::EXCHANGE,
    support::{Api, PASSWORD, claims},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_shown_once_and_kept_as_a_hash() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let made = api.make_token(&admin, &["read", "tasks:write", "read"]).await;
    let token = made["token"].as_str().unwrap().to_owned();
    assert!(token.starts_with("onus_pat_") && token.len() == 52, "{token}");
    insta::assert_json_snapshot!(made, {
        ".id" => hidden::id(),
        ".created_at" => hidden::now(),
        ".expires_at" => hidden::moment(chrono::TimeDelta::days(30), "[in 30 days]"),
        ".hint" => "[hint]",
        ".token" => "[token]",
    }, @r#"
    {
      "created_at": "[now]",
      "expires_at": "[in 30 days]",
      "hint": "[hint]",
      "id": "[id]",
      "last_used_at": null,
      "name": "Nightly report",
      "scopes": [
        "read",
        "tasks:write"
      ],
      "token": "[token]"
    }
    "#);
    assert_eq!(made["hint"], format!("…{}", &token[48..]));
    let list = api.get("/api/auth/tokens").by(&admin).send().await;
    let mut expected = made.clone();
    expected.as_object_mut().unwrap().remove("token");
    assert_eq!(list.body, json!({ "items": [expected], "next": null }));
    let random = &token["onus_pat_".len()..];
    for (table, column) in [
        ("api_token", "api_token::text"),
        ("event_log", "particulars::text"),
    ] {
        let found = api
            .count(&format!(
                "select count(*) from {table} where {column} like '%{random}%'"
            ))
            .await;
        assert_eq!(found, 0, "{table} holds the token");
    }
    assert_eq!(api.incidents().await, ["signed_in", "token_made"]);
    let sessions = api.get("/api/auth/sessions").by(&admin).send().await;
    assert_eq!(
        sessions.body["items"].as_array().unwrap().len(),
        1,
        "{sessions:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exchange_gives_a_short_token_with_the_scopes() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let made = api.make_token(&admin, &["read"]).await;
    let answer = api.exchange(made["token"].as_str().unwrap()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let access = answer.body["access_token"].as_str().unwrap();
    insta::assert_json_snapshot!(answer.body, { ".access_token" => hidden::token() }, @r#"
    {
      "access_token": "[token]",
      "expires_in": 300,
      "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
      "scope": "read",
      "token_type": "Bearer"
    }
    "#);
    let says = claims(access);
    assert_eq!(says["sid"], made["id"]);
    assert_eq!(says["scope"], "read");
    assert_eq!(says["sub"], json!(admin.id));
    let members = api.get("/api/members").bearer(access).send().await;
    assert_eq!(members.status, 200, "{members:?}");
    for path in [
        "/api/auth/me",
        "/api/auth/tokens",
        "/api/auth/sessions",
        "/api/invitations",
    ] {
        let refused = api.get(path).bearer(access).send().await;
        assert_eq!(refused.problem(), (403, "forbidden"), "{path}");
    }
    let list = api.get("/api/auth/tokens").by(&admin).send().await;
    assert!(list.body["items"][0]["last_used_at"].is_string(), "{list:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_token_ends_with_what_was_made_from_it() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let made = api.make_token(&admin, &["read"]).await;
    let access = api.access_token(&made).await;
    let path = format!("/api/auth/tokens/{}", made["id"].as_str().unwrap());
    let session = format!("/api/auth/sessions/{}", made["id"].as_str().unwrap());
    let as_session = api.delete(&session).by(&admin).send().await;
    assert_eq!(as_session.problem(), (404, "not_found"), "a token is no session");
    assert_eq!(api.delete(&path).by(&admin).send().await.status, 204);
    let again = api.delete(&path).by(&admin).send().await;
    assert_eq!(again.problem(), (404, "not_found"));
    let refused = api.get("/api/members").bearer(&access).send().await;
    assert_eq!(refused.problem(), (401, "unauthenticated"));
    let exchange = api.exchange(made["token"].as_str().unwrap()).await;
    assert_eq!(exchange.problem(), (401, "unauthenticated"));
    assert_eq!(exchange.body["error"], "invalid_grant");
    let feed = api.inside("/internal/revocations?after=0").send().await;
    assert_eq!(feed.body["items"][0]["session"], made["id"], "{feed:?}");
    let list = api.get("/api/auth/tokens").by(&admin).send().await;
    assert_eq!(list.body["items"], json!([]));
    assert_eq!(
        api.incidents().await,
        ["signed_in", "token_made", "token_revoked"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_belongs_to_its_member_and_workspace() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let other = api.admin("jun@example.com").await;
    let colleague = api.join(&admin, "sora@example.com", "admin").await;
    let made = api.make_token(&admin, &["read"]).await;
    let path = format!("/api/auth/tokens/{}", made["id"].as_str().unwrap());
    for stranger in [&other, &colleague] {
        let answer = api.delete(&path).by(stranger).send().await;
        assert_eq!(answer.problem(), (404, "not_found"));
        let list = api.get("/api/auth/tokens").by(stranger).send().await;
        assert_eq!(list.body["items"], json!([]));
    }
    for id in ["7", "0197-x", "00000000-0000-0000-0000-000000000007"] {
        let answer = api
            .delete(&format!("/api/auth/tokens/{id}"))
            .by(&admin)
            .send()
            .await;
        assert_eq!(answer.problem(), (404, "not_found"), "{id}");
    }
    api.access_token(&made).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_follows_its_member() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let jun = api.join(&admin, "jun@example.com", "admin").await;
    let made = api.make_token(&jun, &["read", "members:write"]).await;
    let before = api.access_token(&made).await;
    assert_eq!(claims(&before)["role"], "admin");
    let invitations = api.get("/api/invitations").bearer(&before).send().await;
    assert_eq!(invitations.status, 200, "{invitations:?}");

    let path = format!("/api/members/{}", jun.id);
    let body = json!({ "role": "observer" });
    let changed = api.patch(&path).by(&admin).version(1).json(&body).send().await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let old = api.get("/api/members").bearer(&before).send().await;
    assert_eq!(old.problem(), (401, "unauthenticated"));
    let after = api.access_token(&made).await;
    assert_eq!(claims(&after)["role"], "observer");
    let narrowed = api.get("/api/invitations").bearer(&after).send().await;
    assert_eq!(narrowed.problem(), (403, "forbidden"));

    let removed = api.delete(&path).by(&admin).version(2).send().await;
    assert_eq!(removed.status, 204, "{removed:?}");
    let dead = api.exchange(made["token"].as_str().unwrap()).await;
    assert_eq!(dead.body["error"], "invalid_grant");
    let dead = api.get("/api/members").bearer(&after).send().await;
    assert_eq!(dead.problem(), (401, "unauthenticated"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_outlives_a_change_of_password_and_no_reset() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let made = api.make_token(&admin, &["read"]).await;
    let body = json!({ "new_password": "another horse battery" });
    let changed = api.post("/api/auth/password").by(&admin).json(&body).send().await;
    assert_eq!(changed.status, 204, "{changed:?}");
    let ended = api.post("/api/auth/sessions/end-others").by(&admin).send().await;
    assert_eq!(ended.body["ended"], 0, "{ended:?}");
    api.access_token(&made).await;

    let body = json!({ "email": "minji@example.com" });
    api.post("/api/auth/password/forgot").json(&body).send().await;
    api.service.app().settle_notes().await.unwrap();
    let body = json!({ "token": api.account_token("reset").await, "new_password": PASSWORD });
    let reset = api.post("/api/auth/password/reset").json(&body).send().await;
    assert_eq!(reset.status, 204, "{reset:?}");
    let dead = api.exchange(made["token"].as_str().unwrap()).await;
    assert_eq!(dead.body["error"], "invalid_grant");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expired_token_is_over_and_swept() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let made = api.make_token(&admin, &["read"]).await;
    let sql = api.sql().await;
    let soon = "update session set expires_at = now() + interval '30 seconds' where kind = 'token'";
    sql.batch_execute(soon).await.unwrap();
    let short = api.exchange(made["token"].as_str().unwrap()).await;
    assert!(short.body["expires_in"].as_i64().unwrap() <= 30, "{short:?}");
    let past = "update session set expires_at = now() - interval '1 second' where kind = 'token'";
    sql.batch_execute(past).await.unwrap();
    let over = api.exchange(made["token"].as_str().unwrap()).await;
    assert_eq!(over.body["error"], "invalid_grant");
    let list = api.get("/api/auth/tokens").by(&admin).send().await;
    assert_eq!(list.body["items"], json!([]));
    assert_eq!(api.service.app().sweep_sessions().await.unwrap(), 1);
    assert_eq!(api.count("select count(*) from api_token").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn making_one_wants_a_fresh_proof_and_good_values() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let good = json!({ "name": "CI", "scopes": ["read"], "expires_in_days": 365 });
    for (field, value, named) in [
        ("name", json!(""), "name"),
        ("name", json!("two\nlines"), "name"),
        ("name", json!("ㄱ".repeat(101)), "name"),
        ("scopes", json!([]), "scopes"),
        ("scopes", json!(["everything"]), "scopes[0]"),
        ("scopes", json!("read"), "scopes"),
        (
            "scopes",
            json!(["read", "read", "read", "read", "read"]),
            "scopes",
        ),
        ("expires_in_days", json!(0), "expires_in_days"),
        ("expires_in_days", json!(366), "expires_in_days"),
        ("expires_in_days", json!(-1), "expires_in_days"),
        ("expires_in_days", Value::Null, "expires_in_days"),
        ("role", json!("admin"), "role"),
    ] {
        let mut body = good.clone();
        body[field] = value.clone();
        let answer = api.post("/api/auth/tokens").by(&admin).json(&body).send().await;
        assert_eq!(answer.problem(), (422, "invalid"), "{field} {value}");
        assert_eq!(answer.fields(), [named], "{value}");
    }
    let access = api.access_token(&api.make_token(&admin, &["read"]).await).await;
    let by_token = api
        .post("/api/auth/tokens")
        .bearer(&access)
        .json(&good)
        .send()
        .await;
    assert_eq!(by_token.problem(), (403, "forbidden"));
    api.age_proofs().await;
    let stale = api.post("/api/auth/tokens").by(&admin).json(&good).send().await;
    assert_eq!(stale.problem(), (403, "step_up_required"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_are_fifty_at_most_whoever_races() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let body = json!({ "name": "CI", "scopes": ["read"], "expires_in_days": 1 });
    let tries = (0..54).map(|_| api.post("/api/auth/tokens").by(&admin).json(&body).send());
    let answers = futures::future::join_all(tries).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 50);
    let refused = answers.iter().find(|answer| answer.status != 201).unwrap();
    assert_eq!(refused.problem(), (409, "conflict"));
    assert_eq!(refused.body["state"], "too_many");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_exchange_is_told_so_in_the_words_of_oauth() {
    let api = Api::start().await;
    let wrong = format!("onus_pat_{}", "a".repeat(43));
    let [grant, kind] = EXCHANGE;
    let subject = ("subject_token", wrong.as_str());
    let cases = [
        (vec![grant, kind, subject], 401, "invalid_grant"),
        (vec![grant, kind, ("subject_token", "x")], 401, "invalid_grant"),
        (
            vec![grant, kind, ("subject_token", "a\u{0}b")],
            401,
            "invalid_grant",
        ),
        (vec![kind, subject], 400, "invalid_request"),
        (vec![grant, subject], 400, "invalid_request"),
        (vec![grant, kind], 400, "invalid_request"),
        (vec![grant, kind, subject, subject], 400, "invalid_request"),
        (vec![grant, grant, kind, subject], 400, "invalid_request"),
        (
            vec![grant, ("subject_token_type", "x"), subject],
            400,
            "invalid_request",
        ),
        (
            vec![("grant_type", "password"), kind, subject],
            400,
            "unsupported_grant_type",
        ),
    ];
    for (form, status, word) in cases {
        let answer = api.post("/api/auth/token").form(&form).send().await;
        assert_eq!(answer.problem().0, status, "{form:?}");
        assert_eq!(answer.body["error"], word, "{form:?}");
    }
    let huge = "a".repeat(64 * 1024);
    let answer = api.exchange(&huge).await;
    assert_eq!(answer.problem(), (413, "payload_too_large"));
    for kind in [
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
    ] {
        let answer = api
            .post("/api/auth/token")
            .header("content-type", kind)
            .body(b"grant_type=x".to_vec())
            .send()
            .await;
        assert_eq!(answer.problem(), (415, "unsupported_media_type"), "{kind}");
    }
    let garbage = api
        .post("/api/auth/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(vec![0xFF, b'=', b'%', b'&', b'=', 0xFE])
        .send()
        .await;
    assert_eq!(garbage.problem().0, 400);
    let none = api.post("/api/auth/token").form(&[]).send().await;
    assert_eq!(none.problem().0, 400);
}
