//! The live feed.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::web::{self, Data, ServiceConfig};
use auth_token::Caller;
use policy::Operation;
use problem::Problem;
use web_kit::{PathId, Query, Stopping};

use super::params::ChangesQuery;
use crate::app::App;
use crate::views::Changes;

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/api/boards/{id}/changes").route(web::get().to(follow)));
}

/// Follow the changes of a board
///
/// Answers as soon as there is a change after the position, at the latest after `wait` seconds. Each item carries the
/// present state of what was changed; drop what you have in the same or a later version.
#[utoipa::path(get, path = "/api/boards/{id}/changes", operation_id = "followChanges",
    extensions(("x-policy" = json!(["board_read"]))),
    tag = "boards",
    params(("id" = Uuid, Path), ChangesQuery), responses((status = 200, body = Changes)), security(("bearer" = [])))]
pub(super) async fn follow(
    caller: Caller,
    id: PathId,
    query: Query<ChangesQuery>,
    app: Data<App>,
    stopping: Stopping,
) -> Result<HttpResponse, Problem> {
    caller.require(Operation::BoardRead)?;
    let wait = Duration::from_secs(query.wait);
    let changes = app
        .changes(&caller, (id.0, query.after), wait, stopping.requested())
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .json(changes))
}
