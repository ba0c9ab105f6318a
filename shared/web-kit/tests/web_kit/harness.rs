//! Starting a server and looking at its answers.

use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use web_kit::{Server, http};

/// No test waits longer than this for anything.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A server that is running.
pub(crate) struct Running {
    pub(crate) url: String,
    pub(crate) internal: String,
    pub(crate) stop: CancellationToken,
    pub(crate) client: Client,
    task: JoinHandle<std::io::Result<()>>,
}

/// Settings with short deadlines and free ports.
pub(crate) fn settings() -> http::Settings {
    http::Settings {
        body_limit: 4096,
        request_timeout_seconds: 2,
        body_timeout_seconds: 1,
        shutdown_seconds: 10,
        threads: Some(2),
        ..http::Settings::default()
    }
}

pub(crate) fn start(server: Server) -> Running {
    let bound = server.bind().expect("free ports");
    let stop = CancellationToken::new();
    Running {
        url: bound.base_url(),
        internal: format!("http://{}", bound.internal_addr),
        client: Client::builder()
            .timeout(PATIENCE)
            .no_gzip()
            .build()
            .expect("a client"),
        task: tokio::spawn(bound.run(stop.clone())),
        stop,
    }
}

impl Running {
    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.url))
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.url))
    }

    pub(crate) fn inside(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.internal))
    }

    /// Waits for the end of a server that was told to stop.
    pub(crate) async fn ended(self) {
        let outcome = tokio::time::timeout(PATIENCE, self.task).await.expect("it stops");
        outcome.expect("no panic").expect("no fault");
    }
}

pub(crate) fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// Sends, and checks what holds for every error answer; gives back its body.
pub(crate) async fn problem(request: RequestBuilder, status: u16, code: &str) -> Value {
    let answer = request.send().await.expect("an answer");
    check_problem(answer, status, code).await
}

pub(crate) async fn check_problem(answer: Response, status: u16, code: &str) -> Value {
    assert_eq!(answer.status().as_u16(), status);
    assert_eq!(header(&answer, "content-type"), "application/problem+json");
    check_security(&answer);
    let id = header(&answer, "x-request-id").to_owned();
    assert!(!id.is_empty());
    let body: Value = answer.json().await.expect("a JSON body");
    assert_eq!(body["code"], code, "{body}");
    assert_eq!(body["status"], status, "{body}");
    assert_eq!(body["type"], format!("/problems/{code}"), "{body}");
    assert_eq!(body["request_id"], id.as_str(), "{body}");
    body
}

pub(crate) fn check_security(answer: &Response) {
    assert_eq!(header(answer, "x-content-type-options"), "nosniff");
    assert!(header(answer, "content-security-policy").contains("frame-ancestors 'none'"));
    assert!(!header(answer, "referrer-policy").is_empty());
    assert!(!header(answer, "cache-control").is_empty());
    assert_eq!(
        header(answer, "strict-transport-security"),
        "",
        "only where TLS is"
    );
}

/// The first field that a problem names.
pub(crate) fn field(body: &Value) -> (&str, &str) {
    let error = &body["errors"][0];
    (
        error["field"].as_str().unwrap_or_default(),
        error["message"].as_str().unwrap_or_default(),
    )
}
