//! What is kept of oneself: taking it along, and having it erased.

use actix_web::{
    HttpResponse,
    web::{self, Data},
};
use auth_token::Caller;
use garde::Validate;
use problem::Problem;
use serde::Deserialize;
use utoipa::ToSchema;
use web_kit::Json;

use super::{bodies::check_address, cookie};
use crate::{app::App, domain::address::Address, error::Error};

/// Body of `POST /api/auth/me/erase`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EraseMeBody {
    /// One's own address, typed to show that it is meant.
    #[garde(custom(check_address))]
    #[schema(max_length = 254, example = "minji@example.com")]
    email: String,
}

/// Erases who one is: one leaves every workspace, and no service keeps one's name or address. Tasks and comments stay,
/// and name nobody. Dangerous: wants a fresh proof of identity.
#[utoipa::path(
    post,
    path = "/api/auth/me/erase",
    operation_id = "eraseMe",
    extensions(("x-policy" = json!(["own_erasure"]))),
    tag = "me",
    request_body = EraseMeBody,
    security(("bearer" = [])),
    responses(
        (status = 204, description = "Erased; takes the refresh cookie away"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn erase(
    app: Data<App>,
    caller: Caller,
    body: Json<EraseMeBody>,
) -> Result<HttpResponse, Problem> {
    let typed = Address::parse(&body.email).map_err(|wrong| Error::invalid("email", wrong))?;
    app.erase_me((&caller).into(), typed).await?;
    Ok(HttpResponse::NoContent()
        .insert_header(cookie::clear(&app))
        .finish())
}

/// The routes of this file.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/api/auth/me/erase").route(web::post().to(erase)));
}
