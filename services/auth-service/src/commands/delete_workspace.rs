//! Deleting a workspace: every membership and every session of it ends, and open invitations are withdrawn. What was
//! written in it stays where it is, and nobody can reach it any more.
//!
//! All of it is one transaction, since half a workspace would have no admin. The number of its statements grows with the
//! pages of members, not with the members.

use chrono::{DateTime, Utc};
use contracts::Event;
use futures::FutureExt;
use messaging::outbox;
use policy::Operation;
use postgres::Connection;
use uuid::Uuid;

use crate::{
    access,
    app::{App, now},
    domain::{arrival::Arrival, profile::Name},
    error::Error,
    events::{self, Actor, FieldChange, Incident, MemberChange},
    security_log,
    store::{
        memberships::{self, Bearer, Member},
        workspace_settings, workspaces,
    },
};

/// Members whose events are written by one statement.
const PAGE: i64 = 1000;

/// Deletes the caller's workspace, whose name they typed.
pub async fn delete_workspace(app: &App, bearer: Bearer, typed: Name, arrival: Arrival) -> Result<(), Error> {
    let now = now();
    app.write(move |conn| async move { apply(conn, bearer, &typed, &arrival, now).await }.boxed())
        .await
}

async fn apply(
    conn: &mut Connection,
    bearer: Bearer,
    typed: &Name,
    arrival: &Arrival,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let workspace = bearer.workspace;
    let name = workspaces::lock(conn, workspace).await?;
    let admin = access::allowed(conn, bearer, Operation::WorkspaceDelete).await?;
    if name.as_deref() != Some(typed.as_str()) {
        return Err(Error::invalid("name", "is not the name of the workspace"));
    }
    security_log::note(conn, Incident::WorkspaceDeleted, &admin, arrival).await?;
    workspace_settings::end_memberships(conn, workspace, now).await?;
    workspace_settings::end_sessions(conn, workspace, now).await?;
    workspace_settings::close(conn, &[workspace], now).await?;
    let mut after = None;
    loop {
        let people = workspace_settings::ended_at(conn, workspace, now, after, PAGE).await?;
        let Some(last) = people.last() else {
            return Ok(());
        };
        after = Some(*last);
        announce(conn, workspace, &people, &admin).await?;
    }
}

async fn announce(
    conn: &mut Connection,
    workspace: Uuid,
    people: &[Uuid],
    admin: &Member,
) -> Result<(), Error> {
    let actor = Actor {
        id: admin.id,
        name: &admin.name,
    };
    let members = memberships::some(conn, workspace, people).await?;
    let removed = members.iter().map(|member| {
        let fields = vec![FieldChange::new("role", member.role.to_string(), None::<String>)];
        events::member_changed(MemberChange::Removed, member, actor, fields)
    });
    let removed: Vec<Event> = removed.collect::<Result<_, _>>()?;
    Ok(outbox::append_all(conn, &removed).await?)
}
