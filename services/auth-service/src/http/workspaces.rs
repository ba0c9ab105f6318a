//! The workspaces of a person.

use actix_web::{
    HttpResponse,
    web::{self, Data},
};
use auth_token::Caller;
use problem::Problem;
use web_kit::{Idempotency, Json, Page, PathId};

use super::{account_bodies::WorkspaceBody, arrival::From, sessions::opened_session};
use crate::{
    app::App,
    domain::profile::Name,
    error::Error,
    views::{self, WorkspaceItem},
};

/// Lists the workspaces one belongs to, by name.
#[utoipa::path(
    get,
    path = "/api/auth/workspaces",
    operation_id = "listWorkspaces",
    extensions(("x-policy" = json!(["own_account"]))),
    tag = "workspaces",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Page<WorkspaceItem>, description = "The workspaces"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn list(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    let items = app.workspaces((&caller).into()).await?;
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

/// Makes another workspace, of which one is the first admin, and signs in to it.
#[utoipa::path(
    post,
    path = "/api/auth/workspaces",
    operation_id = "createWorkspace",
    extensions(("x-policy" = json!(["own_account"]))),
    tag = "workspaces",
    request_body = WorkspaceBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the request again")),
    security(("bearer" = [])),
    responses(
        (status = 201, body = views::Session, description = "Made, and signed in to it; sets the refresh cookie"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn create(
    app: Data<App>,
    caller: Caller,
    from: From,
    key: Idempotency,
    body: Json<WorkspaceBody>,
) -> Result<HttpResponse, Problem> {
    let name = Name::parse(&body.name).map_err(|wrong| Error::invalid("name", wrong))?;
    let opened = app
        .found_workspace((&caller).into(), name, from.0, key.into_inner())
        .await?;
    Ok(opened_session(&app, HttpResponse::Created(), opened))
}

/// Goes on in another workspace without signing in again; the present session ends.
#[utoipa::path(
    post,
    path = "/api/auth/workspaces/{id}/switch",
    operation_id = "switchWorkspace",
    extensions(("x-policy" = json!(["own_account"]))),
    tag = "workspaces",
    params(("id" = Uuid, Path, description = "The workspace's id")),
    security(("bearer" = [])),
    responses(
        (status = 200, body = views::Session, description = "Signed in there; sets the refresh cookie"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn switch(
    app: Data<App>,
    caller: Caller,
    from: From,
    id: PathId,
) -> Result<HttpResponse, Problem> {
    let opened = app.switch_workspace((&caller).into(), id.0, from.0).await?;
    Ok(opened_session(&app, HttpResponse::Ok(), opened))
}

/// Leaves a workspace; one's sessions there end. Dangerous: wants a fresh proof of identity.
#[utoipa::path(
    post,
    path = "/api/auth/workspaces/{id}/leave",
    operation_id = "leaveWorkspace",
    extensions(("x-policy" = json!(["workspace_leave"]))),
    tag = "workspaces",
    params(("id" = Uuid, Path, description = "The workspace's id")),
    security(("bearer" = [])),
    responses(
        (status = 204, description = "Left"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn leave(app: Data<App>, caller: Caller, id: PathId) -> Result<HttpResponse, Problem> {
    app.leave_workspace((&caller).into(), id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The routes of this file.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/api/auth/workspaces")
            .route(web::get().to(list))
            .route(web::post().to(create)),
    )
    .service(web::resource("/api/auth/workspaces/{id}/switch").route(web::post().to(switch)))
    .service(web::resource("/api/auth/workspaces/{id}/leave").route(web::post().to(leave)));
}
