//! `/livez`, `/readyz` and `/metrics`.

use crate::harness::{Running, check_security, header, settings, start};
use async_trait::async_trait;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use web_kit::{PartState, Probe, Server, Workers};

/// A part that is as the test says; it never answers when the test says nothing.
struct Part {
    name: &'static str,
    state: Mutex<Option<PartState>>,
    asked: AtomicUsize,
}

impl Part {
    fn new(name: &'static str, state: Option<PartState>) -> Arc<Part> {
        Arc::new(Part {
            name,
            state: Mutex::new(state),
            asked: AtomicUsize::new(0),
        })
    }
}

#[async_trait]
impl Probe for Part {
    fn name(&self) -> &str {
        self.name
    }

    async fn check(&self) -> PartState {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let state = self.state.lock().expect("a lock").clone();
        match state {
            Some(state) => state,
            None => std::future::pending().await,
        }
    }
}

fn down(reason: &str) -> Option<PartState> {
    Some(PartState::Down(reason.to_owned()))
}

fn with(parts: &[Arc<Part>]) -> Running {
    let server = Server::new(&settings());
    start(parts.iter().fold(server, |server, part| {
        server.part(Arc::clone(part) as Arc<dyn Probe>)
    }))
}

async fn readyz(request: reqwest::RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.expect("an answer");
    check_security(&answer);
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

#[tokio::test]
async fn everything_works() {
    let app = with(&[Part::new("database", Some(PartState::Ok))]);
    let parts = json!([{ "name": "database", "state": "ok" }]);
    assert_eq!(
        readyz(app.get("/readyz")).await,
        (200, json!({ "status": "ok", "parts": parts }))
    );
    assert_eq!(readyz(app.get("/livez")).await, (200, json!({ "status": "ok" })));
}

#[tokio::test]
async fn a_dead_queue_is_degraded_and_a_dead_database_is_down() {
    let queue = [
        Part::new("database", Some(PartState::Ok)),
        Part::new("queue", down("10.0.0.9 refuses")),
    ];
    let app = with(&queue);
    let (status, body) = readyz(app.get("/readyz")).await;
    assert_eq!((status, &body["status"]), (200, &json!("degraded")));
    assert_eq!(
        body["parts"][1],
        json!({ "name": "queue", "state": "down" }),
        "no reasons in public"
    );
    let (status, body) = readyz(app.inside("/readyz")).await;
    assert_eq!(
        (status, &body["parts"][1]["reason"]),
        (200, &json!("10.0.0.9 refuses"))
    );

    let app = with(&[
        Part::new("database", down("gone")),
        Part::new("feed", Some(PartState::Degraded("slow".into()))),
    ]);
    let (status, body) = readyz(app.get("/readyz")).await;
    assert_eq!((status, &body["status"]), (503, &json!("down")));
    assert_eq!(body["parts"][1]["state"], "degraded");
    assert_eq!(readyz(app.get("/livez")).await.0, 200, "nobody kills us for it");
}

#[tokio::test]
async fn a_part_that_does_not_answer_is_down_and_many_who_ask_cost_one_question() {
    let silent = Part::new("database", None);
    // Longer than a probe may take: the probe's deadline is what ends the wait.
    let http = web_kit::http::Settings {
        request_timeout_seconds: 10,
        ..settings()
    };
    let app = start(Server::new(&http).part(Arc::clone(&silent) as Arc<dyn Probe>));
    let asked = futures::future::join_all((0..20).map(|_| readyz(app.inside("/readyz")))).await;
    for (status, body) in asked {
        assert_eq!((status, &body["parts"][0]["state"]), (503, &json!("down")));
    }
    assert_eq!(silent.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_worker_that_ends_early_shows() {
    let workers = Workers::new();
    let app = start(Server::new(&settings()).workers(&workers));
    assert_eq!(readyz(app.get("/readyz")).await.1["status"], "ok");
    workers.spawn("relay", async {});
    workers.failed().await;
    assert_eq!(workers.ended(), ["relay"]);
    let app = start(Server::new(&settings()).workers(&workers));
    let (status, body) = readyz(app.inside("/readyz")).await;
    assert_eq!(
        (status, &body["parts"][0]["reason"]),
        (200, &json!("ended: relay"))
    );
}

#[tokio::test]
async fn metrics_are_told_inside_only() {
    let _guard = telemetry::init("test", &telemetry::Settings::default());
    let app = with(&[]);
    assert_eq!(
        app.get("/nowhere/at/all")
            .send()
            .await
            .expect("an answer")
            .status(),
        404
    );
    let answer = app.inside("/metrics").send().await.expect("an answer");
    assert!(header(&answer, "content-type").starts_with("text/plain"));
    let text = answer.text().await.expect("a body");
    let line = r#"http_requests_total{method="GET",route="unmatched",status="404"}"#;
    assert!(text.contains(line), "{text}");
    assert!(text.contains("http_request_seconds_bucket"), "{text}");
}
