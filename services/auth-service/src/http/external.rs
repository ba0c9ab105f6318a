//! Signing in by an identity provider. Browsers come to the first two routes by links, so those answer with redirects and
//! never with problems.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{self, Data, Path},
};
use auth_token::Caller;
use garde::Validate;
use problem::Problem;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web_kit::{Json, Page, PathId, Query};

use super::{arrival::From, cookie};
use crate::{
    app::App,
    commands::external::{
        LIFE,
        callback::{Brought, Fault},
        complete::Completed,
        start::Started,
    },
    domain::return_path::ReturnPath,
    error::Error,
    views::{self, IdentityView},
};

/// Where providers send browsers back to.
const CALLBACK: &str = "/api/auth/external/callback";
/// The page that completes what came back.
const PAGE: &str = "/sign-in/external";

/// Query of the start.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct StartQuery {
    /// A path of the app; anything else becomes the front page.
    #[serde(default)]
    #[garde(length(max = 2048))]
    return_to: String,
}

/// Query of the callback, as RFC 6749 and RFC 9207 have it.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CallbackQuery {
    /// Stands for the tokens.
    #[garde(skip)]
    #[param(value_type = Option<String>)]
    code: Option<SecretString>,
    /// What the browser was given along.
    #[garde(skip)]
    #[param(value_type = Option<String>)]
    state: Option<SecretString>,
    /// Who answers.
    #[garde(inner(length(max = 512)))]
    iss: Option<String>,
    /// Why there is no code.
    #[garde(inner(length(max = 512)))]
    error: Option<String>,
}

/// Query of the end of a provider's session.
#[derive(Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LoggedOutQuery {
    /// Whose session.
    #[serde(default)]
    #[garde(length(max = 512))]
    iss: String,
    /// Which session.
    #[serde(default)]
    #[garde(length(max = 255))]
    sid: String,
}

/// Body of `POST /api/auth/external/{provider}/link`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkBody {
    /// A path of the app; anything else becomes the front page.
    #[garde(length(max = 2048))]
    #[schema(max_length = 2048)]
    return_to: String,
}

/// Body of `POST /api/auth/external/complete`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CompleteBody {}

/// Where the browser goes.
#[derive(Serialize, ToSchema)]
pub(super) struct Location {
    /// The provider's page.
    location: String,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
pub(super) struct ExternalCompleted {
    /// The session; none where an identity was linked.
    session: Option<views::Session>,
    /// Whether an identity was linked.
    linked: bool,
    /// A path of the app.
    return_to: String,
}

/// Where providers send browsers back to.
pub fn callback_url(http: &web_kit::http::Settings) -> String {
    format!("{}{CALLBACK}", http.public_url)
}

/// The routes.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(CALLBACK).route(web::get().to(callback)))
        .service(web::resource("/api/auth/external/complete").route(web::post().to(complete)))
        .service(web::resource("/api/auth/external/identities").route(web::get().to(list)))
        .service(web::resource("/api/auth/external/identities/{id}").route(web::delete().to(unlink)))
        .service(web::resource("/api/auth/external/{provider}/start").route(web::get().to(start)))
        .service(web::resource("/api/auth/external/{provider}/link").route(web::post().to(link)))
        .service(web::resource("/api/auth/external/{provider}/logged-out").route(web::get().to(logged_out)));
}

