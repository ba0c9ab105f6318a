//! Passkeys: one's own, and signing in with one.

use actix_web::{
    HttpResponse,
    web::{self, Data},
};
use auth_token::Caller;
use garde::Validate;
use problem::Problem;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use web_kit::{Json, PathId};

use super::{arrival::From, bodies::check_name, sessions::opened_session};
use crate::{
    app::App,
    domain::profile::Name,
    error::Error,
    views::{self, PasskeyAdded, Question},
};

/// Body of `POST /api/auth/mfa/passkeys`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPasskeyBody {
    /// What the beginning gave.
    #[garde(skip)]
    #[schema(value_type = String)]
    ceremony: SecretString,
    /// What the owner calls it.
    #[garde(custom(check_name))]
    #[schema(min_length = 1, max_length = 100, example = "My phone")]
    name: String,
    /// What the browser made: `credential.toJSON()`.
    #[garde(skip)]
    #[schema(value_type = Object)]
    credential: Value,
}

/// Body of `POST /api/auth/passkeys/begin`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BeginBody {
    /// What the right password gave, when the passkey is the second factor.
    #[serde(default)]
    #[garde(skip)]
    #[schema(value_type = Option<String>)]
    ticket: Option<SecretString>,
}

/// Body of `POST /api/auth/passkeys/sign-in`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasskeyBody {
    /// What the beginning gave.
    #[garde(skip)]
    #[schema(value_type = String)]
    ceremony: SecretString,
    /// What the browser gave: `credential.toJSON()`.
    #[garde(skip)]
    #[schema(value_type = Object)]
    credential: Value,
}

/// The routes.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/api/auth/mfa/passkeys/begin").route(web::post().to(begin_enrolment)))
        .service(web::resource("/api/auth/mfa/passkeys").route(web::post().to(enrol)))
        .service(web::resource("/api/auth/mfa/passkeys/{id}").route(web::delete().to(remove)))
        .service(web::resource("/api/auth/passkeys/begin").route(web::post().to(begin)))
        .service(web::resource("/api/auth/passkeys/sign-in").route(web::post().to(sign_in)))
        .service(web::resource("/api/auth/step-up/passkey").route(web::post().to(begin_proof)));
}

/// Asks the browser for a new passkey. Dangerous: wants a fresh proof of identity.
#[utoipa::path(
    post,
    path = "/api/auth/mfa/passkeys/begin",
    operation_id = "beginPasskey",
    extensions(("x-policy" = json!(["second_factor_change"]))),
    tag = "account",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Question, description = "What to ask the browser"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn begin_enrolment(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(app.begin_passkey((&caller).into()).await?))
}

/// Adds a passkey. Dangerous: wants a fresh proof of identity.
#[utoipa::path(
    post,
    path = "/api/auth/mfa/passkeys",
    operation_id = "addPasskey",
    extensions(("x-policy" = json!(["second_factor_change"]))),
    tag = "account",
    request_body = NewPasskeyBody,
    security(("bearer" = [])),
    responses(
        (status = 201, body = PasskeyAdded, description = "Added; a mail tells of it"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn enrol(
    app: Data<App>,
    caller: Caller,
    from: From,
    body: Json<NewPasskeyBody>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let name = Name::parse(&body.name).map_err(|wrong| Error::invalid("name", wrong))?;
    let added = app
        .add_passkey((&caller).into(), &body.ceremony, name, body.credential, from.0)
        .await?;
    Ok(HttpResponse::Created().json(added))
}

/// Removes a passkey. Dangerous: wants a fresh proof of identity.
#[utoipa::path(
    delete,
    path = "/api/auth/mfa/passkeys/{id}",
    operation_id = "removePasskey",
    extensions(("x-policy" = json!(["second_factor_change"]))),
    tag = "account",
    params(("id" = uuid::Uuid, Path, description = "The passkey")),
    security(("bearer" = [])),
    responses(
        (status = 204, description = "Removed; a mail tells of it"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn remove(
    app: Data<App>,
    caller: Caller,
    from: From,
    id: PathId,
) -> Result<HttpResponse, Problem> {
    app.remove_passkey((&caller).into(), id.0, from.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Asks the browser for a passkey: of anybody, or of whoever gave the right password.
#[utoipa::path(
    post,
    path = "/api/auth/passkeys/begin",
    operation_id = "beginPasskeySignIn",
    extensions(("x-policy" = json!(["open"]))),
    tag = "sessions",
    request_body = BeginBody,
    security(()),
    responses(
        (status = 200, body = Question, description = "What to ask the browser"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn begin(app: Data<App>, body: Json<BeginBody>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(app.begin_passkey_sign_in(body.into_inner().ticket).await?))
}

/// Signs in with a passkey, to the workspace used last.
#[utoipa::path(
    post,
    path = "/api/auth/passkeys/sign-in",
    operation_id = "signInWithPasskey",
    extensions(("x-policy" = json!(["open"]))),
    tag = "sessions",
    request_body = PasskeyBody,
    security(()),
    responses(
        (status = 200, body = views::Session, description = "Signed in; sets the refresh cookie"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn sign_in(
    app: Data<App>,
    from: From,
    body: Json<PasskeyBody>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let opened = app
        .passkey_sign_in(&body.ceremony, body.credential, from.0)
        .await?;
    Ok(opened_session(&app, HttpResponse::Ok(), opened))
}

/// Asks the browser for one of the caller's passkeys, to prove who they are.
#[utoipa::path(
    post,
    path = "/api/auth/step-up/passkey",
    operation_id = "beginPasskeyStepUp",
    extensions(("x-policy" = json!(["own_account"]))),
    tag = "sessions",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Question, description = "What to ask the browser"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn begin_proof(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(app.begin_passkey_proof((&caller).into()).await?))
}
