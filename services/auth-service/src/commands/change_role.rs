//! Giving a member another role. Their epoch rises, so that access tokens of the old role stop to count.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use messaging::outbox;
use policy::{Operation, Role};
use postgres::{Connection, idempotency::Key};
use uuid::Uuid;

use crate::{
    access,
    app::{App, now},
    domain::membership::check_new_role,
    error::Error,
    events::{self, Actor, FieldChange, MemberChange},
    store::{
        memberships::{self, Bearer, Member},
        revocations, sessions, workspaces,
    },
    views::MemberView,
};

/// What an admin wants.
#[derive(Debug, Clone, Copy)]
pub struct ChangeRole {
    /// Whose role.
    pub person: Uuid,
    /// Which role.
    pub role: Role,
    /// The version the admin had seen.
    pub version: i64,
}

/// Changes the role, and gives the member as they are now.
pub async fn change_role(
    app: &App,
    bearer: Bearer,
    wanted: ChangeRole,
    key: Option<Key>,
) -> Result<MemberView, Error> {
    let now = now();
    app.write_once(key, move |conn| {
        async move { apply(conn, bearer, wanted, now).await }.boxed()
    })
    .await
}

async fn apply(
    conn: &mut Connection,
    bearer: Bearer,
    wanted: ChangeRole,
    now: DateTime<Utc>,
) -> Result<MemberView, Error> {
    let (admin, member) = lock_member(conn, bearer, Operation::MembersRole, wanted.person).await?;
    check_version(&member, wanted.version)?;
    if !member.kind.can_be(wanted.role) {
        return Err(Error::ServiceAdmin);
    }
    let admins = memberships::count_admins(conn, bearer.workspace).await?;
    if !check_new_role(member.role, wanted.role, admins)? {
        return Ok(member.into());
    }
    let actor = Actor {
        id: admin.id,
        name: &admin.name,
    };
    Ok(give_role(conn, &member, wanted.role, actor, now).await?.into())
}

/// Gives a present member another role, under the lock of their workspace.
pub(super) async fn give_role(
    conn: &mut Connection,
    member: &Member,
    role: Role,
    actor: Actor<'_>,
    now: DateTime<Utc>,
) -> Result<Member, Error> {
    let (workspace, person) = (member.workspace_id, member.id);
    memberships::set_role(conn, workspace, person, role).await?;
    let changed = reread(conn, workspace, person).await?;
    let theirs = sessions::of_member(conn, workspace, person).await?;
    revocations::insert(conn, &theirs, changed.epoch, now).await?;
    let fields = vec![FieldChange::new(
        "role",
        member.role.to_string(),
        changed.role.to_string(),
    )];
    let event = events::member_changed(MemberChange::RoleChanged, &changed, actor, fields)?;
    outbox::append(conn, &event).await?;
    Ok(changed)
}

/// Locks workspace and membership, and gives the caller and the present member they want to change.
pub(super) async fn lock_member(
    conn: &mut Connection,
    bearer: Bearer,
    operation: Operation,
    person: Uuid,
) -> Result<(Member, Member), Error> {
    workspaces::lock(conn, bearer.workspace).await?;
    let caller = access::allowed(conn, bearer, operation).await?;
    memberships::lock(conn, bearer.workspace, person).await?;
    let member = memberships::get(conn, bearer.workspace, person).await?;
    let member = member
        .filter(|member| member.removed_at.is_none())
        .ok_or(Error::NotFound("member"))?;
    Ok((caller, member))
}

/// Refuses a change of a member whom somebody else changed meanwhile.
pub(super) fn check_version(member: &Member, seen: i64) -> Result<(), Error> {
    if member.version == seen {
        return Ok(());
    }
    Err(Error::Stale {
        current: serde_json::to_value(MemberView::from(member.clone()))?,
    })
}

/// The member as the transaction left them.
pub(super) async fn reread(conn: &mut Connection, workspace: Uuid, person: Uuid) -> Result<Member, Error> {
    memberships::get(conn, workspace, person)
        .await?
        .ok_or(Error::NotFound("member"))
}
