//! What a request leaves in the log. A binary of its own, since a process has one subscriber.

#![expect(clippy::expect_used, reason = "a test that cannot go on must stop")]

use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};
use problem::Problem;
use serde_json::Value;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use tokio_util::sync::CancellationToken;
use web_kit::{Server, http};

/// Where the lines go.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("a lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("a lock").clone()).expect("UTF-8")
    }

    fn of(&self, message: &str) -> Vec<Value> {
        let text = self.text();
        let lines = text
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.filter(|line| line["message"] == message).collect()
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the row was not written")]
struct NotWritten(#[source] DiskFull);

#[derive(Debug, thiserror::Error)]
#[error("the disk is full")]
struct DiskFull;

async fn fail() -> Result<HttpResponse, Problem> {
    Err(Problem::internal(NotWritten(DiskFull)))
}

#[tokio::test]
async fn a_request_leaves_one_line_and_a_fault_its_causes_and_neither_a_secret() {
    let lines = Lines::default();
    let writer = lines.clone();
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_writer(move || writer.clone())
        .init();

    let routes = |cfg: &mut ServiceConfig| {
        cfg.service(web::resource("/api/fail/{id}").route(web::get().to(fail)));
    };
    let bound = Server::new(&http::Settings::default())
        .public_routes(routes)
        .bind()
        .expect("free ports");
    let url = bound.base_url();
    let stop = CancellationToken::new();
    let running = tokio::spawn(bound.run(stop.clone()));
    let answer = reqwest::Client::new()
        .get(format!("{url}/api/fail/7?token=query-secret"))
        .header("x-request-id", "request-0001")
        .bearer_auth("bearer-secret")
        .header("cookie", "session=cookie-secret")
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 500);
    stop.cancel();
    running.await.expect("no panic").expect("no fault");

    let faults = lines.of("a request failed");
    assert_eq!(faults.len(), 1, "{}", lines.text());
    assert_eq!(
        faults[0]["cause"],
        "internal: the row was not written: the disk is full"
    );
    assert_eq!(faults[0]["request_id"], "request-0001");
    let served = lines.of("request served");
    assert_eq!(served.len(), 1, "{}", lines.text());
    assert_eq!(
        (&served[0]["status"], &served[0]["route"]),
        (&500.into(), &"/api/fail/{id}".into())
    );
    assert_eq!(served[0]["span"]["url.path"], "/api/fail/7");
    assert_eq!(
        lines.text().matches("the disk is full").count(),
        1,
        "the cause is logged once"
    );
    for secret in ["query-secret", "bearer-secret", "cookie-secret"] {
        assert!(!lines.text().contains(secret), "{}", lines.text());
    }
}
