//! Every error is problem details with the request's id, and nothing leaks.

use crate::app::app;
use crate::harness::{check_security, field, header, problem};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn paths_and_methods_that_are_not_there() {
    let app = app();
    problem(app.get("/nowhere?token=secret"), 404, "not_found").await;
    problem(app.get("/api/drafts/7"), 404, "not_found").await;
    problem(app.get("/api/drafts/%00"), 404, "not_found").await;
    problem(
        app.get("/api/drafts/%7B0198a3b0-7c1e-7000-8000-000000000001%7D"),
        404,
        "not_found",
    )
    .await;
    problem(app.get("/api/numbers/many"), 404, "not_found").await;
    let delete = app.client.delete(format!("{}/api/drafts", app.url));
    problem(delete, 405, "method_not_allowed").await;
    let invented = app.client.request(
        Method::from_bytes(b"BREW").expect("a method"),
        format!("{}/api/drafts", app.url),
    );
    problem(invented, 405, "method_not_allowed").await;
    let internal = app.get("/metrics");
    problem(internal, 404, "not_found").await;
}

#[tokio::test]
async fn a_good_answer_is_private_unless_it_says_otherwise() {
    let app = app();
    let id = "0198a3b0-7c1e-7000-8000-000000000001";
    let answer = app
        .get(&format!("/api/drafts/{id}"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        (answer.status().as_u16(), header(&answer, "etag")),
        (200, "\"7\"")
    );
    assert_eq!(header(&answer, "cache-control"), "no-store");
    check_security(&answer);
    let answer = app.get("/api/public").send().await.expect("an answer");
    assert_eq!(header(&answer, "cache-control"), "public, max-age=60");
    check_security(&answer);
}

#[tokio::test]
async fn a_safe_request_id_is_taken_over_and_no_other() {
    let app = app();
    let sent = |id: &str| app.get("/nowhere").header("x-request-id", id);
    let body = problem(sent("client-id-0001"), 404, "not_found").await;
    assert_eq!(body["request_id"], "client-id-0001");
    for unsafe_id in [
        "short",
        "with spaces in it",
        "<script>alert(1)</script>",
        &"x".repeat(65),
    ] {
        let body = problem(sent(unsafe_id), 404, "not_found").await;
        assert_ne!(body["request_id"], unsafe_id);
    }
    let twice = app
        .get("/nowhere")
        .header("x-request-id", "client-id-0001")
        .header("x-request-id", "client-id-0002");
    let body = problem(twice, 404, "not_found").await;
    assert!(body["request_id"] != "client-id-0001" && body["request_id"] != "client-id-0002");
}

#[tokio::test]
async fn our_own_faults_say_nothing_but_the_id() {
    let app = app();
    for path in ["/api/fail", "/api/fail-plainly", "/api/panic"] {
        let body = problem(app.get(path), 500, "internal").await;
        let text = body.to_string();
        for secret in ["disk", "row", "panic"] {
            assert!(!text.contains(secret), "{text}");
        }
        assert_eq!(body.get("detail"), None);
    }
    assert_eq!(
        app.get("/api/public").send().await.expect("an answer").status(),
        200,
        "the thread lives on"
    );
}

#[tokio::test]
async fn a_handler_that_takes_too_long_is_given_up() {
    let app = app();
    let (read, write) = tokio::join!(
        problem(app.get("/api/never"), 503, "unavailable"),
        problem(app.post("/api/never"), 503, "outcome_unknown"),
    );
    assert_eq!(read["detail"], write["detail"]);
}

#[tokio::test]
async fn a_problem_that_a_handler_answers_itself_gets_its_id_and_keeps_its_cookie() {
    let app = app();
    let answer = app.get("/api/own-problem").send().await.expect("an answer");
    assert_eq!(header(&answer, "set-cookie"), "session=; Max-Age=0");
    assert_eq!(header(&answer, "www-authenticate"), "Bearer");
    crate::harness::check_problem(answer, 401, "unauthenticated").await;
}

#[tokio::test]
async fn a_bad_query_names_its_field() {
    let app = app();
    let cases = [
        ("limit=-1", "limit"),
        ("limit=0", "limit"),
        ("limit=many", "limit"),
        ("limit=1&limit=2", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("offset=5", "offset"),
        ("cursor=garbage", "cursor"),
    ];
    for (query, name) in cases {
        let body = problem(app.get(&format!("/api/drafts?{query}")), 422, "invalid").await;
        assert_eq!(field(&body).0, name, "{query}: {body}");
    }
    let cursor = web_kit::cursor::encode(&9_i64).expect("a cursor");
    let answer = app
        .get(&format!("/api/drafts?limit=7&cursor={cursor}"))
        .send()
        .await
        .expect("an answer");
    let body: serde_json::Value = answer.json().await.expect("JSON");
    assert_eq!(body, json!({ "limit": 7, "after": 9 }));
}

#[tokio::test]
async fn a_change_needs_the_version_it_is_based_on() {
    let app = app();
    let url = format!("{}/api/drafts/0198a3b0-7c1e-7000-8000-000000000001", app.url);
    let patch = |version: &str| {
        let request = app.client.patch(&url).json(&json!({ "title": "x" }));
        if version.is_empty() {
            request
        } else {
            request.header("if-match", version)
        }
    };
    problem(patch(""), 428, "version_required").await;
    for garbage in ["*", "7", "\"x\"", "\"7\", \"8\"", "\"-1\"", "W/7"] {
        let body = problem(patch(garbage), 400, "malformed_request").await;
        assert_eq!(field(&body).0, "If-Match", "{garbage}");
    }
    for good in ["\"7\"", "W/\"7\""] {
        let answer = patch(good).send().await.expect("an answer");
        assert_eq!(
            (
                answer.status().as_u16(),
                answer.text().await.expect("a body").as_str()
            ),
            (200, "7")
        );
    }
}