/// Sends the browser to a provider. A plain link leads here.
#[utoipa::path(
    get,
    path = "/api/auth/external/{provider}/start",
    operation_id = "startExternal",
    extensions(("x-policy" = json!(["open"]))),
    tag = "external",
    params(("provider" = String, Path, description = "Its name in the settings"), StartQuery),
    security(()),
    responses(
        (status = 303, description = "To the provider, or to the page that tells of a fault"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn start(
    app: Data<App>,
    provider: Path<String>,
    query: Query<StartQuery>,
) -> Result<HttpResponse, Problem> {
    let return_to = ReturnPath::or_front_page(&query.return_to);
    match app.start_external(&provider, &return_to).await {
        Ok(started) => Ok(HttpResponse::SeeOther()
            .insert_header(cookie::set_flow(&app, &started.sealed, LIFE.num_seconds()))
            .insert_header((LOCATION, started.location))
            .finish()),
        Err(Error::Provider(error)) => {
            tracing::warn!(%error, provider = provider.as_str(), "nobody can be sent to the provider");
            Ok(page("?fault=provider").finish())
        }
        Err(other) => Err(other.into()),
    }
}

/// Takes a browser back from a provider.
#[utoipa::path(
    get,
    path = "/api/auth/external/callback",
    operation_id = "externalCallback",
    extensions(("x-policy" = json!(["open"]))),
    tag = "external",
    params(CallbackQuery),
    security(()),
    responses(
        (status = 303, description = "To the page that completes the sign-in, or tells of a fault"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn callback(
    app: Data<App>,
    request: HttpRequest,
    query: Query<CallbackQuery>,
) -> Result<HttpResponse, Problem> {
    let query = query.into_inner();
    let brought = Brought {
        code: query.code,
        state: query.state,
        issuer: query.iss,
        error: query.error,
    };
    let word = match app.external_callback(cookie::flow(&app, &request), brought).await {
        Ok(sealed) => {
            let cookie = cookie::set_flow(&app, &sealed, LIFE.num_seconds());
            return Ok(page("").insert_header(cookie).finish());
        }
        Err(Fault::Denied(error)) => {
            tracing::info!(error, "a provider let nobody in");
            "denied"
        }
        Err(Fault::Expired) => "expired",
        Err(Fault::Provider(error)) => {
            tracing::warn!(%error, "a provider's word was not taken");
            metrics::counter!("auth_sign_in_total", "outcome" => "provider_refused").increment(1);
            "provider"
        }
        Err(Fault::Ours(error)) => return Err(error.into()),
    };
    Ok(page(&format!("?fault={word}"))
        .insert_header(cookie::clear_flow(&app))
        .finish())
}

/// Completes what the cookie holds: opens a session, or links an identity.
#[utoipa::path(
    post,
    path = "/api/auth/external/complete",
    operation_id = "completeExternal",
    extensions(("x-policy" = json!(["open"]))),
    tag = "external",
    request_body = CompleteBody,
    params(("X-Onus-Client" = String, Header, description = "Any value: shows that no other site started the request")),
    security(()),
    responses(
        (status = 200, body = ExternalCompleted, description = "Completed; with a session, sets the refresh cookie"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn complete(
    app: Data<App>,
    request: HttpRequest,
    from: From,
    _body: Json<CompleteBody>,
) -> Result<HttpResponse, Problem> {
    cookie::check_origin(&app, &request)?;
    let sealed = cookie::flow(&app, &request).ok_or(Error::CeremonyOver)?;
    let Completed { opened, return_to } = app.complete_external(&sealed, from.0).await?;
    let mut answer = HttpResponse::Ok();
    answer.append_header(cookie::clear_flow(&app));
    let linked = opened.is_none();
    let session = opened.map(|opened| {
        answer.append_header(cookie::set(&app, &opened.refresh, opened.max_age));
        opened.session
    });
    Ok(answer.json(ExternalCompleted {
        session,
        linked,
        return_to: return_to.as_str().to_owned(),
    }))
}

/// Sends the caller's browser to a provider, to link an identity. Dangerous: wants a fresh proof of identity.
#[utoipa::path(
    post,
    path = "/api/auth/external/{provider}/link",
    operation_id = "linkIdentity",
    extensions(("x-policy" = json!(["identity_change"]))),
    tag = "external",
    request_body = LinkBody,
    params(("provider" = String, Path, description = "Its name in the settings")),
    security(("bearer" = [])),
    responses(
        (status = 200, body = Location, description = "Where to go; sets a cookie for the way back"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn link(
    app: Data<App>,
    caller: Caller,
    provider: Path<String>,
    body: Json<LinkBody>,
) -> Result<HttpResponse, Problem> {
    let return_to = ReturnPath::or_front_page(&body.return_to);
    let Started { location, sealed } = app.link_external((&caller).into(), &provider, &return_to).await?;
    Ok(HttpResponse::Ok()
        .insert_header(cookie::set_flow(&app, &sealed, LIFE.num_seconds()))
        .json(Location { location }))
}

/// Lists one's own identities at providers.
#[utoipa::path(
    get,
    path = "/api/auth/external/identities",
    operation_id = "listIdentities",
    extensions(("x-policy" = json!(["own_account"]))),
    tag = "external",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Page<IdentityView>, description = "The identities, the oldest first"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn list(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    let items = app.identities((&caller).into()).await?;
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

/// Unlinks an identity. Dangerous: wants a fresh proof of identity.
#[utoipa::path(
    delete,
    path = "/api/auth/external/identities/{id}",
    operation_id = "unlinkIdentity",
    extensions(("x-policy" = json!(["identity_change"]))),
    tag = "external",
    params(("id" = uuid::Uuid, Path, description = "The identity")),
    security(("bearer" = [])),
    responses(
        (status = 204, description = "Unlinked; a mail tells of it"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn unlink(
    app: Data<App>,
    caller: Caller,
    from: From,
    id: PathId,
) -> Result<HttpResponse, Problem> {
    app.unlink_identity((&caller).into(), id.0, from.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A provider says that a session of its own ended (Front-Channel Logout): what came from it ends here too.
#[utoipa::path(
    get,
    path = "/api/auth/external/{provider}/logged-out",
    operation_id = "providerLoggedOut",
    extensions(("x-policy" = json!(["open"]))),
    tag = "external",
    params(("provider" = String, Path, description = "Its name in the settings"), LoggedOutQuery),
    security(()),
    responses(
        (status = 204, description = "Whatever came from that session is over"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn logged_out(
    app: Data<App>,
    provider: Path<String>,
    query: Query<LoggedOutQuery>,
) -> Result<HttpResponse, Problem> {
    let query = query.into_inner();
    app.provider_logged_out(&provider, &query.iss, query.sid).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn page(query: &str) -> actix_web::HttpResponseBuilder {
    let mut answer = HttpResponse::SeeOther();
    answer.insert_header((LOCATION, format!("{PAGE}{query}")));
    answer
}
