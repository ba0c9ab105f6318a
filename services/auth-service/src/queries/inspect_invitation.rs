//! What the holder of an invitation's link sees before they accept.

use secrecy::SecretString;

use crate::{
    app::{App, now},
    error::Error,
    keys::split_link_token,
    store::{
        invitations::{self, Invitation},
        people,
    },
    views::InvitationInspected,
};

/// Describes an open invitation to whoever holds its token.
pub async fn inspect_invitation(app: &App, token: &SecretString) -> Result<InvitationInspected, Error> {
    let invitation = find_by_token(app, token).await?;
    invitation.moments().check_open(now())?;
    let known = people::credentials(&mut *app.db.read().await?, &invitation.email).await?;
    Ok(InvitationInspected {
        workspace_name: invitation.workspace_name,
        email: invitation.email,
        role: invitation.role,
        invited_by: invitation.inviter_name,
        expires_at: invitation.expires_at,
        known_person: known.is_some(),
    })
}

/// The invitation that a token proves, whatever became of it. A forged token finds nothing.
pub(crate) async fn find_by_token(app: &App, token: &SecretString) -> Result<Invitation, Error> {
    let unknown = || Error::NotFound("invitation");
    let (id, tag) = split_link_token(token).ok_or_else(unknown)?;
    let invitation = invitations::get(&mut *app.db.read().await?, id)
        .await?
        .ok_or_else(unknown)?;
    if app.secrets.link_matches(id, &invitation.nonce, &tag) {
        Ok(invitation)
    } else {
        Err(unknown())
    }
}
