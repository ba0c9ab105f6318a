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
use web_kit::{
    Json,
    download::{PAGE, download, pages},
};

use super::{bodies::check_address, cookie};
use crate::{app::App, domain::address::Address, error::Error, store::export::List};

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

/// Gives what is kept of oneself, as a file: profile and picture, memberships, sessions, invitations one made, and what the security
/// log says of one's account, in every workspace. Dangerous: wants a fresh proof of identity.
#[utoipa::path(
    get,
    path = "/api/auth/me/export",
    operation_id = "exportMe",
    extensions(("x-policy" = json!(["own_export"]))),
    tag = "me",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Object, content_type = "application/json", description = "The lists, each under its name"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn export(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    app.check_export((&caller).into()).await?;
    let person = caller.person;
    let list = |list: List| {
        let app = app.clone();
        pages(move |after| {
            let app = app.clone();
            async move { Ok(app.export(list, person, after, PAGE).await?) }
        })
    };
    let incidents = app.clone();
    let incidents = pages(move |after| {
        let app = incidents.clone();
        async move { Ok(app.export_incidents(person, after, PAGE).await?) }
    });
    let lists = vec![
        ("profile", list(List::Profile)),
        ("memberships", list(List::Memberships)),
        ("sessions", list(List::Sessions)),
        ("passkeys", list(List::Passkeys)),
        ("identities", list(List::Identities)),
        ("picture", list(List::Picture)),
        ("invitations", list(List::Invitations)),
        ("security", incidents),
    ];
    Ok(download("onus-account.json", lists))
}

/// The routes of this file.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/api/auth/me/export").route(web::get().to(export)));
    cfg.service(web::resource("/api/auth/me/erase").route(web::post().to(erase)));
}
