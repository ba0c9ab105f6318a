//! One's own password and address.

use actix_web::{HttpResponse, web::Data};
use auth_token::Caller;
use problem::Problem;
use web_kit::Json;

use super::{
    account_bodies::{ForgotBody, NewPasswordBody, ResetBody, VerifyBody},
    arrival::From,
};
use crate::{
    app::App,
    domain::{address::Address, password::Password},
    error::Error,
};

/// Chooses another password and ends all other sessions. Dangerous: wants a fresh proof of identity.
#[utoipa::path(
    post,
    path = "/api/auth/password",
    operation_id = "changePassword",
    extensions(("x-policy" = json!(["password_change"]))),
    tag = "account",
    request_body = NewPasswordBody,
    security(("bearer" = [])),
    responses(
        (status = 204, description = "Changed; a mail tells of it"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn change_password(
    app: Data<App>,
    caller: Caller,
    from: From,
    body: Json<NewPasswordBody>,
) -> Result<HttpResponse, Problem> {
    let new = chosen(&body.new_password)?;
    app.change_password((&caller).into(), new, from.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Asks for a link to choose another password. The answer is the same whether the address has an account or not.
#[utoipa::path(
    post,
    path = "/api/auth/password/forgot",
    operation_id = "forgotPassword",
    extensions(("x-policy" = json!(["open"]))),
    tag = "account",
    request_body = ForgotBody,
    security(()),
    responses(
        (status = 202, description = "If there is such an account, a mail is on its way"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn forgot_password(
    app: Data<App>,
    from: From,
    body: Json<ForgotBody>,
) -> Result<HttpResponse, Problem> {
    let email = Address::parse(&body.email).map_err(|wrong| Error::invalid("email", wrong))?;
    app.ask_for_reset(email, from.0).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Chooses another password by the link from a mail, and ends every session.
#[utoipa::path(
    post,
    path = "/api/auth/password/reset",
    operation_id = "resetPassword",
    extensions(("x-policy" = json!(["open"]))),
    tag = "account",
    request_body = ResetBody,
    security(()),
    responses(
        (status = 204, description = "Changed; sign in with it"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn reset_password(
    app: Data<App>,
    from: From,
    body: Json<ResetBody>,
) -> Result<HttpResponse, Problem> {
    let new = chosen(&body.new_password)?;
    app.reset_password(&body.token, new, from.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Asks for a mail by which the caller shows that their address is theirs.
#[utoipa::path(
    post,
    path = "/api/auth/email/send-verification",
    operation_id = "sendVerification",
    extensions(("x-policy" = json!(["own_account"]))),
    tag = "account",
    security(("bearer" = [])),
    responses(
        (status = 202, description = "A mail is on its way, unless the address is verified already"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn send_verification(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    app.send_verification((&caller).into()).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Shows by the link from a mail that an address is one's own.
#[utoipa::path(
    post,
    path = "/api/auth/email/verify",
    operation_id = "verifyAddress",
    extensions(("x-policy" = json!(["open"]))),
    tag = "account",
    request_body = VerifyBody,
    security(()),
    responses(
        (status = 204, description = "Verified"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn verify_address(app: Data<App>, body: Json<VerifyBody>) -> Result<HttpResponse, Problem> {
    app.verify_address(&body.token).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn chosen(typed: &secrecy::SecretString) -> Result<Password, Error> {
    Password::choose(typed).map_err(|wrong| Error::invalid("new_password", wrong))
}
