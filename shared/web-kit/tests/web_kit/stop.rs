//! Stopping: what is under way is finished, what waits is told, nothing new begins.

use crate::harness::{PATIENCE, settings, start};
use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use web_kit::{Server, Stopping, Workers, http};

#[derive(Clone, Default)]
struct Gate {
    entered: Arc<Notify>,
    open: Arc<Notify>,
}

async fn through(gate: web::Data<Gate>) -> HttpResponse {
    gate.entered.notify_one();
    gate.open.notified().await;
    HttpResponse::Ok().body("done")
}

async fn waits(gate: web::Data<Gate>, stopping: Stopping) -> HttpResponse {
    gate.entered.notify_one();
    stopping.requested().await;
    HttpResponse::Ok().body("nothing new")
}

fn gated(gate: &Gate) -> Server {
    let gate = web::Data::new(gate.clone());
    let routes = move |cfg: &mut ServiceConfig| {
        cfg.app_data(gate.clone())
            .service(web::resource("/api/through").route(web::get().to(through)))
            .service(web::resource("/api/waits").route(web::get().to(waits)));
    };
    Server::new(&http::Settings {
        request_timeout_seconds: 29,
        ..settings()
    })
    .public_routes(routes)
}

#[tokio::test]
async fn a_request_under_way_is_finished() {
    let gate = Gate::default();
    let app = start(gated(&gate));
    // An idle connection must not hold the stop up.
    assert_eq!(app.get("/livez").send().await.expect("an answer").status(), 200);
    let under_way = tokio::spawn(app.get("/api/through").send());
    gate.entered.notified().await;
    app.stop.cancel();

    let deadline = Instant::now() + PATIENCE;
    while reqwest::Client::new()
        .get(format!("{}/livez", app.url))
        .send()
        .await
        .is_ok()
    {
        assert!(Instant::now() < deadline, "new connections are refused");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(
        app.inside("/livez").send().await.expect("an answer").status(),
        200,
        "the inside stays until the end"
    );

    gate.open.notify_one();
    let answer = under_way.await.expect("no panic").expect("an answer");
    assert_eq!(answer.text().await.expect("a body"), "done");
    let began = Instant::now();
    app.ended().await;
    assert!(
        began.elapsed() < Duration::from_secs(5),
        "nothing was left to wait for"
    );
}

#[tokio::test]
async fn a_long_poll_is_told() {
    let gate = Gate::default();
    let app = start(gated(&gate));
    let waiting = tokio::spawn(app.get("/api/waits").send());
    gate.entered.notified().await;
    app.stop.cancel();
    let answer = waiting.await.expect("no panic").expect("an answer");
    assert_eq!(answer.text().await.expect("a body"), "nothing new");
    app.ended().await;
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_keep_the_server() {
    let gate = Gate::default();
    let http = http::Settings {
        shutdown_seconds: 1,
        request_timeout_seconds: 29,
        ..settings()
    };
    let data = web::Data::new(gate.clone());
    let routes = move |cfg: &mut ServiceConfig| {
        cfg.app_data(data.clone())
            .service(web::resource("/api/through").route(web::get().to(through)));
    };
    let app = start(Server::new(&http).public_routes(routes));
    let lost = tokio::spawn(app.get("/api/through").send());
    gate.entered.notified().await;
    app.stop.cancel();
    let began = Instant::now();
    app.ended().await;
    assert!(began.elapsed() < Duration::from_secs(8));
    assert!(lost.await.expect("no panic").is_err());
}

#[tokio::test]
async fn workers_are_drained_with_a_deadline() {
    let workers = Workers::new();
    let stop = workers.stop.clone();
    workers.spawn("polite", async move { stop.cancelled().await });
    assert!(workers.drain(PATIENCE).await);
    assert!(
        workers.ended().is_empty(),
        "an end that was asked for is none to report"
    );

    let workers = Workers::new();
    workers.spawn("stubborn", std::future::pending());
    assert!(!workers.drain(Duration::from_millis(50)).await);

    let workers = Workers::new();
    workers.spawn("clumsy", async { panic!("on purpose") });
    workers.failed().await;
    assert_eq!(workers.ended(), ["clumsy"]);
}
