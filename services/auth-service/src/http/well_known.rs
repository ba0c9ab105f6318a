//! What others need in order to verify our tokens (OpenID Connect Discovery 1.0, RFC 7517).

use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web::Data};
use problem::Problem;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::{App, Jwks};

/// Five minutes: short against the two hours for which a new key is published before it signs.
const CACHED: (actix_web::http::header::HeaderName, &str) = (CACHE_CONTROL, "public, max-age=300");

/// The issuer's description: as much of OpenID Connect Discovery as a verifier of access tokens reads.
#[derive(Serialize, ToSchema)]
pub struct Configuration {
    issuer: String,
    jwks_uri: String,
    response_types_supported: [&'static str; 1],
    subject_types_supported: [&'static str; 1],
    id_token_signing_alg_values_supported: [&'static str; 1],
}

impl Configuration {
    /// The description of this installation's issuer.
    pub fn of(app: &App) -> Self {
        Self {
            issuer: app.issuer.clone(),
            jwks_uri: format!("{}/.well-known/jwks.json", app.issuer.trim_end_matches('/')),
            response_types_supported: ["token"],
            subject_types_supported: ["public"],
            id_token_signing_alg_values_supported: ["RS256"],
        }
    }
}

/// Describes the issuer.
#[utoipa::path(
    get,
    path = "/.well-known/openid-configuration",
    operation_id = "getOpenidConfiguration",
    extensions(("x-policy" = json!(["open"]))),
    tag = "keys",
    security(()),
    responses(
        (status = 200, body = Configuration, description = "The issuer"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn configuration(app: Data<App>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(CACHED)
        .json(Configuration::of(&app))
}

/// The public keys.
#[utoipa::path(
    get,
    path = "/.well-known/jwks.json",
    operation_id = "getJwks",
    extensions(("x-policy" = json!(["open"]))),
    tag = "keys",
    security(()),
    responses(
        (status = 200, body = Jwks, description = "The keys"),
        (status = "default", response = super::api::AnyProblem)
    )
)]
pub(super) async fn jwks(app: Data<App>) -> Result<HttpResponse, Problem> {
    let keys = app.keys().await?;
    Ok(HttpResponse::Ok()
        .insert_header(CACHED)
        .json(Jwks { keys: keys.public() }))
}
