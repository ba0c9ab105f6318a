//! The workspace one is signed in to.

use actix_web::{
    HttpResponse,
    web::{self, Data},
};
use auth_token::Caller;
use garde::Validate;
use problem::Problem;
use serde::Deserialize;
use utoipa::ToSchema;
use web_kit::{Idempotency, IfMatch, Json, etag};

use super::{arrival::From, bodies::check_name};
use crate::{
    app::App, commands::edit_workspace::EditWorkspace, domain::profile::Name, error::Error,
    views::WorkspaceSettings,
};

/// Body of `PATCH /api/workspace`; what is absent stays.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditWorkspaceBody {
    /// New name.
    #[serde(default, deserialize_with = "web_kit::patch::given")]
    #[garde(inner(custom(check_name)))]
    #[schema(nullable = false, min_length = 1, max_length = 100)]
    name: Option<String>,
    /// Whether everybody must have a second factor.
    #[serde(default, deserialize_with = "web_kit::patch::given")]
    #[garde(skip)]
    #[schema(nullable = false)]
    require_second_factor: Option<bool>,
}

/// Body of `DELETE /api/workspace`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeleteWorkspaceBody {
    /// The workspace's name, typed to show that it is meant.
    #[garde(custom(check_name))]
    #[schema(min_length = 1, max_length = 100)]
    name: String,
}

/// Reads the name and the rules of the workspace.
#[utoipa::path(
    get,
    path = "/api/workspace",
    operation_id = "getWorkspace",
    extensions(("x-policy" = json!(["workspace_read"]))),
    tag = "workspaces",
    security(("bearer" = [])),
    responses(
        (status = 200, body = WorkspaceSettings, description = "The workspace", headers(("ETag" = String, description = "The version, for If-Match"))),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn get(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    Ok(described(app.workspace((&caller).into()).await?))
}

/// Changes the name or the rules of the workspace. Dangerous: wants a fresh proof of identity.
#[utoipa::path(
    patch,
    path = "/api/workspace",
    operation_id = "editWorkspace",
    extensions(("x-policy" = json!(["workspace_settings"]))),
    tag = "workspaces",
    request_body = EditWorkspaceBody,
    params(
        ("If-Match" = String, Header, description = "The version you have seen, in double quotes"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the request again")
    ),
    security(("bearer" = [])),
    responses(
        (status = 200, body = WorkspaceSettings, description = "The workspace", headers(("ETag" = String, description = "The version, for If-Match"))),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn edit(
    app: Data<App>,
    caller: Caller,
    from: From,
    version: IfMatch,
    key: Idempotency,
    body: Json<EditWorkspaceBody>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let name = body.name.as_deref().map(Name::parse).transpose();
    let wanted = EditWorkspace {
        name: name.map_err(|wrong| Error::invalid("name", wrong))?,
        require_second_factor: body.require_second_factor,
        version: version.0,
    };
    let edited = app
        .edit_workspace((&caller).into(), wanted, from.0, key.into_inner())
        .await?;
    Ok(described(edited))
}

/// Deletes the workspace: every membership and every session of it ends. Dangerous: wants a fresh proof of identity.
#[utoipa::path(
    delete,
    path = "/api/workspace",
    operation_id = "deleteWorkspace",
    extensions(("x-policy" = json!(["workspace_delete"]))),
    tag = "workspaces",
    request_body = DeleteWorkspaceBody,
    security(("bearer" = [])),
    responses(
        (status = 204, description = "Deleted"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn delete(
    app: Data<App>,
    caller: Caller,
    from: From,
    body: Json<DeleteWorkspaceBody>,
) -> Result<HttpResponse, Problem> {
    let name = Name::parse(&body.name).map_err(|wrong| Error::invalid("name", wrong))?;
    app.delete_workspace((&caller).into(), name, from.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn described(workspace: WorkspaceSettings) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(etag::header(workspace.version))
        .json(workspace)
}

/// The routes of this file.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/api/workspace")
            .route(web::get().to(get))
            .route(web::patch().to(edit))
            .route(web::delete().to(delete)),
    );
}
