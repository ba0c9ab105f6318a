//! Service accounts and their API tokens. Admins only.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Data},
};
use auth_token::Caller;
use chrono::{DateTime, Utc};
use garde::Validate;
use policy::Role;
use problem::Problem;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use web_kit::{Idempotency, Json, Page, PageQuery, PathId, Query};

use super::{api_tokens::NewTokenBody, arrival::From, bodies::check_name, members::page_request};
use crate::{
    app::App,
    commands::service_account::WantedAccount,
    domain::profile::Name,
    error::Error,
    views::{AccountView, TokenMade},
};

/// Body of `POST /api/service-accounts`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAccountBody {
    /// What to call it.
    #[garde(custom(check_name))]
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it may do; anything but `admin`.
    #[garde(skip)]
    role: Role,
}

/// Lists the service accounts with their tokens, in the order in which they were made.
#[utoipa::path(
    get,
    path = "/api/service-accounts",
    operation_id = "listServiceAccounts",
    extensions(("x-policy" = json!(["service_accounts_read"]))),
    tag = "service accounts",
    params(PageQuery),
    security(("bearer" = [])),
    responses(
        (status = 200, body = Page<AccountView>, description = "A page of service accounts"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn list(
    app: Data<App>,
    caller: Caller,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let page = page_request(&query)?;
    let rows = app.service_accounts((&caller).into(), page).await?;
    let key = |account: &AccountView| -> (DateTime<Utc>, Uuid) { (account.created_at, account.id) };
    Ok(HttpResponse::Ok().json(Page::of(rows, page.limit, key)?))
}

/// Makes a service account: a member that acts only by its API tokens. Dangerous: wants a fresh proof of identity.
#[utoipa::path(
    post,
    path = "/api/service-accounts",
    operation_id = "createServiceAccount",
    extensions(("x-policy" = json!(["service_accounts_change"]))),
    tag = "service accounts",
    request_body = NewAccountBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send the request again")),
    security(("bearer" = [])),
    responses(
        (status = 201, body = AccountView, description = "Made"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn create(
    app: Data<App>,
    caller: Caller,
    from: From,
    key: Idempotency,
    body: Json<NewAccountBody>,
) -> Result<HttpResponse, Problem> {
    let wanted = WantedAccount {
        name: Name::parse(&body.name).map_err(|wrong| Error::invalid("name", wrong))?,
        role: body.role,
    };
    let made = app
        .make_service_account((&caller).into(), wanted, from.0, key.into_inner())
        .await?;
    Ok(HttpResponse::Created().json(made))
}

/// Removes a service account; its tokens end. Dangerous: wants a fresh proof of identity.
#[utoipa::path(
    delete,
    path = "/api/service-accounts/{id}",
    operation_id = "removeServiceAccount",
    extensions(("x-policy" = json!(["service_accounts_change"]))),
    tag = "service accounts",
    params(("id" = Uuid, Path, description = "The account's id")),
    security(("bearer" = [])),
    responses(
        (status = 204, description = "Removed"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn remove(
    app: Data<App>,
    caller: Caller,
    from: From,
    id: PathId,
) -> Result<HttpResponse, Problem> {
    app.remove_service_account((&caller).into(), id.0, from.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Makes an API token for a service account. Dangerous: wants a fresh proof of identity.
#[utoipa::path(
    post,
    path = "/api/service-accounts/{id}/tokens",
    operation_id = "createServiceAccountToken",
    extensions(("x-policy" = json!(["service_accounts_change"]))),
    tag = "service accounts",
    request_body = NewTokenBody,
    params(("id" = Uuid, Path, description = "The account's id")),
    security(("bearer" = [])),
    responses(
        (status = 201, body = TokenMade, description = "Made; the token is shown this once"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn create_token(
    app: Data<App>,
    caller: Caller,
    from: From,
    id: PathId,
    body: Json<NewTokenBody>,
) -> Result<HttpResponse, Problem> {
    let wanted = body.into_inner().wanted()?;
    let made = app
        .make_account_token((&caller).into(), id.0, wanted, from.0)
        .await?;
    Ok(HttpResponse::Created().json(made))
}

/// Revokes an API token of a service account. Dangerous: wants a fresh proof of identity.
#[utoipa::path(
    delete,
    path = "/api/service-accounts/{id}/tokens/{token_id}",
    operation_id = "revokeServiceAccountToken",
    extensions(("x-policy" = json!(["service_accounts_change"]))),
    tag = "service accounts",
    params(
        ("id" = Uuid, Path, description = "The account's id"),
        ("token_id" = Uuid, Path, description = "The token's id")
    ),
    security(("bearer" = [])),
    responses(
        (status = 204, description = "Revoked"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn revoke_token(
    app: Data<App>,
    caller: Caller,
    from: From,
    id: PathId,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let token = PathId::named(&request, "token_id")?;
    app.revoke_account_token((&caller).into(), id.0, token.0, from.0)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The routes of this file.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/api/service-accounts")
            .route(web::get().to(list))
            .route(web::post().to(create)),
    )
    .service(web::resource("/api/service-accounts/{id}").route(web::delete().to(remove)))
    .service(web::resource("/api/service-accounts/{id}/tokens").route(web::post().to(create_token)))
    .service(
        web::resource("/api/service-accounts/{id}/tokens/{token_id}").route(web::delete().to(revoke_token)),
    );
}
