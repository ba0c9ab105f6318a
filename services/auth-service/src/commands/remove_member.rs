//! Removing a member. Their sessions in this workspace end; their account and other workspaces stay.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use messaging::outbox;
use policy::Operation;
use postgres::{Connection, idempotency::Key};
use uuid::Uuid;

use crate::{
    app::{App, now},
    commands::change_role::{check_version, lock_member, reread},
    domain::membership::check_leaving,
    error::Error,
    events::{self, Actor, FieldChange, MemberChange},
    store::{
        memberships::{self, Bearer, Member},
        sessions::{self, EndReason, Which},
    },
};

/// What an admin wants.
#[derive(Debug, Clone, Copy)]
pub struct RemoveMember {
    /// Who is to go.
    pub person: Uuid,
    /// The version the admin had seen.
    pub version: i64,
}

/// Removes the member.
pub async fn remove_member(
    app: &App,
    bearer: Bearer,
    wanted: RemoveMember,
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
    wanted: RemoveMember,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let (admin, member) = lock_member(conn, bearer, Operation::MembersRemove, wanted.person).await?;
    check_version(&member, wanted.version)?;
    part(conn, &admin, member, now).await
}

/// Ends a membership and its sessions. The workspace must be locked.
pub(super) async fn part(
    conn: &mut Connection,
    actor: &Member,
    member: Member,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let (workspace, person) = (member.workspace_id, member.id);
    check_leaving(member.role, memberships::count_admins(conn, workspace).await?)?;
    memberships::remove(conn, workspace, person, now).await?;
    let theirs = Which::Member { workspace, person };
    sessions::end(conn, theirs, EndReason::Removed, now).await?;
    let removed = reread(conn, workspace, person).await?;
    let fields = vec![FieldChange::new("role", member.role.to_string(), None::<String>)];
    let actor = Actor {
        id: actor.id,
        name: &actor.name,
    };
    let event = events::member_changed(MemberChange::Removed, &removed, actor, fields)?;
    Ok(outbox::append(conn, &event).await?)
}
