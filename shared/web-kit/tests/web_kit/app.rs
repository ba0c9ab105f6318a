//! A small application with a route for everything that can go wrong.

use crate::harness::{Running, settings, start};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use garde::Validate;
use problem::{Code, Problem};
use serde::{Deserialize, Serialize};
use web_kit::{IfMatch, Json, PathId, Query, Server, text};

#[derive(Debug, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    #[garde(custom(text::title(1, 20)))]
    pub(crate) title: String,
    #[serde(default)]
    #[garde(custom(text::multiline(0, 100)))]
    pub(crate) description: Option<String>,
    #[serde(default)]
    #[garde(skip)]
    pub(crate) status: Status,
    #[serde(default)]
    #[garde(dive, length(max = 3))]
    pub(crate) columns: Vec<Column>,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    #[default]
    Todo,
    Done,
}

#[derive(Debug, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
pub(crate) struct Column {
    #[garde(custom(text::line(1, 20)))]
    pub(crate) name: String,
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Filter {
    #[garde(range(min = 1, max = 200))]
    limit: Option<i64>,
    #[garde(skip)]
    cursor: Option<String>,
}

#[derive(Debug, thiserror::Error)]
#[error("the disk is full")]
struct DiskFull;

#[derive(Debug, thiserror::Error)]
#[error("the row was not written")]
struct NotWritten(#[source] DiskFull);

pub(crate) fn server() -> Server {
    Server::new(&settings()).public_routes(routes)
}

pub(crate) fn app() -> Running {
    start(server())
}

fn routes(cfg: &mut ServiceConfig) {
    cfg.service(
        web::resource("/api/drafts")
            .route(web::post().to(create))
            .route(web::get().to(list)),
    )
    .service(
        web::resource("/api/drafts/{id}")
            .route(web::get().to(read))
            .route(web::patch().to(edit)),
    )
    .service(web::resource("/api/numbers/{number}").route(web::get().to(number)))
    .service(web::resource("/api/fail").route(web::get().to(fail)))
    .service(web::resource("/api/fail-plainly").route(web::get().to(fail_plainly)))
    .service(web::resource("/api/panic").route(web::get().to(panics)))
    .service(
        web::resource("/api/never")
            .route(web::get().to(never))
            .route(web::post().to(never)),
    )
    .service(web::resource("/api/own-problem").route(web::get().to(own_problem)))
    .service(web::resource("/api/public").route(web::get().to(public)))
    .service(web::resource("/api/trace").route(web::get().to(trace)));
}

async fn create(draft: Json<Draft>) -> HttpResponse {
    HttpResponse::Created().json(&draft.0)
}

async fn list(filter: Query<Filter>) -> Result<HttpResponse, Problem> {
    let after = filter
        .cursor
        .as_deref()
        .map(web_kit::cursor::decode::<i64>)
        .transpose()?;
    Ok(HttpResponse::Ok().json(serde_json::json!({ "limit": filter.limit, "after": after })))
}

async fn read(id: PathId) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(web_kit::etag::header(7))
        .body(id.0.to_string())
}

async fn edit(_: PathId, seen: IfMatch, _: Json<Draft>) -> HttpResponse {
    HttpResponse::Ok().body(seen.0.to_string())
}

async fn number(number: web::Path<u32>) -> String {
    number.to_string()
}

async fn fail() -> Result<HttpResponse, Problem> {
    Err(Problem::internal(NotWritten(DiskFull)))
}

async fn fail_plainly() -> HttpResponse {
    HttpResponse::InternalServerError().finish()
}

#[expect(clippy::panic, reason = "what the test is about")]
async fn panics() -> HttpResponse {
    panic!("a handler that panics")
}

async fn never() -> HttpResponse {
    std::future::pending().await
}

async fn own_problem() -> HttpResponse {
    let mut answer = Problem::new(Code::Unauthenticated).response(None);
    let expired = actix_web::http::header::HeaderValue::from_static("session=; Max-Age=0");
    answer
        .headers_mut()
        .insert(actix_web::http::header::SET_COOKIE, expired);
    answer
}

async fn public() -> impl Responder {
    HttpResponse::Ok()
        .insert_header(("cache-control", "public, max-age=60"))
        .finish()
}

async fn trace() -> String {
    telemetry::traceparent().unwrap_or_default()
}
