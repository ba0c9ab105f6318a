//! Signing in and out, and renewing a session.

use actix_web::{HttpRequest, HttpResponse, web::Data};
use auth_token::Caller;
use problem::{Code, Problem};
use serde::Serialize;
use utoipa::ToSchema;
use web_kit::Json;

use super::{arrival::From, bodies::SignInBody, cookie};
use crate::{
    app::App,
    commands::{open_session::Opened, sign_in::SignIn},
    domain::{
        address::Address,
        password::Password,
        profile::{Language, TimeZone},
    },
    error::Error,
    views,
};

/// Where to go after signing out here.
#[derive(Serialize, ToSchema)]
pub(super) struct SignedOut {
    /// The page of the identity provider that ends its own session.
    end_session_url: String,
}

/// What the page for signing in can offer.
#[utoipa::path(
    get,
    path = "/api/auth/sign-in-options",
    operation_id = "getSignInOptions",
    extensions(("x-policy" = json!(["open"]))),
    tag = "sessions",
    security(()),
    responses(
        (status = 200, body = views::SignInOptions, description = "The ways in"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn options(app: Data<App>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(app.sign_in_options().await?))
}

/// Signs in with address and password, to the workspace used last.
#[utoipa::path(
    post,
    path = "/api/auth/sign-in",
    operation_id = "signIn",
    extensions(("x-policy" = json!(["open"]))),
    tag = "sessions",
    request_body = SignInBody,
    security(()),
    responses(
        (status = 200, body = views::Session, description = "Signed in; sets the refresh cookie"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn sign_in(
    app: Data<App>,
    from: From,
    body: Json<SignInBody>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let typed = SignIn {
        email: Address::parse(&body.email).map_err(|wrong| Error::invalid("email", wrong))?,
        password: Password::typed(&body.password).map_err(|wrong| Error::invalid("password", wrong))?,
    };
    let opened = app.sign_in(typed, from.0).await?;
    Ok(opened_session(&app, HttpResponse::Ok(), opened))
}

/// Renews the session of the refresh cookie, and replaces the cookie.
#[utoipa::path(
    post,
    path = "/api/auth/refresh",
    operation_id = "refreshSession",
    extensions(("x-policy" = json!(["open"]))),
    tag = "sessions",
    params(("X-Onus-Client" = String, Header, description = "Any value: shows that no other site started the request")),
    security(("refresh_cookie" = [])),
    responses(
        (status = 200, body = views::Session, description = "Renewed; replaces the refresh cookie"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn refresh(
    app: Data<App>,
    from: From,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let Some(token) = cookie::read(&app, &request)? else {
        return Err(Problem::new(Code::Unauthenticated).detail("There is no session to renew: sign in."));
    };
    let opened = app.refresh(token, from.0).await?;
    Ok(opened_session(&app, HttpResponse::Ok(), opened))
}

/// Ends the session of the refresh cookie, and of the access token if there is one.
#[utoipa::path(
    post,
    path = "/api/auth/sign-out",
    operation_id = "signOut",
    extensions(("x-policy" = json!(["open"]))),
    tag = "sessions",
    params(("X-Onus-Client" = Option<String>, Header, description = "Any value; needed along with the cookie")),
    security((), ("refresh_cookie" = []), ("bearer" = [])),
    responses(
        (status = 200, body = SignedOut, description = "Signed out here; the provider wants to be told"),
        (status = 204, description = "Signed out; takes the refresh cookie away"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn sign_out(
    app: Data<App>,
    from: From,
    request: HttpRequest,
    caller: Option<Caller>,
) -> Result<HttpResponse, Problem> {
    let session = caller.map(|caller| caller.session);
    let ended = app
        .sign_out(cookie::read(&app, &request)?, session, from.0)
        .await?;
    let elsewhere = match ended {
        Some(session) => app.end_session_url(session).await?,
        None => None,
    };
    let clear = cookie::clear(&app);
    Ok(match elsewhere {
        Some(end_session_url) => HttpResponse::Ok()
            .insert_header(clear)
            .json(SignedOut { end_session_url }),
        None => HttpResponse::NoContent().insert_header(clear).finish(),
    })
}

/// The answer to whoever just opened or renewed a session.
pub(super) fn opened_session(
    app: &App,
    mut answer: actix_web::HttpResponseBuilder,
    opened: Opened,
) -> HttpResponse {
    answer
        .insert_header(cookie::set(app, &opened.refresh, opened.max_age))
        .json(opened.session)
}

/// A language that was already found good.
pub(super) fn language(code: Option<&str>) -> Result<Option<Language>, Error> {
    let language = code.map(str::parse::<Language>).transpose();
    language.map_err(|wrong| Error::invalid("language", wrong))
}

/// A time zone that was already found good.
pub(super) fn time_zone(name: Option<&str>) -> Result<Option<TimeZone>, Error> {
    let time_zone = name.map(str::parse::<TimeZone>).transpose();
    time_zone.map_err(|wrong| Error::invalid("time_zone", wrong))
}
