//! Boards.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};
use auth_token::Caller;
use policy::Operation;
use problem::Problem;
use uuid::Uuid;
use web_kit::{DEFAULT_LIMIT, Idempotency, IfMatch, Json, Page, PathId, Query, cursor};

use super::params::BoardQuery;
use super::requests::{CreateBoard, EditBoard};
use super::{by, created, versioned, written};
use crate::app::App;
use crate::domain::search::composed;
use crate::views::{Board, BoardPage};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(
        web::resource("/api/boards")
            .route(web::get().to(list))
            .route(web::post().to(create)),
    )
    .service(
        web::resource("/api/boards/{id}")
            .route(web::get().to(read))
            .route(web::patch().to(edit))
            .route(web::delete().to(delete)),
    )
    .service(web::resource("/api/boards/{id}/restore").route(web::post().to(restore)));
}

/// Boards of the workspace
///
/// In the order of their creation.
#[utoipa::path(get, path = "/api/boards", operation_id = "listBoards",
    extensions(("x-policy" = json!(["board_read"]))),
    tag = "boards", params(BoardQuery),
    responses((status = 200, body = Page<Board>)), security(("bearer" = [])))]
pub(super) async fn list(
    caller: Caller,
    app: Data<App>,
    query: Query<BoardQuery>,
) -> Result<HttpResponse, Problem> {
    caller.require(Operation::BoardRead)?;
    let after: Option<Uuid> = query.cursor.as_deref().map(cursor::decode).transpose()?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let rows = app.list_boards(&caller, query.deleted, after, limit + 1).await?;
    Ok(HttpResponse::Ok().json(Page::of(rows, limit, |board| board.id)?))
}

/// Create a board
#[utoipa::path(post, path = "/api/boards", operation_id = "createBoard",
    extensions(("x-policy" = json!(["board_create"]))),
    tag = "boards", request_body = CreateBoard,
    responses((status = 201, body = Board, headers(("ETag" = String), ("Location" = String)))),
    security(("bearer" = [])))]
pub(super) async fn create(
    caller: Caller,
    key: Idempotency,
    app: Data<App>,
    body: Json<CreateBoard>,
) -> Result<HttpResponse, Problem> {
    let board = app
        .create_board(by(caller, key), body.into_inner().into())
        .await?;
    Ok(created(
        &board,
        board.version,
        format!("/api/boards/{}", board.id),
    ))
}

/// A board with everything on it
///
/// Columns, cards of at most 500 bytes, and the position on the feed from which to follow changes, all as they were
/// at one moment.
#[utoipa::path(get, path = "/api/boards/{id}", operation_id = "getBoard",
    extensions(("x-policy" = json!(["board_read"]))),
    tag = "boards",
    params(("id" = Uuid, Path)), responses((status = 200, body = BoardPage, headers(("ETag" = String)))),
    security(("bearer" = [])))]
pub(super) async fn read(caller: Caller, id: PathId, app: Data<App>) -> Result<HttpResponse, Problem> {
    caller.require(Operation::BoardRead)?;
    let board = app.read_board(&caller, id.0).await?;
    Ok(written(board.json, board.version))
}

/// Rename a board
#[utoipa::path(patch, path = "/api/boards/{id}", operation_id = "editBoard",
    extensions(("x-policy" = json!(["board_edit"]))),
    tag = "boards",
    params(("id" = Uuid, Path)), request_body = EditBoard,
    responses((status = 200, body = Board, headers(("ETag" = String)))), security(("bearer" = [])))]
pub(super) async fn edit(
    caller: Caller,
    id: PathId,
    seen: IfMatch,
    (key, app): (Idempotency, Data<App>),
    body: Json<EditBoard>,
) -> Result<HttpResponse, Problem> {
    let name = body.into_inner().name.as_deref().map(composed);
    let board = app.edit_board(by(caller, key), id.0, seen.0, name).await?;
    Ok(versioned(HttpResponse::Ok(), &board, board.version))
}

/// Put a board into the trash
///
/// With everything on it; nothing of it can be seen until it is restored.
#[utoipa::path(delete, path = "/api/boards/{id}", operation_id = "deleteBoard",
    extensions(("x-policy" = json!(["board_delete"]))),
    tag = "boards",
    params(("id" = Uuid, Path)), responses((status = 200, body = Board, headers(("ETag" = String)))),
    security(("bearer" = [])))]
pub(super) async fn delete(
    caller: Caller,
    id: PathId,
    seen: IfMatch,
    key: Idempotency,
    app: Data<App>,
) -> Result<HttpResponse, Problem> {
    let board = app.delete_board(by(caller, key), id.0, seen.0).await?;
    Ok(versioned(HttpResponse::Ok(), &board, board.version))
}

/// Take a board out of the trash
#[utoipa::path(post, path = "/api/boards/{id}/restore", operation_id = "restoreBoard",
    extensions(("x-policy" = json!(["board_delete"]))),
    tag = "boards",
    params(("id" = Uuid, Path)), responses((status = 200, body = Board, headers(("ETag" = String)))),
    security(("bearer" = [])))]
pub(super) async fn restore(
    caller: Caller,
    id: PathId,
    seen: IfMatch,
    key: Idempotency,
    app: Data<App>,
) -> Result<HttpResponse, Problem> {
    let board = app.restore_board(by(caller, key), id.0, seen.0).await?;
    Ok(versioned(HttpResponse::Ok(), &board, board.version))
}
