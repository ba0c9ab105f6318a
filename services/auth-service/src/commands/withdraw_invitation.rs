//! Taking an invitation back. Its link stops to work, and a mail that is not sent yet never is.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use policy::Operation;
use postgres::{Connection, idempotency::Key};
use uuid::Uuid;

use crate::{
    access,
    app::{App, now},
    domain::invitation::State,
    error::Error,
    store::{invitations, memberships::Bearer},
    views::InvitationView,
};

/// What an admin wants.
#[derive(Debug, Clone, Copy)]
pub struct Withdraw {
    /// Which invitation.
    pub invitation: Uuid,
    /// The version the admin had seen.
    pub version: i64,
}

/// Withdraws the invitation.
pub async fn withdraw_invitation(
    app: &App,
    bearer: Bearer,
    wanted: Withdraw,
    key: Option<Key>,
) -> Result<(), Error> {
    let now = now();
    app.write_once(key, move |conn| {
        async move { apply(conn, bearer, wanted, now).await }.boxed()
    })
    .await
}

async fn apply(
    conn: &mut Connection,
    bearer: Bearer,
    wanted: Withdraw,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    access::allowed(conn, bearer, Operation::MembersInvite).await?;
    invitations::lock(conn, wanted.invitation).await?;
    let invitation = invitations::get(conn, wanted.invitation).await?;
    let invitation = invitation
        .filter(|invitation| invitation.workspace_id == bearer.workspace)
        .filter(|invitation| matches!(invitation.moments().state(now), State::Open | State::Expired))
        .ok_or(Error::NotFound("invitation"))?;
    if invitation.version != wanted.version {
        return Err(Error::Stale {
            current: serde_json::to_value(InvitationView::from(invitation))?,
        });
    }
    Ok(invitations::withdraw(conn, wanted.invitation, now).await?)
}
