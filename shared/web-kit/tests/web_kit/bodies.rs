//! What is refused about a body, and how it is named.

use crate::app::app;
use crate::harness::{field, header, problem};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const JSON: &str = "application/json";

#[tokio::test]
async fn a_good_body_is_read() {
    let app = app();
    let draft = json!({ "title": "제목", "description": "a\n\tb", "status": "done", "columns": [{ "name": "할 일" }] });
    for content_type in [
        JSON,
        "application/json; charset=utf-8",
        "application/vnd.api+json",
    ] {
        let request = app
            .post("/api/drafts")
            .header("content-type", content_type)
            .body(draft.to_string());
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 201, "{content_type}");
        assert_eq!(answer.json::<Value>().await.expect("JSON"), draft);
    }
}

#[tokio::test]
async fn what_is_not_json_is_told_apart() {
    let app = app();
    let send = |content_type: &str, body: &str| {
        app.post("/api/drafts")
            .header("content-type", content_type)
            .body(body.to_owned())
    };
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=euc-kr",
    ] {
        problem(send(content_type, "{}"), 415, "unsupported_media_type").await;
    }
    problem(app.post("/api/drafts").body("{}"), 415, "unsupported_media_type").await;
    let compressed = send(JSON, "{}").header("content-encoding", "gzip");
    problem(compressed, 415, "unsupported_media_type").await;
    for broken in ["", "{", "{\"title\":\"x\"} trailing", "nonsense", "{\"title\":"] {
        problem(send(JSON, broken), 400, "malformed_request").await;
    }
    for unreadable in ["{\"title\":\"\\ud800\"}", "{\"title\":1e999}"] {
        let body = problem(send(JSON, unreadable), 422, "invalid").await;
        assert_eq!(field(&body).0, "title", "JSON, but no value: {body}");
    }
    for list in ["[\"a title\"]", " [ \"a title\", null, [] ]", &"[".repeat(2000)] {
        problem(send(JSON, list), 422, "invalid").await;
    }
    let latin = app
        .post("/api/drafts")
        .header("content-type", JSON)
        .body(b"{\"title\":\"\xff\"}".to_vec());
    problem(latin, 400, "malformed_request").await;
}

#[tokio::test]
async fn a_wrong_value_is_named_by_its_path() {
    let app = app();
    let cases = [
        (json!({}), "title"),
        (json!({ "title": 7 }), "title"),
        (json!({ "title": null }), "title"),
        (json!({ "title": "x", "status": null }), "status"),
        (json!({ "title": "x", "status": "gone" }), "status"),
        (json!({ "title": "" }), "title"),
        (json!({ "title": "x".repeat(21) }), "title"),
        (json!({ "title": "nul \0" }), "title"),
        (json!({ "title": "non-character \u{FFFF}" }), "title"),
        (json!({ "title": "two\nlines" }), "title"),
        (json!({ "title": "x", "owner": "me" }), "owner"),
        (json!({ "title": "x", "description": ["y"] }), "description"),
        (
            json!({ "title": "x", "description": "bell \u{7}" }),
            "description",
        ),
        (json!({ "title": "x", "columns": "none" }), "columns"),
        (
            json!({ "title": "x", "columns": [{ "name": "a" }, { "name": "b" }, { "name": 3 }] }),
            "columns[2].name",
        ),
        (
            json!({ "title": "x", "columns": [{ "name": "a" }, { "name": "" }] }),
            "columns[1].name",
        ),
        (
            json!({ "title": "x", "columns": [{ "name": "a", "rank": 1 }] }),
            "columns[0].rank",
        ),
        (json!({ "title": "x", "columns": [{}] }), "columns[0].name"),
        (
            json!({ "title": "x", "columns": vec![json!({ "name": "a" }); 4] }),
            "columns",
        ),
    ];
    for (body, name) in cases {
        let answer = problem(app.post("/api/drafts").json(&body), 422, "invalid").await;
        assert_eq!(field(&answer).0, name, "{body}: {answer}");
        assert!(!field(&answer).1.is_empty());
    }
    let both = problem(
        app.post("/api/drafts")
            .json(&json!({ "title": "", "description": "\0" })),
        422,
        "invalid",
    )
    .await;
    assert_eq!(
        both["errors"].as_array().map(Vec::len),
        Some(2),
        "all at once: {both}"
    );
    problem(app.post("/api/drafts").json(&json!([])), 422, "invalid").await;
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_with_the_limit() {
    let app = app();
    let large = json!({ "title": "x".repeat(8 * 1024) }).to_string();
    let announced = app.post("/api/drafts").header("content-type", JSON).body(large);
    let body = problem(announced, 413, "payload_too_large").await;
    assert_eq!(body["limit"], 4096);
    assert!(
        body["detail"]
            .as_str()
            .is_some_and(|detail| detail.contains("4096")),
        "{body}"
    );

    let huge = app
        .post("/api/drafts")
        .header("content-type", JSON)
        .body("x".repeat(10 * 1024 * 1024));
    problem(huge, 413, "payload_too_large").await;
}

#[tokio::test]
async fn a_large_body_without_a_length_is_cut_off() {
    let app = app();
    let mut stream = connect(&app.url).await;
    let head = "POST /api/drafts HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.expect("a head");
    for _ in 0..8 {
        // The server may close before all is written.
        let chunk = format!("400\r\n{}\r\n", "x".repeat(1024));
        if stream.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }
    assert!(answer_of(&mut stream).await.starts_with("HTTP/1.1 413 "));
}

#[tokio::test]
async fn a_slow_client_does_not_hold_us_up() {
    let app = app();
    let mut stream = connect(&app.url).await;
    let head = "POST /api/drafts HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.expect("a head");
    let answer = answer_of(&mut stream).await;
    assert!(
        answer.starts_with("HTTP/1.1 400 ") && answer.contains("did not arrive in time"),
        "{answer}"
    );
}

#[tokio::test]
async fn the_answer_to_a_refused_body_leaves_the_server_well() {
    let app = app();
    problem(
        app.post("/api/drafts").header("content-type", JSON).body("{"),
        400,
        "malformed_request",
    )
    .await;
    let answer = app.get("/livez").send().await.expect("an answer");
    assert_eq!(
        (answer.status().as_u16(), header(&answer, "content-type")),
        (200, JSON)
    );
}

async fn connect(url: &str) -> TcpStream {
    TcpStream::connect(url.trim_start_matches("http://"))
        .await
        .expect("a connection")
}

/// What comes back until it is complete enough to judge.
async fn answer_of(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let mut chunk = [0_u8; 4096];
    let reading = async {
        while !answer.ends_with(b"}") {
            match stream.read(&mut chunk).await {
                Ok(0) | Err(_) => break,
                Ok(read) => answer.extend_from_slice(&chunk[..read]),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), reading)
        .await
        .expect("an answer in time");
    String::from_utf8_lossy(&answer).into_owned()
}
