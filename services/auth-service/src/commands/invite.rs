//! Inviting somebody into the workspace by mail.

use futures::FutureExt;
use messaging::outbox;
use policy::{Operation, Role};
use postgres::{Connection, idempotency::Key};
use uuid::Uuid;

use crate::{
    access,
    app::{App, now},
    domain::{address::Address, profile::Language},
    error::Error,
    events,
    keys::random_nonce,
    store::{
        invitations::{self, NewInvitation},
        memberships::{self, Bearer},
        people,
    },
    views::InvitationView,
};

/// What an admin wants.
pub struct Invite {
    /// Whom.
    pub email: Address,
    /// As what.
    pub role: Role,
    /// Language of the mail; otherwise the admin's.
    pub language: Option<Language>,
}

/// Makes the invitation and asks for its mail.
pub async fn invite(
    app: &App,
    bearer: Bearer,
    wanted: Invite,
    key: Option<Key>,
) -> Result<InvitationView, Error> {
    let now = now();
    let new = NewInvitation {
        id: Uuid::now_v7(),
        workspace_id: bearer.workspace,
        email: wanted.email.into_string(),
        role: wanted.role,
        language: wanted
            .language
            .map(|language| language.code().to_owned())
            .unwrap_or_default(),
        invited_by: bearer.person,
        nonce: random_nonce()?.to_vec(),
        version: 1,
        created_at: now,
        expires_at: now + app.settings.invitation_lifetime(),
    };
    app.write_once(key, move |conn| {
        async move { apply(conn, bearer, new).await }.boxed()
    })
    .await
}

async fn apply(
    conn: &mut Connection,
    bearer: Bearer,
    mut new: NewInvitation,
) -> Result<InvitationView, Error> {
    let admin = access::allowed(conn, bearer, Operation::MembersInvite).await?;
    if new.language.is_empty() {
        new.language = admin.language;
    }
    if is_member(conn, bearer.workspace, &new.email).await? {
        return Err(Error::AlreadyMember);
    }
    let id = new.id;
    invitations::clear_expired(conn, bearer.workspace, &new.email, new.created_at).await?;
    if !invitations::insert(conn, new).await? {
        return Err(Error::AlreadyInvited);
    }
    let invitation = invitations::get(conn, id)
        .await?
        .ok_or(Error::NotFound("invitation"))?;
    outbox::append(conn, &events::invitation_mail(&invitation)?).await?;
    Ok(invitation.into())
}

async fn is_member(conn: &mut Connection, workspace: Uuid, email: &str) -> Result<bool, Error> {
    let Some(known) = people::credentials(conn, email).await? else {
        return Ok(false);
    };
    let member = memberships::get(conn, workspace, known.person).await?;
    Ok(member.is_some_and(|member| member.removed_at.is_none()))
}
