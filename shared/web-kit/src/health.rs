//! Whether the process lives, and which of its parts work.
//!
//! Load balancers look at `/livez`, which asks nobody: a broken database must not make them kill processes that
//! cannot help it. People look at `/readyz`: every part by name, 503 only when the database is dead. The public port
//! says what state a part is in, the internal one also why.

use actix_web::http::StatusCode;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, HttpResponseBuilder};
use async_trait::async_trait;
use postgres::Database;
use serde::Serialize;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// The part without which nothing works.
const VITAL: &str = "database";
/// A part that does not answer in this time is down.
const DEADLINE: Duration = Duration::from_secs(2);
/// How long an answer is good for: many who ask cost no more than one.
const FRESH: Duration = Duration::from_secs(1);

/// How a part is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartState {
    /// It works.
    Ok,
    /// It works, but not as it should, and why.
    Degraded(String),
    /// It does not work, and why. Only for the database is that a 503.
    Down(String),
}

/// A part of the process that can be asked how it is.
#[async_trait]
pub trait Probe: Send + Sync + 'static {
    /// Its name in `/readyz`; `database` is the one whose death is a 503.
    fn name(&self) -> &str;

    /// Asks it. More than two seconds count as down.
    async fn check(&self) -> PartState;
}

/// The database as a part.
#[derive(Clone)]
pub struct DatabaseProbe(Database);

impl DatabaseProbe {
    /// Asks this database.
    pub fn new(database: Database) -> DatabaseProbe {
        DatabaseProbe(database)
    }
}

#[async_trait]
impl Probe for DatabaseProbe {
    fn name(&self) -> &str {
        VITAL
    }

    async fn check(&self) -> PartState {
        match self.0.ping().await {
            Ok(()) => PartState::Ok,
            Err(error) => PartState::Down(crate::unhandled::chain(&error)),
        }
    }
}

/// A probe, and the service it belongs to where there are several in one process.
#[derive(Clone)]
pub(crate) struct Part {
    pub(crate) service: Option<&'static str>,
    pub(crate) probe: Arc<dyn Probe>,
}

#[derive(Clone, Serialize)]
struct PartReport {
    name: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Clone, Serialize)]
struct Report {
    status: &'static str,
    parts: Vec<PartReport>,
}

/// All parts of a process, and what they answered a moment ago.
pub(crate) struct Health {
    parts: Vec<Part>,
    last: Mutex<Option<(Instant, Arc<Report>)>>,
}

impl Health {
    pub(crate) fn new(parts: Vec<Part>) -> Health {
        Health {
            parts,
            last: Mutex::new(None),
        }
    }

    /// Asks all parts at once. Who comes while they are being asked waits for the same answer.
    async fn report(&self) -> Arc<Report> {
        let mut last = self.last.lock().await;
        if let Some((at, report)) = last.as_ref()
            && at.elapsed() < FRESH
        {
            return Arc::clone(report);
        }
        let parts = futures::future::join_all(self.parts.iter().map(ask)).await;
        let report = Arc::new(Report {
            status: overall(&parts),
            parts,
        });
        *last = Some((Instant::now(), Arc::clone(&report)));
        report
    }
}

async fn ask(part: &Part) -> PartReport {
    let state = match tokio::time::timeout(DEADLINE, part.probe.check()).await {
        Ok(state) => state,
        Err(_) => PartState::Down(format!("no answer within {} s", DEADLINE.as_secs())),
    };
    let own = part.probe.name();
    let name = part
        .service
        .map_or_else(|| own.to_owned(), |service| format!("{service}/{own}"));
    let (state, reason) = match state {
        PartState::Ok => ("ok", None),
        PartState::Degraded(reason) => ("degraded", Some(reason)),
        PartState::Down(reason) => ("down", Some(reason)),
    };
    metrics::gauge!("part_ok", "part" => name.clone()).set(if state == "ok" { 1.0 } else { 0.0 });
    PartReport { name, state, reason }
}

fn overall(parts: &[PartReport]) -> &'static str {
    let vital = |part: &PartReport| part.name.rsplit('/').next() == Some(VITAL);
    if parts.iter().any(|part| part.state == "down" && vital(part)) {
        "down"
    } else if parts.iter().any(|part| part.state != "ok") {
        "degraded"
    } else {
        "ok"
    }
}

/// The routes of the public port.
pub(crate) fn public_routes(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/livez").route(web::get().to(livez)));
    cfg.service(web::resource("/readyz").route(web::get().to(readyz)));
}

/// The routes of the internal port.
pub(crate) fn internal_routes(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/livez").route(web::get().to(livez)));
    cfg.service(web::resource("/readyz").route(web::get().to(readyz_with_reasons)));
    cfg.service(web::resource("/metrics").route(web::get().to(metrics_text)));
}

async fn livez() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "ok" }))
}

async fn readyz(health: web::Data<Health>) -> HttpResponse {
    let mut report = health.report().await.as_ref().clone();
    report.parts.iter_mut().for_each(|part| part.reason = None);
    answer(&report)
}

async fn readyz_with_reasons(health: web::Data<Health>) -> HttpResponse {
    answer(&*health.report().await)
}

fn answer(report: &Report) -> HttpResponse {
    let status = if report.status == "down" {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::OK
    };
    HttpResponseBuilder::new(status).json(report)
}

async fn metrics_text() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(telemetry::metrics_text())
}
