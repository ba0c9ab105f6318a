//! Signing up: the very first person at once, everybody else by a link that is mailed to them.

use actix_web::{
    HttpResponse,
    web::{self, Data, ServiceConfig},
};
use garde::Validate;
use problem::Problem;
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use web_kit::{Json, OpenIdempotency};

use super::{
    arrival::From,
    bodies::{check_address, check_language, check_name, check_new_password, check_time_zone},
    sessions::{language, opened_session, time_zone},
};
use crate::{
    app::App,
    commands::sign_up::{By, SignUp},
    domain::{
        address::Address,
        password::Password,
        profile::{Name, TimeZone},
    },
    error::Error,
    views::{self, LanguageCode},
};

/// The routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/api/auth/sign-up").route(web::post().to(sign_up)))
        .service(web::resource("/api/auth/sign-up/begin").route(web::post().to(begin_sign_up)))
        .service(web::resource("/api/auth/sign-up/complete").route(web::post().to(complete_sign_up)));
}

/// Body of `POST /api/auth/sign-up`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignUpBody {
    /// Will be trimmed and lower-cased.
    #[garde(custom(check_address))]
    #[schema(max_length = 254, example = "minji@example.com")]
    email: String,
    /// The password to be.
    #[garde(custom(check_new_password))]
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    password: SecretString,
    /// Display name.
    #[garde(custom(check_name))]
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Name of the workspace to be.
    #[garde(custom(check_name))]
    #[schema(min_length = 1, max_length = 100)]
    workspace_name: String,
    /// English when absent.
    #[serde(default)]
    #[garde(inner(custom(check_language)))]
    #[schema(value_type = Option<LanguageCode>)]
    language: Option<String>,
    /// IANA name; UTC when absent.
    #[serde(default)]
    #[garde(inner(custom(check_time_zone)))]
    #[schema(example = "Asia/Seoul")]
    time_zone: Option<String>,
}

/// Body of `POST /api/auth/sign-up/begin`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BeginSignUpBody {
    /// Will be trimmed and lower-cased.
    #[garde(custom(check_address))]
    #[schema(max_length = 254, example = "minji@example.com")]
    email: String,
    /// The language of the mail; English when absent.
    #[serde(default)]
    #[garde(inner(custom(check_language)))]
    #[schema(value_type = Option<LanguageCode>)]
    language: Option<String>,
}

/// Body of `POST /api/auth/sign-up/complete`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CompleteSignUpBody {
    /// The token of the mailed link.
    #[garde(skip)]
    #[schema(value_type = String)]
    token: SecretString,
    /// The password to be.
    #[garde(custom(check_new_password))]
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    password: SecretString,
    /// Display name.
    #[garde(custom(check_name))]
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Name of the workspace to be.
    #[garde(custom(check_name))]
    #[schema(min_length = 1, max_length = 100)]
    workspace_name: String,
    /// English when absent.
    #[serde(default)]
    #[garde(inner(custom(check_language)))]
    #[schema(value_type = Option<LanguageCode>)]
    language: Option<String>,
    /// IANA name; UTC when absent.
    #[serde(default)]
    #[garde(inner(custom(check_time_zone)))]
    #[schema(example = "Asia/Seoul")]
    time_zone: Option<String>,
}

/// Signs the very first person up: makes them, their workspace, and a session.
#[utoipa::path(
    post,
    path = "/api/auth/sign-up",
    operation_id = "signUp",
    extensions(("x-policy" = json!(["open"]))),
    tag = "sessions",
    request_body = SignUpBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the request again")),
    security(()),
    responses(
        (status = 201, body = views::Session, description = "Signed up and signed in; sets the refresh cookie"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn sign_up(
    app: Data<App>,
    from: From,
    key: OpenIdempotency,
    body: Json<SignUpBody>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let email = Address::parse(&body.email).map_err(|wrong| Error::invalid("email", wrong))?;
    let typed = SignUp {
        by: By::First(email),
        password: Password::choose(&body.password).map_err(|wrong| Error::invalid("password", wrong))?,
        name: name("name", &body.name)?,
        workspace_name: name("workspace_name", &body.workspace_name)?,
        language: language(body.language.as_deref())?.unwrap_or_default(),
        time_zone: time_zone(body.time_zone.as_deref())?.unwrap_or(TimeZone::UTC),
    };
    let opened = app.sign_up(typed, from.0, key.into_inner()).await?;
    Ok(opened_session(&app, HttpResponse::Created(), opened))
}

/// Asks for a link to sign up, where anybody may. The answer is the same whether the address has an account or not.
#[utoipa::path(
    post,
    path = "/api/auth/sign-up/begin",
    operation_id = "beginSignUp",
    extensions(("x-policy" = json!(["open"]))),
    tag = "sessions",
    request_body = BeginSignUpBody,
    security(()),
    responses(
        (status = 202, description = "A mail is on its way: with the link, or with the hint that there is an account"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn begin_sign_up(
    app: Data<App>,
    from: From,
    body: Json<BeginSignUpBody>,
) -> Result<HttpResponse, Problem> {
    let email = Address::parse(&body.email).map_err(|wrong| Error::invalid("email", wrong))?;
    let language = language(body.language.as_deref())?.unwrap_or_default();
    app.ask_for_sign_up(email, language, from.0).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Signs up by a mailed link: makes a person, whose address is verified, their workspace, and a session.
#[utoipa::path(
    post,
    path = "/api/auth/sign-up/complete",
    operation_id = "completeSignUp",
    extensions(("x-policy" = json!(["open"]))),
    tag = "sessions",
    request_body = CompleteSignUpBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the request again")),
    security(()),
    responses(
        (status = 201, body = views::Session, description = "Signed up and signed in; sets the refresh cookie"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn complete_sign_up(
    app: Data<App>,
    from: From,
    key: OpenIdempotency,
    body: Json<CompleteSignUpBody>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let typed = SignUp {
        by: By::Link(body.token),
        password: Password::choose(&body.password).map_err(|wrong| Error::invalid("password", wrong))?,
        name: name("name", &body.name)?,
        workspace_name: name("workspace_name", &body.workspace_name)?,
        language: language(body.language.as_deref())?.unwrap_or_default(),
        time_zone: time_zone(body.time_zone.as_deref())?.unwrap_or(TimeZone::UTC),
    };
    let opened = app.sign_up(typed, from.0, key.into_inner()).await?;
    Ok(opened_session(&app, HttpResponse::Created(), opened))
}

fn name(field: &'static str, typed: &str) -> Result<Name, Error> {
    Name::parse(typed).map_err(|wrong| Error::invalid(field, wrong))
}
