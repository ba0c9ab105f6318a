//! Exchanging an API token for an access token of five minutes: the only thing it is good for.

use policy::Scopes;
use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    access,
    app::{App, now},
    domain::{api_token::is_token, grant::Refused},
    error::Error,
    issue,
    keys::token_hash,
    store::{api_tokens, memberships},
    views::Exchanged,
};

/// Makes an access token that reaches as far as the API token, and lives no longer.
pub async fn exchange_api_token(app: &App, token: &SecretString) -> Result<Exchanged, Error> {
    if !is_token(token.expose_secret()) {
        return Err(Refused::Grant.into());
    }
    let keys = app.keys().await?;
    let now = now();
    let mut conn = app.db.read().await?;
    // Looked up by its hash: how long that takes tells nothing about any other token.
    let presented = api_tokens::find(&mut conn, &token_hash(token), now).await?;
    let presented = presented.ok_or(Refused::Grant)?;
    let member = memberships::get(&mut conn, presented.workspace, presented.person).await?;
    let member = member
        .filter(|member| member.removed_at.is_none())
        .ok_or(Refused::Grant)?;
    let restricted = access::lacks_second_factor(&mut conn, &member).await?;
    drop(conn);
    let id = presented.id;
    app.db
        .write(move |conn| Box::pin(async move { Ok::<_, Error>(api_tokens::touch(conn, id, now).await?) }))
        .await?;
    let left = (presented.expires_at - now).num_seconds();
    let lifetime = i64::from(app.settings.access_token_seconds).min(left);
    let scopes = Scopes::known(&presented.scopes);
    let mut claims = issue::claims(app, presented.id, &member, restricted, now, lifetime);
    claims.scope = Some(scopes.clone());
    Ok(Exchanged::new(
        keys.signer(now)?.sign(&claims)?,
        lifetime,
        scopes.to_string(),
    ))
}
