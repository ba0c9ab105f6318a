//! One's own second factor.

use actix_web::{HttpResponse, web::Data};
use auth_token::Caller;
use chrono::{DateTime, Utc};
use problem::Problem;
use serde::Serialize;
use utoipa::ToSchema;
use web_kit::Json;

use super::{
    account_bodies::{CodeBody, code},
    arrival::From,
};
use crate::{app::App, views::PasskeyView};

/// The caller's second factors.
#[derive(Serialize, ToSchema)]
pub(super) struct SecondFactors {
    /// The authenticator app.
    totp: AppStatus,
    /// Recovery codes that were not used yet.
    recovery_codes_left: i64,
    /// The passkeys, the oldest first.
    passkeys: Vec<PasskeyView>,
}

/// Whether an authenticator app counts.
#[derive(Serialize, ToSchema)]
struct AppStatus {
    /// It does.
    enabled: bool,
    /// Since when.
    enabled_at: Option<DateTime<Utc>>,
}

/// A secret for an authenticator app, shown this once.
#[derive(Serialize, ToSchema)]
pub(super) struct AppSecret<'a> {
    /// In base32, to be typed.
    secret: &'a str,
    /// The same as an `otpauth:` address, to be shown as a QR code.
    uri: &'a str,
}

/// Recovery codes, shown this once.
#[derive(Serialize, ToSchema)]
pub(super) struct RecoveryCodes {
    /// Each works once.
    recovery_codes: Vec<String>,
}

/// Reads which second factors the caller has.
#[utoipa::path(
    get,
    path = "/api/auth/mfa",
    operation_id = "getSecondFactors",
    extensions(("x-policy" = json!(["own_account"]))),
    tag = "account",
    security(("bearer" = [])),
    responses(
        (status = 200, body = SecondFactors, description = "The second factors"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn status(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    let own = app.second_factors((&caller).into()).await?;
    Ok(HttpResponse::Ok().json(SecondFactors {
        totp: AppStatus {
            enabled: own.app_since.is_some(),
            enabled_at: own.app_since,
        },
        recovery_codes_left: own.codes_left,
        passkeys: own.passkeys,
    }))
}

/// Makes a secret for an authenticator app; it counts once a code of it is confirmed. Dangerous: wants a fresh proof of
/// identity.
#[utoipa::path(
    post,
    path = "/api/auth/mfa/totp",
    operation_id = "proposeApp",
    extensions(("x-policy" = json!(["second_factor_change"]))),
    tag = "account",
    security(("bearer" = [])),
    responses(
        (status = 200, body = AppSecret, description = "The secret; another call makes another one"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn propose(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    let proposal = app.propose_app((&caller).into()).await?;
    let (secret, uri) = proposal.expose();
    Ok(HttpResponse::Ok().json(AppSecret { secret, uri }))
}

/// Switches the second factor on, by the first code of the app.
#[utoipa::path(
    post,
    path = "/api/auth/mfa/totp/confirm",
    operation_id = "confirmApp",
    extensions(("x-policy" = json!(["second_factor_change"]))),
    tag = "account",
    request_body = CodeBody,
    security(("bearer" = [])),
    responses(
        (status = 200, body = RecoveryCodes, description = "It is on; these codes are shown this once"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn confirm(
    app: Data<App>,
    caller: Caller,
    from: From,
    body: Json<CodeBody>,
) -> Result<HttpResponse, Problem> {
    let codes = app
        .confirm_app((&caller).into(), code(&body.code)?, from.0)
        .await?;
    Ok(recovery_codes(codes))
}

/// Switches the second factor off. Dangerous: wants a fresh proof of identity.
#[utoipa::path(
    delete,
    path = "/api/auth/mfa/totp",
    operation_id = "removeApp",
    extensions(("x-policy" = json!(["second_factor_change"]))),
    tag = "account",
    security(("bearer" = [])),
    responses(
        (status = 204, description = "It is off; a mail tells of it"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn remove(app: Data<App>, caller: Caller, from: From) -> Result<HttpResponse, Problem> {
    app.remove_app((&caller).into(), from.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Makes new recovery codes; the old ones stop to work. Dangerous: wants a fresh proof of identity.
#[utoipa::path(
    post,
    path = "/api/auth/mfa/recovery-codes",
    operation_id = "renewRecoveryCodes",
    extensions(("x-policy" = json!(["second_factor_change"]))),
    tag = "account",
    security(("bearer" = [])),
    responses(
        (status = 200, body = RecoveryCodes, description = "The new codes, shown this once"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn renew_codes(app: Data<App>, caller: Caller, from: From) -> Result<HttpResponse, Problem> {
    let codes = app.renew_recovery_codes((&caller).into(), from.0).await?;
    Ok(recovery_codes(codes))
}

fn recovery_codes(recovery_codes: Vec<String>) -> HttpResponse {
    HttpResponse::Ok().json(RecoveryCodes { recovery_codes })
}
