//! What people look like.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH},
    web::{self, Data, ServiceConfig},
};
use auth_token::Caller;
use problem::Problem;
use utoipa::ToSchema;
use web_kit::{PathId, Raw};

use super::me::described;
use crate::{
    app::App,
    domain::picture::{MAX_BYTES, Picture},
    error::Error,
    views::Me,
};

/// A picture: PNG, JPEG or WebP.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its shape is used, in the document")]
pub(super) struct Image(Vec<u8>);

/// The routes of this file.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(
        web::resource("/api/auth/me/picture")
            .route(web::put().to(choose))
            .route(web::delete().to(remove)),
    )
    .service(web::resource("/api/members/{id}/picture").route(web::get().to(get)));
}

/// Reads a member's picture.
#[utoipa::path(
    get,
    path = "/api/members/{id}/picture",
    operation_id = "getMemberPicture",
    extensions(("x-policy" = json!(["members_read"]))),
    tag = "members",
    params(
        ("id" = Uuid, Path, description = "The person's id"),
        ("If-None-Match" = Option<String>, Header, description = "The version you have, in double quotes")
    ),
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The picture", headers(("ETag" = String, description = "Its version")), content(
            (Image = "image/png"), (Image = "image/jpeg"), (Image = "image/webp")
        )),
        (status = 304, description = "You have it"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn get(
    app: Data<App>,
    caller: Caller,
    id: PathId,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let picture = app.picture((&caller).into(), id.0).await?;
    let tag = format!("\"{}\"", picture.version);
    let known = request.headers().get(IF_NONE_MATCH);
    let known = known.is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut answer = if known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    // For this reader alone, and asked about each time: who was removed sees nobody any more.
    answer
        .insert_header((ETAG, tag))
        .insert_header((CACHE_CONTROL, "private, no-cache"));
    if known {
        return Ok(answer.finish());
    }
    Ok(answer.content_type(picture.media_type).body(picture.bytes))
}

/// Chooses one's own picture: a PNG, JPEG or WebP of at most 256 KiB with sides of at most 2,048 pixels.
#[utoipa::path(
    put,
    path = "/api/auth/me/picture",
    operation_id = "setMyPicture",
    extensions(("x-policy" = json!(["own_account"]))),
    tag = "me",
    request_body(content(
        (Image = "image/png"), (Image = "image/jpeg"), (Image = "image/webp")
    )),
    security(("bearer" = [])),
    responses(
        (status = 200, body = Me, description = "The profile", headers(("ETag" = String, description = "The version, for If-Match"))),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn choose(
    app: Data<App>,
    caller: Caller,
    body: Raw<MAX_BYTES>,
) -> Result<HttpResponse, Problem> {
    let picture = Picture::parse(body.0.into())
        .map_err(|unfit| Error::invalid_because("picture", unfit.word(), unfit))?;
    Ok(described(app.set_picture((&caller).into(), Some(picture)).await?))
}

/// Chooses to have no picture.
#[utoipa::path(
    delete,
    path = "/api/auth/me/picture",
    operation_id = "removeMyPicture",
    extensions(("x-policy" = json!(["own_account"]))),
    tag = "me",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Me, description = "The profile", headers(("ETag" = String, description = "The version, for If-Match"))),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn remove(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    Ok(described(app.set_picture((&caller).into(), None).await?))
}
