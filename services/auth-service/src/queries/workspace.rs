//! The workspace one is signed in to, and its rules.

use policy::Operation;

use crate::{
    access,
    app::App,
    error::Error,
    store::{memberships::Bearer, workspace_settings},
    views::WorkspaceSettings,
};

/// The caller's workspace.
pub async fn workspace(app: &App, bearer: Bearer) -> Result<WorkspaceSettings, Error> {
    let mut conn = app.db.read().await?;
    access::allowed(&mut conn, bearer, Operation::WorkspaceRead).await?;
    let found = workspace_settings::get(&mut conn, bearer.workspace).await?;
    Ok(found.ok_or(Error::NotFound("workspace"))?.into())
}
