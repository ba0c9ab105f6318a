//! Signing up: a person, their workspace, and their place in it as its first admin.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use messaging::outbox;
use policy::Role;
use postgres::{Connection, idempotency::Key};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    app::{App, now},
    commands::{
        open_session::{Opened, open_session},
        send_link::SIGN_UP,
    },
    config::SignUpMode,
    domain::{
        address::Address,
        arrival::Arrival,
        password::Password,
        profile::{Language, Name, TimeZone},
    },
    error::Error,
    events::{self, Actor, FieldChange, MemberChange},
    queries::account_link::{check_open, prove},
    store::{
        account_links::{self, AccountLink},
        memberships,
        people::{self, Person},
        workspaces,
    },
};

/// What a person types.
pub struct SignUp {
    /// Who they say they are: their address, which the first person gives, or the link that was mailed to it.
    pub by: By,
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

/// How an address gets into an account.
pub enum By {
    /// Typed by the very first person: there is nobody yet who could be found out, nor perhaps any way to send mail.
    First(Address),
    /// Proved by the token of a mailed link. What is answered to somebody who types an address must not tell whether it
    /// has an account, so nothing is made of it before its owner has read the mail.
    Link(SecretString),
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
    let now = now();
    let (email, link) = admit(app, typed.by, key.is_some()).await?;
    let about = [email.as_str(), typed.name.as_str(), typed.workspace_name.as_str()];
    let hash = app.passwords.place()?.choose(typed.password, &about).await;
    let hash = hash.map_err(|error| Error::unfit("password", error))?;
    let person = Person {
        id: Uuid::now_v7(),
        email,
        name: typed.name.into_string(),
        language: typed.language.code().to_owned(),
        time_zone: typed.time_zone.name().to_owned(),
        created_at: now,
        email_verified_at: link.map(|_| now),
    };
    let admitted = app
        .write_once(key, move |conn| {
            async move {
                match link {
                    None if !workspaces::lock_if_empty(conn).await? => return Err(Error::SignUpClosed),
                    Some(link) if !account_links::consume(conn, link, now).await? => {
                        return Err(Error::LinkOver { state: "used" });
                    }
                    _ => {}
                }
                found(conn, &person, link, &hash, typed.workspace_name.as_str(), now).await
            }
            .boxed()
        })
        .await?;
    open_session(app, admitted.person, admitted.workspace, arrival).await
}

/// The address, and the link that proved it. Whoever may not come in is refused before a hash is spent on them; but a
/// replay must come through to its first answer, whatever became of the link.
async fn admit(app: &App, by: By, replay: bool) -> Result<(String, Option<Uuid>), Error> {
    match (by, app.settings.sign_up) {
        (By::First(address), SignUpMode::Open | SignUpMode::First) => {
            if !replay && !workspaces::is_empty(&mut *app.db.read().await?).await? {
                return Err(Error::SignUpClosed);
            }
            Ok((address.into_string(), None))
        }
        (By::Link(token), SignUpMode::Open) => {
            let link = prove(app, &token, SIGN_UP).await?;
            if !replay {
                check_open(&link)?;
            }
            Ok((address_of(app, &link).await?, Some(link.id)))
        }
        _ => Err(Error::SignUpClosed),
    }
}

/// Where a link was sent: once it was used, the address is its person's.
async fn address_of(app: &App, link: &AccountLink) -> Result<String, Error> {
    let unknown = Error::NotFound("link");
    match (&link.email, link.person_id) {
        (Some(email), _) => Ok(email.clone()),
        (None, Some(person)) => people::about(&mut *app.db.read().await?, person)
            .await?
            .into_iter()
            .next()
            .ok_or(unknown),
        (None, None) => Err(unknown),
    }
}

async fn found(
    conn: &mut Connection,
    person: &Person,
    link: Option<Uuid>,
    hash: &str,
    workspace_name: &str,
    now: DateTime<Utc>,
) -> Result<Admitted, Error> {
    if !people::insert(conn, person).await? {
        // Their owner came by an invitation or a provider after the link was sent.
        return Err(Error::AddressTaken);
    }
    if let Some(link) = link {
        account_links::settle(conn, link, person.id).await?;
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
