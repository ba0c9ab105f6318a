//! Routes for other services, on the internal port.

use std::time::Duration;

use actix_web::{HttpResponse, web::Data};
use auth_token::ServiceCaller;
use garde::Validate;
use problem::Problem;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use web_kit::{PathId, Query, Stopping};

use crate::{app::App, clients::MAILER};

#[derive(Serialize)]
struct Link {
    url: String,
}

/// The link of an open invitation, for the mail that is about to be sent.
pub(super) async fn invitation_link(
    app: Data<App>,
    service: ServiceCaller,
    id: PathId,
) -> Result<HttpResponse, Problem> {
    service.only(&[MAILER])?;
    let url = app.invitation_link(id.0).await?;
    Ok(HttpResponse::Ok().json(Link { url }))
}

/// The link of an account's mail that is about to be sent.
pub(super) async fn account_link(
    app: Data<App>,
    service: ServiceCaller,
    id: PathId,
) -> Result<HttpResponse, Problem> {
    service.only(&[MAILER])?;
    let url = app.account_link(id.0).await?;
    Ok(HttpResponse::Ok().json(Link { url }))
}

#[derive(Serialize)]
struct Proof {
    fresh: bool,
    methods: Vec<&'static str>,
}

/// Whether a session has proved lately who its person is, for a dangerous act elsewhere.
pub(super) async fn proof(
    app: Data<App>,
    _service: ServiceCaller,
    id: PathId,
) -> Result<HttpResponse, Problem> {
    let (fresh, methods) = app.proof(id.0).await?;
    Ok(HttpResponse::Ok().json(Proof { fresh, methods }))
}

/// Where a follower stands on the feed of revocations, and how many seconds it will wait.
#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct FeedQuery {
    #[serde(default)]
    #[garde(range(min = 0))]
    after: i64,
    #[serde(default)]
    #[garde(range(max = 25))]
    wait: u64,
}

#[derive(Serialize)]
struct Feed {
    items: Vec<Entry>,
    next: i64,
}

#[derive(Serialize)]
struct Entry {
    session: Uuid,
    minimum_epoch: i64,
}

/// Revocations after a position, as soon as there are any. Every service may follow them.
pub(super) async fn revocations(
    app: Data<App>,
    _service: ServiceCaller,
    query: Query<FeedQuery>,
    stopping: Stopping,
) -> Result<HttpResponse, Problem> {
    let wait = Duration::from_secs(query.wait);
    let until = async {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = stopping.requested() => {}
        }
    };
    let found = app.revocations(query.after, until).await?;
    let next = found.last().map_or(query.after, |last| last.position);
    let items = found
        .into_iter()
        .map(|revocation| Entry {
            session: revocation.session,
            minimum_epoch: revocation.minimum_epoch,
        })
        .collect();
    Ok(HttpResponse::Ok().json(Feed { items, next }))
}
