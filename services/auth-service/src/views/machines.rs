//! What the API shows of tokens and service accounts.

use chrono::{DateTime, Utc};
use policy::{Role, Scope, Scopes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{domain::membership::MemberKind, store::api_tokens::ApiToken};

/// What a member is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Somebody who signs in.
    Person,
    /// A service account.
    Service,
}

/// An API token as it is listed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = ApiToken)]
pub struct TokenView {
    /// Its id.
    pub id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// What it is good for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was used last, to the minute; null when never.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Its last characters.
    #[schema(example = "…h3Qx")]
    pub hint: String,
}

/// An API token that was just made.
#[derive(Serialize, ToSchema)]
#[schema(as = NewApiToken)]
pub struct TokenMade {
    /// The token as it is listed from now on.
    #[serde(flatten)]
    pub item: TokenView,
    /// The token itself, shown this once.
    pub token: String,
}

/// A service account.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = ServiceAccount)]
pub struct AccountView {
    /// Its id, a person's to the API.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Its live tokens.
    pub tokens: Vec<TokenView>,
}

/// The answer to a token exchange (RFC 8693, section 2.2.1).
#[derive(Serialize, ToSchema)]
#[schema(as = ExchangedToken)]
pub struct Exchanged {
    /// The token to send as `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `urn:ietf:params:oauth:token-type:access_token`.
    pub issued_token_type: &'static str,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds until it ends.
    pub expires_in: i64,
    /// What it is good for, as words between blanks.
    #[schema(example = "read tasks:write")]
    pub scope: String,
}

/// A token for a service (RFC 6749, section 5.1).
#[derive(Serialize)]
pub struct Granted {
    /// The token to send as `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds until it ends.
    pub expires_in: i64,
}

impl Exchanged {
    /// The answer with an access token.
    pub fn new(access_token: String, expires_in: i64, scope: String) -> Self {
        Self {
            access_token,
            issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
            token_type: "Bearer",
            expires_in,
            scope,
        }
    }
}

impl From<MemberKind> for Kind {
    fn from(kind: MemberKind) -> Self {
        match kind {
            MemberKind::Person => Self::Person,
            MemberKind::Service => Self::Service,
        }
    }
}

impl From<ApiToken> for TokenView {
    fn from(token: ApiToken) -> Self {
        Self {
            id: token.id,
            name: token.name,
            scopes: Scopes::known(&token.scopes).iter().collect(),
            created_at: token.created_at,
            expires_at: token.expires_at,
            last_used_at: token.last_used_at,
            hint: token.hint,
        }
    }
}
