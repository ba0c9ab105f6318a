//! The signed-in person.

use actix_web::{HttpResponse, web::Data};
use auth_token::Caller;
use problem::Problem;
use web_kit::{Idempotency, IfMatch, Json, etag};

use super::{
    bodies::EditMeBody,
    sessions::{language, time_zone},
};
use crate::{app::App, commands::edit_me::EditMe, domain::profile::Name, error::Error, views::Me};

/// Reads one's own profile.
#[utoipa::path(
    get,
    path = "/api/auth/me",
    operation_id = "getMe",
    extensions(("x-policy" = json!(["own_account"]))),
    tag = "me",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Me, description = "The profile", headers(("ETag" = String, description = "The version, for If-Match"))),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn get_me(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    Ok(described(app.me((&caller).into()).await?))
}

/// Changes one's own name, language or time zone.
#[utoipa::path(
    patch,
    path = "/api/auth/me",
    operation_id = "editMe",
    extensions(("x-policy" = json!(["own_account"]))),
    tag = "me",
    request_body = EditMeBody,
    params(
        ("If-Match" = String, Header, description = "The version you have seen, in double quotes"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the request again")
    ),
    security(("bearer" = [])),
    responses(
        (status = 200, body = Me, description = "The profile", headers(("ETag" = String, description = "The version, for If-Match"))),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn edit_me(
    app: Data<App>,
    caller: Caller,
    version: IfMatch,
    key: Idempotency,
    body: Json<EditMeBody>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let name = body.name.as_deref().map(Name::parse).transpose();
    let wanted = EditMe {
        name: name.map_err(|wrong| Error::invalid("name", wrong))?,
        language: language(body.language.as_deref())?,
        time_zone: time_zone(body.time_zone.as_deref())?,
        version: version.0,
    };
    Ok(described(
        app.edit_me((&caller).into(), wanted, key.into_inner()).await?,
    ))
}

pub(super) fn described(me: Me) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(etag::header(me.version))
        .json(me)
}
