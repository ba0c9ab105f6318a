//! The pending invitations of the caller's workspace.

use policy::Operation;

use super::PageRequest;
use crate::{
    access,
    app::App,
    error::Error,
    store::{
        invitations::{self, Invitation},
        memberships::Bearer,
    },
};

/// A page of invitations, oldest first, and one more row where there is another page.
pub async fn list_invitations(
    app: &App,
    bearer: Bearer,
    page: PageRequest,
) -> Result<Vec<Invitation>, Error> {
    let mut conn = app.db.read().await?;
    access::allowed(&mut conn, bearer, Operation::MembersInvite).await?;
    Ok(invitations::page(&mut conn, bearer.workspace, page.after, page.limit + 1).await?)
}
