//! Making and removing service accounts: members that are programs. They act only by their API tokens, and are never
//! admins.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use messaging::outbox;
use policy::{Operation, Role};
use postgres::{Connection, idempotency::Key};
use uuid::Uuid;

use crate::{
    access,
    app::{App, now},
    commands::{
        change_role::{lock_member, reread},
        remove_member::part,
    },
    domain::{
        arrival::Arrival,
        membership::{MemberKind, service_address},
        profile::Name,
    },
    error::Error,
    events::{self, Actor, FieldChange, Incident, MemberChange},
    security_log,
    store::{
        memberships::{self, Bearer, Member},
        service_accounts::{self, NewAccount},
        workspaces,
    },
    views::AccountView,
};

/// What an admin wants.
#[derive(Debug, Clone)]
pub struct WantedAccount {
    /// Its name.
    pub name: Name,
    /// What it is to be allowed.
    pub role: Role,
}

/// Makes a service account.
pub async fn make(
    app: &App,
    bearer: Bearer,
    wanted: WantedAccount,
    arrival: Arrival,
    key: Option<Key>,
) -> Result<AccountView, Error> {
    if !MemberKind::Service.can_be(wanted.role) {
        return Err(Error::ServiceAdmin);
    }
    let now = now();
    app.write_once(key, move |conn| {
        async move { insert(conn, bearer, wanted, &arrival, now).await }.boxed()
    })
    .await
}

async fn insert(
    conn: &mut Connection,
    bearer: Bearer,
    wanted: WantedAccount,
    arrival: &Arrival,
    now: DateTime<Utc>,
) -> Result<AccountView, Error> {
    workspaces::lock(conn, bearer.workspace).await?;
    let admin = access::allowed(conn, bearer, Operation::ServiceAccountsChange).await?;
    let id = Uuid::now_v7();
    let new = NewAccount {
        id,
        workspace: bearer.workspace,
        email: service_address(id),
        name: wanted.name.into_string(),
        created_at: now,
    };
    service_accounts::insert(conn, &new).await?;
    memberships::insert(conn, bearer.workspace, id, wanted.role, now).await?;
    let account = reread(conn, bearer.workspace, id).await?;
    let actor = Actor {
        id: admin.id,
        name: &admin.name,
    };
    let fields = vec![
        FieldChange::new("name", None::<String>, account.name.clone()),
        FieldChange::new("role", None::<String>, account.role.to_string()),
    ];
    let event = events::member_changed(MemberChange::Joined, &account, actor, fields)?;
    outbox::append(conn, &event).await?;
    note(conn, Incident::ServiceAccountMade, &admin, &account, arrival).await?;
    Ok(AccountView {
        id,
        name: account.name,
        role: account.role,
        created_at: now,
        tokens: Vec::new(),
    })
}

/// Removes a service account; its tokens end, what it did stays.
pub async fn remove(app: &App, bearer: Bearer, account: Uuid, arrival: Arrival) -> Result<(), Error> {
    let now = now();
    app.write(move |conn| {
        async move {
            let (admin, account) = lock_account(conn, bearer, account).await?;
            note(conn, Incident::ServiceAccountRemoved, &admin, &account, &arrival).await?;
            part(conn, &admin, account, now).await
        }
        .boxed()
    })
    .await
}

/// Locks workspace and membership; gives the calling admin and the service account they want to change.
pub(super) async fn lock_account(
    conn: &mut Connection,
    bearer: Bearer,
    account: Uuid,
) -> Result<(Member, Member), Error> {
    let unknown = || Error::NotFound("service account");
    let locked = lock_member(conn, bearer, Operation::ServiceAccountsChange, account).await;
    let (admin, account) = locked.map_err(|error| match error {
        Error::NotFound(_) => unknown(),
        other => other,
    })?;
    match account.kind {
        MemberKind::Service => Ok((admin, account)),
        MemberKind::Person => Err(unknown()),
    }
}

async fn note(
    conn: &mut Connection,
    incident: Incident,
    admin: &Member,
    account: &Member,
    arrival: &Arrival,
) -> Result<(), Error> {
    let about = [("service_account", account.name.clone())];
    security_log::note_about(conn, incident, admin, arrival, &about).await
}
