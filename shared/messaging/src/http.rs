//! The producer's internal routes: its events and heads, for consumers that miss some.

use actix_web::guard::{GuardContext, fn_guard};
use actix_web::web::{self, Data, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use auth_token::ServiceCaller;
use chrono::{DateTime, Utc};
use postgres::{Database, DbError};
use problem::{Code, Problem};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::sources::{Events, Head, Heads};
use crate::store::log as store;

/// Events on a page.
const EVENTS: i64 = 100;
/// Rows of the log that a page of heads covers.
const ROWS: i64 = 5_000;

/// Registers `GET /internal/events` and `GET /internal/heads` for the log in this database, which is that of `source`,
/// such as `/task-service`. They are there for `readers` alone, the services that consume its events; who calls is told by
/// their token, so the server must hold a [`auth_token::Verifier`].
///
/// A request names the source it wants, so that several services can share one internal port.
pub fn internal_routes(
    db: Database,
    source: &'static str,
    readers: &'static [&'static str],
) -> impl Fn(&mut ServiceConfig) + Clone {
    move |config| {
        let log = Data::new(Log {
            db: db.clone(),
            readers,
        });
        let ours = move |request: &GuardContext<'_>| wants(request, source);
        let events = web::resource("/internal/events")
            .guard(fn_guard(ours))
            .app_data(log.clone());
        let heads = web::resource("/internal/heads")
            .guard(fn_guard(ours))
            .app_data(log);
        config
            .service(events.route(web::get().to(read_events)))
            .service(heads.route(web::get().to(read_heads)));
    }
}

/// A log, and who may read it.
struct Log {
    db: Database,
    readers: &'static [&'static str],
}

#[derive(Deserialize)]
struct Of {
    source: String,
}

fn wants(request: &GuardContext<'_>, source: &str) -> bool {
    let query = request.head().uri.query().unwrap_or_default();
    Query::<Of>::from_query(query).is_ok_and(|of| of.source == source)
}

#[derive(Deserialize)]
struct EventsQuery {
    stream: String,
    #[serde(default)]
    from: i64,
    to: Option<i64>,
}

async fn read_events(
    caller: ServiceCaller,
    request: HttpRequest,
    log: Data<Log>,
) -> Result<HttpResponse, Problem> {
    caller.only(log.readers)?;
    let query: EventsQuery = parse(&request)?;
    if query.stream.contains('\0') {
        return Err(Problem::new(Code::Invalid).field("stream", "must not contain U+0000"));
    }
    let mut conn = log.db.read().await?;
    let versions = query.from..=query.to.unwrap_or(i64::MAX);
    let items = store::stream(&mut conn, &query.stream, versions, EVENTS).await?;
    Ok(HttpResponse::Ok().json(Events { items }))
}

#[derive(Deserialize)]
struct HeadsQuery {
    since: Option<DateTime<Utc>>,
    #[serde(default)]
    types: String,
    cursor: Option<i64>,
}

async fn read_heads(
    caller: ServiceCaller,
    request: HttpRequest,
    log: Data<Log>,
) -> Result<HttpResponse, Problem> {
    caller.only(log.readers)?;
    let query: HeadsQuery = parse(&request)?;
    Ok(HttpResponse::Ok().json(page(&log.db, &query).await?))
}

async fn page(db: &Database, query: &HeadsQuery) -> Result<Heads, DbError> {
    let types: Vec<&str> = query
        .types
        .split(',')
        .filter(|name| !name.is_empty() && !name.contains('\0'))
        .collect();
    let mut conn = db.read().await?;
    let (now, before) = store::start(&mut conn, query.since).await?;
    let after = query.cursor.unwrap_or(before);
    let rows = store::heads(&mut conn, query.since, &types, after, ROWS).await?;
    let full = i64::try_from(rows.len()).is_ok_and(|rows| rows >= ROWS);
    let next = if full { rows.last().map(|row| row.id) } else { None };
    let mut highest = std::collections::BTreeMap::new();
    for row in rows {
        let version = highest.entry(row.stream).or_insert(row.version);
        *version = row.version.max(*version);
    }
    let items = highest
        .into_iter()
        .map(|(stream, version)| Head { stream, version })
        .collect();
    Ok(Heads { now, items, next })
}

fn parse<T: DeserializeOwned>(request: &HttpRequest) -> Result<T, Problem> {
    Query::<T>::from_query(request.query_string())
        .map(Query::into_inner)
        .map_err(|error| Problem::new(Code::MalformedRequest).detail(error.to_string()))
}
