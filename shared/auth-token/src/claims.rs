//! What an access token says.

use policy::{Role, Scopes};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The `typ` header of an access token (RFC 9068). A refresh token or an ID token never passes for one.
pub const TOKEN_TYPE: &str = "at+jwt";

/// The claims of an access token. auth-service serializes them, everybody else reads them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who issued it.
    pub iss: String,
    /// For whom it is meant.
    pub aud: String,
    /// The person.
    pub sub: Uuid,
    /// The session the person signed in with.
    pub sid: Uuid,
    /// The person's session epoch at the time of issue; a change of role raises it.
    pub epoch: i64,
    /// The workspace this token is good for.
    pub workspace: Uuid,
    /// The person's role there.
    pub role: Role,
    /// The person's name, for records that name the actor.
    pub name: String,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
    /// Its own id.
    pub jti: Uuid,
    /// The workspace requires a second factor that the person does not have: the token is good for setting one up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub restricted: bool,
    /// How far it reaches (RFC 8693, section 4.2). Absent in the token of a person's own session, which may do
    /// everything that the role may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scopes>,
    /// Through which services the person acts (RFC 8693, section 4.1). Such a token is meant for one service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Act>,
}

/// The service that acts for the person, and through which others it came to do so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// The service's name.
    pub sub: String,
    /// Who acted before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Box<Act>>,
}
