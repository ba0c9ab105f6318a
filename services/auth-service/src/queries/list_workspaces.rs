//! The workspaces somebody belongs to.

use crate::{
    access,
    app::App,
    error::Error,
    store::memberships::{self, Bearer},
    views::WorkspaceItem,
};

/// More than anybody belongs to.
const MOST: i64 = 200;

/// The caller's workspaces, by name.
pub async fn list_workspaces(app: &App, bearer: Bearer) -> Result<Vec<WorkspaceItem>, Error> {
    let mut conn = app.db.read().await?;
    access::acting(&mut conn, bearer).await?;
    let members = memberships::of_person(&mut conn, bearer.person, MOST).await?;
    Ok(members
        .into_iter()
        .map(|member| WorkspaceItem {
            current: member.workspace_id == bearer.workspace,
            id: member.workspace_id,
            name: member.workspace_name,
            role: member.role,
        })
        .collect())
}
