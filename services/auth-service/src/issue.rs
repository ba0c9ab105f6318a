//! What stands in the access tokens that are signed here.

use auth_token::Claims;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{app::App, store::memberships::Member};

/// The claims of a token for a member, made in one of their sessions; it lives for so many seconds. Whoever lacks a
/// second factor that the workspace requires gets a `restricted` one.
pub fn claims(
    app: &App,
    session: Uuid,
    member: &Member,
    restricted: bool,
    now: DateTime<Utc>,
    seconds: i64,
) -> Claims {
    let issued = now.timestamp();
    Claims {
        iss: app.issuer.clone(),
        aud: app.audience.clone(),
        sub: member.id,
        sid: session,
        epoch: member.epoch,
        workspace: member.workspace_id,
        role: member.role,
        name: member.name.clone(),
        iat: issued,
        exp: issued + seconds,
        jti: Uuid::now_v7(),
        restricted,
        scope: None,
        act: None,
    }
}
