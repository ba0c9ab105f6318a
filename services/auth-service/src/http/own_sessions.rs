//! One's own sessions, and proving once more who one is.

use actix_web::{
    HttpResponse,
    web::{self, Data},
};
use auth_token::Caller;
use problem::Problem;
use serde::Serialize;
use utoipa::ToSchema;
use web_kit::{Json, Page, PathId};

use super::{
    account_bodies::{PresentCodeBody, StepUpBody, code},
    arrival::From,
    sessions::opened_session,
};
use crate::{
    app::App,
    views::{self, Proven, SessionView},
};

/// How many sessions ended.
#[derive(Serialize, ToSchema)]
pub(super) struct Ended {
    ended: usize,
}

/// The second half of a sign-in: a code for the ticket that the right password gave.
#[utoipa::path(
    post,
    path = "/api/auth/sign-in/second-factor",
    operation_id = "presentCode",
    extensions(("x-policy" = json!(["open"]))),
    tag = "sessions",
    request_body = PresentCodeBody,
    security(()),
    responses(
        (status = 200, body = views::Session, description = "Signed in; sets the refresh cookie"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn present_code(
    app: Data<App>,
    from: From,
    body: Json<PresentCodeBody>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let code = code(&body.code)?;
    let opened = app.present_code(body.ticket, code, from.0).await?;
    Ok(opened_session(&app, HttpResponse::Ok(), opened))
}

/// Proves once more who one is; for five minutes dangerous acts are allowed.
#[utoipa::path(
    post,
    path = "/api/auth/step-up",
    operation_id = "stepUp",
    extensions(("x-policy" = json!(["own_account"]))),
    tag = "sessions",
    request_body = StepUpBody,
    security(("bearer" = [])),
    responses(
        (status = 200, body = Proven, description = "Proven"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn step_up(
    app: Data<App>,
    caller: Caller,
    from: From,
    body: Json<StepUpBody>,
) -> Result<HttpResponse, Problem> {
    let proof = body.into_inner().proof()?;
    let proven = app.step_up((&caller).into(), proof, from.0).await?;
    Ok(HttpResponse::Ok().json(proven))
}

/// Lists one's own sessions in every workspace, the latest used first.
#[utoipa::path(
    get,
    path = "/api/auth/sessions",
    operation_id = "listSessions",
    extensions(("x-policy" = json!(["own_account"]))),
    tag = "sessions",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Page<SessionView>, description = "The live sessions"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn list(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    let items = app.sessions((&caller).into()).await?;
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

/// Ends one of one's own sessions. Its tokens stop to count everywhere within two seconds.
#[utoipa::path(
    delete,
    path = "/api/auth/sessions/{id}",
    operation_id = "endSession",
    extensions(("x-policy" = json!(["own_account"]))),
    tag = "sessions",
    params(("id" = Uuid, Path, description = "The session's id")),
    security(("bearer" = [])),
    responses(
        (status = 204, description = "Ended"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn end(
    app: Data<App>,
    caller: Caller,
    from: From,
    id: PathId,
) -> Result<HttpResponse, Problem> {
    app.end_session((&caller).into(), id.0, from.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Ends all of one's own sessions but the present one.
#[utoipa::path(
    post,
    path = "/api/auth/sessions/end-others",
    operation_id = "endOtherSessions",
    extensions(("x-policy" = json!(["own_account"]))),
    tag = "sessions",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Ended, description = "How many ended"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn end_others(app: Data<App>, caller: Caller, from: From) -> Result<HttpResponse, Problem> {
    let ended = app.end_other_sessions((&caller).into(), from.0).await?;
    Ok(HttpResponse::Ok().json(Ended { ended }))
}

/// The routes of this file.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/api/auth/sign-in/second-factor").route(web::post().to(present_code)))
        .service(web::resource("/api/auth/step-up").route(web::post().to(step_up)))
        .service(web::resource("/api/auth/sessions").route(web::get().to(list)))
        .service(web::resource("/api/auth/sessions/end-others").route(web::post().to(end_others)))
        .service(web::resource("/api/auth/sessions/{id}").route(web::delete().to(end)));
}
