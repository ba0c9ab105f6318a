//! One's own API tokens, and their exchange for access tokens.

use actix_web::{
    HttpResponse,
    web::{self, Data},
};
use auth_token::Caller;
use garde::Validate;
use policy::Scope;
use problem::Problem;
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use web_kit::{Form, Json, Page, PathId};

use super::{
    arrival::From,
    bodies::check_name,
    grant::{self, ACCESS_TOKEN, TOKEN_EXCHANGE},
};
use crate::{
    app::App,
    commands::make_token::WantedToken,
    domain::{api_token::MAX_DAYS, grant::Refused, profile::Name},
    error::Error,
    views::{Exchanged, TokenMade, TokenView},
};

/// The kind of token that an API token is, in the words of RFC 8693.
const API_TOKEN: &str = "urn:onus:token-type:api_token";

/// What a token is to be.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTokenBody {
    /// What to call it.
    #[garde(custom(check_name))]
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it is to be good for. It never does more than the member may do.
    #[garde(length(min = 1, max = 4))]
    #[schema(min_items = 1, max_items = 4)]
    scopes: Vec<Scope>,
    /// Days until it ends.
    #[garde(range(min = 1, max = MAX_DAYS))]
    #[schema(minimum = 1, maximum = 365)]
    expires_in_days: u32,
}

impl NewTokenBody {
    pub(super) fn wanted(self) -> Result<WantedToken, Error> {
        Ok(WantedToken {
            name: Name::parse(&self.name).map_err(|wrong| Error::invalid("name", wrong))?,
            scopes: self.scopes.into_iter().collect(),
            days: self.expires_in_days,
        })
    }
}

/// Form of `POST /api/auth/token`; only here to be described.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its shape is used, in the document")]
pub(super) struct ExchangeForm {
    /// Always `urn:ietf:params:oauth:grant-type:token-exchange`.
    grant_type: String,
    /// The API token.
    #[schema(format = Password)]
    subject_token: String,
    /// Always `urn:onus:token-type:api_token`.
    subject_token_type: String,
}

/// Lists one's own API tokens for the present workspace.
#[utoipa::path(
    get,
    path = "/api/auth/tokens",
    operation_id = "listTokens",
    extensions(("x-policy" = json!(["token_read"]))),
    tag = "tokens",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Page<TokenView>, description = "The live tokens"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn list(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    let items = app.tokens((&caller).into()).await?;
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

/// Makes an API token for the present workspace. Dangerous: wants a fresh proof of identity.
#[utoipa::path(
    post,
    path = "/api/auth/tokens",
    operation_id = "createToken",
    extensions(("x-policy" = json!(["token_create"]))),
    tag = "tokens",
    request_body = NewTokenBody,
    security(("bearer" = [])),
    responses(
        (status = 201, body = TokenMade, description = "Made; the token is shown this once"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn create(
    app: Data<App>,
    caller: Caller,
    from: From,
    body: Json<NewTokenBody>,
) -> Result<HttpResponse, Problem> {
    let wanted = body.into_inner().wanted()?;
    let made = app.make_token((&caller).into(), wanted, from.0).await?;
    Ok(HttpResponse::Created().json(made))
}

/// Revokes one of one's own API tokens; the access tokens made from it end with it.
#[utoipa::path(
    delete,
    path = "/api/auth/tokens/{id}",
    operation_id = "revokeToken",
    extensions(("x-policy" = json!(["token_revoke"]))),
    tag = "tokens",
    params(("id" = Uuid, Path, description = "The token's id")),
    security(("bearer" = [])),
    responses(
        (status = 204, description = "Revoked"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn revoke(
    app: Data<App>,
    caller: Caller,
    from: From,
    id: PathId,
) -> Result<HttpResponse, Problem> {
    app.revoke_token((&caller).into(), id.0, from.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Exchanges an API token for an access token (RFC 8693). Refusals carry the word of OAuth as `error`.
#[utoipa::path(
    post,
    path = "/api/auth/token",
    operation_id = "exchangeToken",
    extensions(("x-policy" = json!(["open"]))),
    tag = "tokens",
    request_body(content = ExchangeForm, content_type = "application/x-www-form-urlencoded"),
    security(()),
    responses(
        (status = 200, body = Exchanged, description = "An access token"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn exchange(app: Data<App>, form: Form) -> Result<HttpResponse, Problem> {
    if grant::needed(&form, "grant_type")? != TOKEN_EXCHANGE {
        return Err(Refused::GrantType.into());
    }
    if grant::needed(&form, "subject_token_type")? != API_TOKEN {
        return Err(Refused::Request("subject_token_type").into());
    }
    let wanted = grant::given(&form, "requested_token_type")?;
    if wanted.is_some_and(|wanted| wanted != ACCESS_TOKEN) {
        return Err(Refused::Request("requested_token_type").into());
    }
    let token = SecretString::from(grant::needed(&form, "subject_token")?);
    Ok(HttpResponse::Ok().json(app.exchange_api_token(&token).await?))
}

/// The routes of this file.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/api/auth/tokens")
            .route(web::get().to(list))
            .route(web::post().to(create)),
    )
    .service(web::resource("/api/auth/tokens/{id}").route(web::delete().to(revoke)))
    .service(web::resource("/api/auth/token").route(web::post().to(exchange)));
}
