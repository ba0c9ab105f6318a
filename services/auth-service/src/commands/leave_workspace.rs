//! Leaving a workspace. One's account and other workspaces stay; who is in charge of tasks stays so until somebody else
//! is put in charge.

use futures::FutureExt;
use policy::Operation;
use uuid::Uuid;

use crate::{
    access,
    app::{App, now},
    commands::remove_member::part,
    error::Error,
    store::{
        memberships::{self, Bearer},
        workspaces,
    },
};

/// Ends the caller's membership of a workspace, perhaps the present one.
pub async fn leave_workspace(app: &App, bearer: Bearer, workspace: Uuid) -> Result<(), Error> {
    let now = now();
    app.write(move |conn| {
        async move {
            workspaces::lock(conn, workspace).await?;
            access::allowed(conn, bearer, Operation::WorkspaceLeave).await?;
            memberships::lock(conn, workspace, bearer.person).await?;
            let member = memberships::get(conn, workspace, bearer.person)
                .await?
                .filter(|member| member.removed_at.is_none())
                .ok_or(Error::NotFound("workspace"))?;
            part(conn, &member.clone(), member, now).await
        }
        .boxed()
    })
    .await
}
