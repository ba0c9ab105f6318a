//! The link of an invitation, for notify-service at the moment it sends the mail.

use secrecy::ExposeSecret;
use uuid::Uuid;

use crate::{
    app::{App, now},
    error::Error,
    store::invitations,
};

/// The link of an open invitation. Nothing is found of one that is over: then there is no mail to send.
pub async fn invitation_link(app: &App, id: Uuid) -> Result<String, Error> {
    let gone = || Error::NotFound("invitation");
    let invitation = invitations::get(&mut *app.db.read().await?, id)
        .await?
        .ok_or_else(gone)?;
    invitation.moments().check_open(now()).map_err(|_over| gone())?;
    let token = app.secrets.link_token(id, &invitation.nonce);
    // In the fragment, which browsers keep to themselves: it reaches neither a server's log nor a referrer.
    Ok(format!("{}/join#{}", app.http.public_url, token.expose_secret()))
}
