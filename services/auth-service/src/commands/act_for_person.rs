//! Exchanging a person's access token for a narrower one, with which a service acts for them at one other service
//! (RFC 8693, delegation). It lives a minute at most, never longer than the token it came from, and names everybody
//! through whom the person acts.

use auth_token::{Act, Claims, TokenError};
use policy::Scopes;
use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    access,
    app::{App, now},
    domain::grant::Refused,
    error::Error,
    issue,
    store::memberships::Bearer,
    views::Exchanged,
};

/// Seconds that such a token lives at most.
const LIFETIME: i64 = 60;
/// Most services that may stand in a row.
const MAX_CHAIN: usize = 4;

/// What a service asks for.
#[derive(Debug)]
pub struct Delegation {
    /// The service that will act.
    pub client: String,
    /// The person's token, as the service got it.
    pub subject: SecretString,
    /// The service at which it will act.
    pub audience: String,
    /// How far the token is to reach; as far as the person's own when absent.
    pub scope: Option<Scopes>,
}

/// Makes the token.
pub async fn act_for_person(app: &App, wanted: Delegation) -> Result<Exchanged, Error> {
    let keys = app.keys().await?;
    let subject = app
        .verifier
        .verify_at(wanted.subject.expose_secret(), &wanted.client)
        .await
        .map_err(|error| match error {
            TokenError::Keys(_) => Error::NotNow,
            _ => Error::from(Refused::Grant),
        })?;
    if !app.clients.is_service(&wanted.audience) || wanted.audience == wanted.client {
        return Err(Refused::Target.into());
    }
    let had = subject.scope.clone().unwrap_or_else(Scopes::all);
    let scopes = wanted.scope.unwrap_or_else(|| had.clone());
    if scopes.is_empty() || !scopes.within(&had) {
        return Err(Refused::Scope.into());
    }
    let bearer = Bearer {
        person: subject.sub,
        workspace: subject.workspace,
        session: subject.sid,
        epoch: subject.epoch,
    };
    // What a token says was true when it was made; whether it still counts, our own tables know.
    let mut conn = app.db.read().await?;
    let member = access::acting(&mut conn, bearer)
        .await
        .map_err(|error| match error {
            Error::SessionOver => Refused::Grant.into(),
            other => other,
        })?;
    let restricted = access::lacks_second_factor(&mut conn, &member).await?;
    drop(conn);
    let now = now();
    let lifetime = LIFETIME.min(subject.exp - now.timestamp());
    if lifetime <= 0 || length(&subject) >= MAX_CHAIN {
        return Err(Refused::Grant.into());
    }
    let mut claims = issue::claims(app, subject.sid, &member, restricted, now, lifetime);
    claims.aud = wanted.audience;
    claims.scope = Some(scopes.clone());
    claims.act = Some(Act {
        sub: wanted.client,
        act: subject.act.map(Box::new),
    });
    Ok(Exchanged::new(
        keys.signer(now)?.sign(&claims)?,
        lifetime,
        scopes.to_string(),
    ))
}

/// How many services the person acts through already.
fn length(subject: &Claims) -> usize {
    std::iter::successors(subject.act.as_ref(), |act| act.act.as_deref()).count()
}
