//! The links that people get by mail: found by their token, and handed to notify-service by their id.

use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::{
    app::{App, now},
    error::Error,
    keys::split_link_token,
    store::account_links::{self, AccountLink},
};

/// The open link that a token proves. A forged token finds nothing.
pub(crate) async fn find_by_token(
    app: &App,
    token: &SecretString,
    purpose: &str,
) -> Result<AccountLink, Error> {
    let link = prove(app, token, purpose).await?;
    check_open(&link)?;
    Ok(link)
}

/// Says how a link ended, if it did.
pub(crate) fn check_open(link: &AccountLink) -> Result<(), Error> {
    match link {
        AccountLink { used_at: Some(_), .. } => Err(Error::LinkOver { state: "used" }),
        AccountLink { expires_at, .. } if *expires_at <= now() => Err(Error::LinkOver { state: "expired" }),
        _ => Ok(()),
    }
}

/// The same, and whose it is.
pub(crate) async fn find_with_owner(
    app: &App,
    token: &SecretString,
    purpose: &str,
) -> Result<(AccountLink, Uuid), Error> {
    let link = find_by_token(app, token, purpose).await?;
    let owner = link.person_id.ok_or(Error::NotFound("link"))?;
    Ok((link, owner))
}

/// The link that a token proves, whatever became of it.
pub(crate) async fn prove(app: &App, token: &SecretString, purpose: &str) -> Result<AccountLink, Error> {
    let unknown = || Error::NotFound("link");
    let (id, tag) = split_link_token(token).ok_or_else(unknown)?;
    let link = account_links::get(&mut *app.db.read().await?, id)
        .await?
        .filter(|link| link.purpose == purpose)
        .ok_or_else(unknown)?;
    if !app.secrets.account_link_matches(id, &link.nonce, &tag) {
        return Err(unknown());
    }
    Ok(link)
}

/// The address of an open link, for the mail that is about to be sent.
pub async fn account_link(app: &App, id: Uuid) -> Result<String, Error> {
    let now = now();
    let link = account_links::get(&mut *app.db.read().await?, id)
        .await?
        .filter(|link| link.used_at.is_none() && link.expires_at > now)
        .ok_or(Error::NotFound("link"))?;
    let token = app.secrets.account_link_token(link.id, &link.nonce);
    // Behind the '#', so that no server on the way sees or logs the token.
    Ok(format!(
        "{}/{}#token={}",
        app.http.public_url,
        link.purpose,
        token.expose_secret()
    ))
}
