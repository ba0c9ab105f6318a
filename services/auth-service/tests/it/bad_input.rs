//! What is not acceptable is named, and changes nothing.

use serde_json::{Value, json};
use test_kit::{TestCaller, TestIssuer};
use uuid::Uuid;

use crate::support::{Api, PASSWORD};

fn sign_up_with(field: &str, value: Value) -> Value {
    let mut body = json!({ "email": "minji@example.com", "password": PASSWORD, "name": "Minji", "workspace_name": "Seoul" });
    body[field] = value;
    body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_of_a_sign_up_are_named() {
    let api = Api::start().await;
    let wrong = [
        ("email", json!("")),
        ("email", json!("minji")),
        ("email", json!(format!("{}@example.com", "a".repeat(255)))),
        ("email", json!("a".repeat(60_000))),
        ("email", json!("a\u{0}@example.com")),
        ("email", json!(7)),
        ("email", Value::Null),
        ("password", json!("eleven char")),
        ("password", json!("a".repeat(129))),
        ("password", json!(["a"])),
        ("name", json!("   ")),
        ("name", json!("ㄱ".repeat(101))),
        ("name", json!("a\u{0}b")),
        ("name", json!("a\u{FFFF}b")),
        ("name", json!("two\nlines")),
        ("workspace_name", json!("")),
        ("language", json!("de")),
        ("time_zone", json!("Mars/Olympus")),
        ("role", json!("admin")),
    ];
    for (field, value) in wrong {
        let answer = api
            .post("/api/auth/sign-up")
            .json(&sign_up_with(field, value.clone()))
            .send()
            .await;
        assert_eq!(answer.problem(), (422, "invalid"), "{field} {value}");
        assert_eq!(answer.fields(), [field], "{value}");
    }
    let several = json!({ "email": "x", "password": "y", "name": "", "workspace_name": "" });
    let answer = api.post("/api/auth/sign-up").json(&several).send().await;
    let mut fields = answer.fields();
    fields.sort_unstable();
    assert_eq!(fields, ["email", "name", "password", "workspace_name"]);
    let people: i64 = api
        .sql()
        .await
        .query_one("select count(*) from person", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(people, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_of_other_bodies_are_named() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let member = format!("/api/members/{}", admin.id);
    let cases = [
        (
            api.post("/api/auth/sign-in"),
            json!({ "email": "x", "password": "y" }),
            "email",
        ),
        (
            api.post("/api/auth/sign-in"),
            json!({ "email": "x@example.com", "password": "" }),
            "password",
        ),
        (
            api.post("/api/auth/sign-in"),
            json!({ "email": "x@example.com" }),
            "password",
        ),
        (
            api.patch("/api/auth/me").version(1),
            json!({ "name": null }),
            "name",
        ),
        (
            api.patch("/api/auth/me").version(1),
            json!({ "language": "KO" }),
            "language",
        ),
        (
            api.patch("/api/auth/me").version(1),
            json!({ "email": "new@example.com" }),
            "email",
        ),
        (api.patch(&member).version(1), json!({ "role": "owner" }), "role"),
        (api.patch(&member).version(1), json!({}), "role"),
        (
            api.post("/api/invitations"),
            json!({ "email": "jun", "role": "pic" }),
            "email",
        ),
        (
            api.post("/api/invitations"),
            json!({ "email": "jun@example.com", "role": "boss" }),
            "role",
        ),
        (
            api.post("/api/auth/invitations/inspect"),
            json!({ "token": 7 }),
            "token",
        ),
    ];
    for (call, body, field) in cases {
        let answer = call.by(&admin).json(&body).send().await;
        assert_eq!(answer.problem(), (422, "invalid"), "{body}");
        assert_eq!(answer.fields(), [field], "{body}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn queries_headers_and_paths_are_checked() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    for (path, field) in [
        ("/api/members?limit=0", "limit"),
        ("/api/members?limit=-1", "limit"),
        ("/api/members?limit=many", "limit"),
        ("/api/members?cursor=AAAA", "cursor"),
        ("/api/members?page=2", "page"),
        ("/api/invitations?limit=201", "limit"),
    ] {
        let answer = api.get(path).by(&admin).send().await;
        assert_eq!(
            (answer.problem(), answer.fields()),
            ((422, "invalid"), vec![field]),
            "{path}"
        );
    }
    let role = json!({ "role": "pic" });
    for id in ["7", "not-an-id", "%00"] {
        let answer = api
            .patch(&format!("/api/members/{id}"))
            .by(&admin)
            .version(1)
            .json(&role)
            .send()
            .await;
        assert_eq!(answer.problem(), (404, "not_found"), "{id}");
    }
    let path = format!("/api/members/{}", admin.id);
    for tag in ["7", "*", "\"x\"", "\"-1\""] {
        let answer = api
            .patch(&path)
            .by(&admin)
            .header("if-match", tag)
            .json(&role)
            .send()
            .await;
        assert_eq!(answer.problem(), (400, "malformed_request"), "{tag}");
    }
    let answer = api
        .patch(&path)
        .by(&admin)
        .version(1)
        .key("two words")
        .json(&role)
        .send()
        .await;
    assert_eq!(answer.problem(), (400, "malformed_request"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_are_bounded_json() {
    let api = Api::start().await;
    let sign_in = || api.post("/api/auth/sign-in");
    let json = "application/json";
    let broken = sign_in()
        .header("content-type", json)
        .body(b"{\"email\":".to_vec())
        .send()
        .await;
    assert_eq!(broken.problem(), (400, "malformed_request"));
    let utf8 = sign_in()
        .header("content-type", json)
        .body(b"{\"email\":\"\xFF\"}".to_vec())
        .send()
        .await;
    assert_eq!(utf8.problem(), (400, "malformed_request"));
    let text = sign_in()
        .header("content-type", "text/plain")
        .body(b"{}".to_vec())
        .send()
        .await;
    assert_eq!(text.problem(), (415, "unsupported_media_type"));
    let huge = sign_in()
        .header("content-type", json)
        .body(vec![b' '; 100_000])
        .send()
        .await;
    assert_eq!(huge.problem(), (413, "payload_too_large"));
    assert_eq!(
        api.get("/api/auth/sign-in").send().await.problem(),
        (405, "method_not_allowed")
    );
    assert_eq!(
        api.get("/api/auth/nothing").send().await.problem(),
        (404, "not_found")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_of_others_do_not_count() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let foreign = TestIssuer::start().await;
    let forged = foreign.token(&TestCaller {
        person: admin.id,
        workspace: admin.workspace,
        role: policy::Role::Admin,
        epoch: 1,
        name: "Mallory".to_owned(),
    });
    let mut tampered = admin.token.clone();
    tampered.pop();
    for token in ["", "x", "a.b.c", &forged, &tampered, &"A".repeat(9000)] {
        let answer = api.get("/api/auth/me").bearer(token).send().await;
        assert_eq!(answer.problem(), (401, "unauthenticated"), "{token}");
    }
    let none = api.get("/api/auth/me").send().await;
    assert_eq!(none.problem(), (401, "unauthenticated"));
    assert_eq!(none.header("www-authenticate"), Some("Bearer"));
    let path = format!("/api/members/{}", Uuid::now_v7());
    let anonymous = api.delete(&path).version(1).send().await;
    assert_eq!(anonymous.problem(), (401, "unauthenticated"));
}

#[test]
fn bad_settings_are_all_named() {
    let overrides = [
        ("auth.secret", "short".to_owned()),
        ("auth.sign_up", "sometimes".to_owned()),
        ("auth.access_token_seconds", "5".to_owned()),
        ("auth.password.lanes", "0".to_owned()),
        ("auth.colour", "red".to_owned()),
        ("auth.clients.task_service", "short".to_owned()),
    ];
    let faults = settings::load_from::<auth_service::config::Settings>(
        "AUTH",
        auth_service::config::DEFAULTS,
        &overrides,
        &mut std::iter::empty(),
    )
    .unwrap_err();
    let names = [
        "auth.secret",
        "auth.sign_up",
        "auth.access_token_seconds",
        "auth.clients",
        "auth.password.lanes",
        "auth.colour",
    ];
    for name in names {
        assert!(
            faults.lines().iter().any(|line| line.contains(name)),
            "{name} is not in {faults}"
        );
    }
    assert!(
        !faults.to_string().contains("short"),
        "a secret was printed: {faults}"
    );
}
