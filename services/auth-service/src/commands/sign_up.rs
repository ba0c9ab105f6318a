//! Signing up: a person, their workspace, and their place in it as its first admin.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use messaging::outbox;
use policy::Role;
use postgres::{Connection, idempotency::Key};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    app::{App, now},
    commands::open_session::{Opened, open_session},
    config::SignUpMode,
    domain::{
        address::Address,
        arrival::Arrival,
        password::Password,
        profile::{Language, Name, TimeZone},
    },
    error::Error,
    events::{self, Actor, FieldChange, MemberChange},
    store::{
        memberships,
        people::{self, Person},
        workspaces,
    },
};

/// What a person types.
pub struct SignUp {
    /// Their address.
    pub email: Address,
    /// The password they choose.
    pub password: Password,
    /// Their name.
    pub name: Name,
    /// The name of their workspace.
    pub workspace_name: Name,
    /// Their language.
    pub language: Language,
    /// Their time zone.
    pub time_zone: TimeZone,
}

/// Who came in, and where. Stored with the idempotency key, hence without any token.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Admitted {
    pub(super) person: Uuid,
    pub(super) workspace: Uuid,
}

/// Makes person and workspace, and opens a session. A replay opens another session: it has proved the password by
/// sending the same body.
pub async fn sign_up(app: &App, typed: SignUp, arrival: Arrival, key: Option<Key>) -> Result<Opened, Error> {
    let mode = app.settings.sign_up;
    if mode == SignUpMode::Closed {
        return Err(Error::SignUpClosed);
    }
    // Refused before a hash is spent on it; but a replay must come through to its first answer.
    if key.is_none() && mode == SignUpMode::First && !workspaces::is_empty(&mut *app.db.read().await?).await?
    {
        return Err(Error::SignUpClosed);
    }
    let about = [
        typed.email.as_str(),
        typed.name.as_str(),
        typed.workspace_name.as_str(),
    ];
    let hash = app.passwords.choose(typed.password, &about).await;
    let hash = hash.map_err(|error| Error::unfit("password", error))?;
    let now = now();
    let person = Person {
        id: Uuid::now_v7(),
        email: typed.email.into_string(),
        name: typed.name.into_string(),
        language: typed.language.code().to_owned(),
        time_zone: typed.time_zone.name().to_owned(),
        created_at: now,
        email_verified_at: None,
    };
    let admitted = app
        .write_once(key, move |conn| {
            async move {
                if mode == SignUpMode::First && !workspaces::lock_if_empty(conn).await? {
                    return Err(Error::SignUpClosed);
                }
                found(conn, &person, &hash, typed.workspace_name.as_str(), now).await
            }
            .boxed()
        })
        .await?;
    open_session(app, admitted.person, admitted.workspace, arrival).await
}

async fn found(
    conn: &mut Connection,
    person: &Person,
    hash: &str,
    workspace_name: &str,
    now: DateTime<Utc>,
) -> Result<Admitted, Error> {
    if !people::insert(conn, person).await? {
        return Err(Error::AddressTaken);
    }
    people::set_password(conn, person.id, hash, now).await?;
    let workspace = Uuid::now_v7();
    workspaces::insert(conn, workspace, workspace_name, now).await?;
    memberships::insert(conn, workspace, person.id, Role::Admin, now).await?;
    announce_joined(conn, workspace, person.id).await?;
    Ok(Admitted {
        person: person.id,
        workspace,
    })
}

/// Publishes that somebody is a member now, by their own doing.
pub(super) async fn announce_joined(
    conn: &mut Connection,
    workspace: Uuid,
    person: Uuid,
) -> Result<(), Error> {
    let member = memberships::get(conn, workspace, person)
        .await?
        .ok_or(Error::NotFound("member"))?;
    let actor = Actor {
        id: member.id,
        name: &member.name,
    };
    let fields = vec![
        FieldChange::new("name", None::<String>, member.name.clone()),
        FieldChange::new("role", None::<String>, member.role.to_string()),
    ];
    let event = events::member_changed(MemberChange::Joined, &member, actor, fields)?;
    Ok(outbox::append(conn, &event).await?)
}
