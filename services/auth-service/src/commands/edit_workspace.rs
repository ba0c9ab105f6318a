//! Changing the name and the rules of the workspace. When the rule about second factors changes, everybody's tokens become
//! too old: the next ones say what the rule means for them.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use policy::Operation;
use postgres::{Connection, idempotency::Key};

use crate::{
    access,
    app::{App, now},
    domain::{arrival::Arrival, profile::Name},
    error::Error,
    events::{FieldChange, Incident},
    security_log,
    store::{
        memberships::Bearer,
        second_factors,
        workspace_settings::{self, Edits, Settings},
        workspaces,
    },
    views::WorkspaceSettings,
};

/// What an admin wants to change; what is `None` stays.
pub struct EditWorkspace {
    /// New name.
    pub name: Option<Name>,
    /// Whether everybody must have a second factor.
    pub require_second_factor: Option<bool>,
    /// The version they had seen.
    pub version: i64,
}

/// Changes the workspace, and gives it as it is now.
pub async fn edit_workspace(
    app: &App,
    bearer: Bearer,
    wanted: EditWorkspace,
    arrival: Arrival,
    key: Option<Key>,
) -> Result<WorkspaceSettings, Error> {
    let now = now();
    app.write_once(key, move |conn| {
        async move { apply(conn, bearer, wanted, &arrival, now).await }.boxed()
    })
    .await
}

async fn apply(
    conn: &mut Connection,
    bearer: Bearer,
    wanted: EditWorkspace,
    arrival: &Arrival,
    now: DateTime<Utc>,
) -> Result<WorkspaceSettings, Error> {
    workspaces::lock(conn, bearer.workspace).await?;
    let admin = access::allowed(conn, bearer, Operation::WorkspaceSettings).await?;
    let before = workspace_settings::get(conn, bearer.workspace)
        .await?
        .ok_or(Error::NotFound("workspace"))?;
    if before.version != wanted.version {
        return Err(Error::Stale {
            current: serde_json::to_value(WorkspaceSettings::from(before))?,
        });
    }
    let (edits, fields) = differences(&before, wanted);
    if fields.is_empty() {
        return Ok(before.into());
    }
    if edits.require_second_factor == Some(true) && !second_factors::has_any(conn, bearer.person).await? {
        return Err(Error::SecondFactorFirst);
    }
    let after = workspace_settings::edit(conn, bearer.workspace, &edits).await?;
    if edits.require_second_factor.is_some() {
        workspace_settings::raise_epochs(conn, bearer.workspace, bearer.person, now).await?;
    }
    security_log::note_change(conn, Incident::WorkspaceChanged, &admin, arrival, fields).await?;
    Ok(after.into())
}

/// What really changes: to set something to what it is changes nothing and tells nobody.
fn differences(before: &Settings, wanted: EditWorkspace) -> (Edits, Vec<FieldChange>) {
    let mut fields = Vec::new();
    let name = wanted
        .name
        .map(Name::into_string)
        .filter(|name| *name != before.name);
    if let Some(name) = &name {
        fields.push(FieldChange::new("name", before.name.as_str(), name.as_str()));
    }
    let rule = wanted
        .require_second_factor
        .filter(|rule| *rule != before.require_second_factor);
    if let Some(rule) = rule {
        fields.push(FieldChange::new(
            "require_second_factor",
            before.require_second_factor,
            rule,
        ));
    }
    let edits = Edits {
        name,
        require_second_factor: rule,
    };
    (edits, fields)
}
