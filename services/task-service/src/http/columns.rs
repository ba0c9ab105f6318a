//! Columns.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};
use auth_token::Caller;
use problem::{Code, Problem};
use uuid::Uuid;
use web_kit::{Idempotency, IfMatch, Json, PathId};

use super::requests::{CreateColumn, EditColumn, MoveColumn};
use super::{by, created, versioned};
use crate::app::App;
use crate::commands::{ColumnDraft, NewColumnDraft};
use crate::domain::place::Target;
use crate::domain::search::composed;
use crate::views::BoardColumn;

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/api/boards/{id}/columns").route(web::post().to(create)))
        .service(
            web::resource("/api/columns/{id}")
                .route(web::patch().to(edit))
                .route(web::delete().to(delete)),
        )
        .service(web::resource("/api/columns/{id}/move").route(web::post().to(relocate)));
}

/// The place that a request names.
pub(super) fn target(before: Option<Uuid>, after: Option<Uuid>) -> Result<Target, Problem> {
    let both = || Problem::new(Code::Invalid).field("after", "must not be given together with before");
    Target::of(before, after).ok_or_else(both)
}

/// Add a column to a board
#[utoipa::path(post, path = "/api/boards/{id}/columns", operation_id = "createColumn",
    extensions(("x-policy" = json!(["column_edit"]))),
    tag = "columns",
    params(("id" = Uuid, Path)), request_body = CreateColumn,
    responses((status = 201, body = BoardColumn, headers(("ETag" = String), ("Location" = String)))),
    security(("bearer" = [])))]
pub(super) async fn create(
    caller: Caller,
    id: PathId,
    key: Idempotency,
    app: Data<App>,
    body: Json<CreateColumn>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let target = target(body.before, body.after)?;
    let column = ColumnDraft {
        name: composed(&body.name),
        status: body.status,
    };
    let column = app
        .create_column(
            by(caller, key),
            NewColumnDraft {
                board: id.0,
                column,
                target,
            },
        )
        .await?;
    Ok(created(
        &column,
        column.version,
        format!("/api/columns/{}", column.id),
    ))
}

/// Rename a column, or give it another status
#[utoipa::path(patch, path = "/api/columns/{id}", operation_id = "editColumn",
    extensions(("x-policy" = json!(["column_edit"]))),
    tag = "columns",
    params(("id" = Uuid, Path)), request_body = EditColumn,
    responses((status = 200, body = BoardColumn, headers(("ETag" = String)))), security(("bearer" = [])))]
pub(super) async fn edit(
    caller: Caller,
    id: PathId,
    seen: IfMatch,
    (key, app): (Idempotency, Data<App>),
    body: Json<EditColumn>,
) -> Result<HttpResponse, Problem> {
    let EditColumn { name, status } = body.into_inner();
    let edit = (name.as_deref().map(composed), status);
    let column = app.edit_column(by(caller, key), id.0, seen.0, edit).await?;
    Ok(versioned(HttpResponse::Ok(), &column, column.version))
}

/// Move a column on its board
#[utoipa::path(post, path = "/api/columns/{id}/move", operation_id = "moveColumn",
    extensions(("x-policy" = json!(["column_edit"]))),
    tag = "columns",
    params(("id" = Uuid, Path)), request_body = MoveColumn,
    responses((status = 200, body = BoardColumn, headers(("ETag" = String)))), security(("bearer" = [])))]
pub(super) async fn relocate(
    caller: Caller,
    id: PathId,
    seen: IfMatch,
    (key, app): (Idempotency, Data<App>),
    body: Json<MoveColumn>,
) -> Result<HttpResponse, Problem> {
    let target = target(body.before, body.after)?;
    let column = app.move_column(by(caller, key), id.0, seen.0, target).await?;
    Ok(versioned(HttpResponse::Ok(), &column, column.version))
}

/// Take an empty column off its board
#[utoipa::path(delete, path = "/api/columns/{id}", operation_id = "deleteColumn",
    extensions(("x-policy" = json!(["column_edit"]))),
    tag = "columns",
    params(("id" = Uuid, Path)), responses((status = 204)), security(("bearer" = [])))]
pub(super) async fn delete(
    caller: Caller,
    id: PathId,
    seen: IfMatch,
    key: Idempotency,
    app: Data<App>,
) -> Result<HttpResponse, Problem> {
    app.delete_column(by(caller, key), id.0, seen.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
