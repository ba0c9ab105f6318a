//! Comments.

use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;
use actix_web::web::{self, Data, ServiceConfig};
use auth_token::Caller;
use policy::Operation;
use problem::Problem;
use web_kit::{Idempotency, Json, Page, PageQuery, PathId, Query};

use super::by;
use super::requests::CreateComment;
use crate::app::App;
use crate::domain::search::composed;
use crate::views::Comment;

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(
        web::resource("/api/tasks/{id}/comments")
            .route(web::get().to(list))
            .route(web::post().to(create)),
    );
}

/// Comments on a task
///
/// The oldest first.
#[utoipa::path(get, path = "/api/tasks/{id}/comments", operation_id = "listComments",
    extensions(("x-policy" = json!(["board_read"]))),
    tag = "tasks",
    params(("id" = Uuid, Path), PageQuery), responses((status = 200, body = Page<Comment>)),
    security(("bearer" = [])))]
pub(super) async fn list(
    caller: Caller,
    id: PathId,
    app: Data<App>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    caller.require(Operation::BoardRead)?;
    let limit = query.limit();
    let rows = app
        .list_comments(&caller, id.0, query.after()?, limit + 1)
        .await?;
    Ok(HttpResponse::Ok().json(Page::of(rows, limit, |comment| comment.id)?))
}

/// Comment on a task
#[utoipa::path(post, path = "/api/tasks/{id}/comments", operation_id = "createComment",
    extensions(("x-policy" = json!(["comment_create"]))),
    tag = "tasks",
    params(("id" = Uuid, Path)), request_body = CreateComment,
    responses((status = 201, body = Comment, headers(("Location" = String)))), security(("bearer" = [])))]
pub(super) async fn create(
    caller: Caller,
    id: PathId,
    key: Idempotency,
    app: Data<App>,
    body: Json<CreateComment>,
) -> Result<HttpResponse, Problem> {
    let comment = app
        .comment_on_task(by(caller, key), id.0, composed(&body.body))
        .await?;
    let location = format!("/api/tasks/{}/comments", id.0);
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, location))
        .json(comment))
}
