//! Coming in by an invitation's link: as somebody new, who chooses a password, or with the account one has.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use postgres::{Connection, idempotency::Key};
use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    app::{App, now},
    commands::{
        open_session::{Opened, open_session},
        sign_in::await_second_factor,
        sign_up::{Admitted, announce_joined},
    },
    domain::{
        arrival::Arrival,
        password::{Password, WrongLength},
        profile::{Language, Name, TimeZone},
    },
    error::Error,
    queries::inspect_invitation::find_by_token,
    store::{
        invitations::{self, Invitation},
        memberships,
        people::{self, Person},
        workspaces,
    },
    tries::Tries,
};

/// What a person types on the page the link leads to.
pub struct Accept {
    /// The token from the link.
    pub token: SecretString,
    /// The password of the account, or of the account to be.
    pub password: SecretString,
    /// The name, for somebody new.
    pub name: Option<Name>,
    /// The language, for somebody new; otherwise the invitation's.
    pub language: Option<Language>,
    /// The time zone, for somebody new.
    pub time_zone: Option<TimeZone>,
}

/// Who comes in.
enum Guest {
    Known(Uuid),
    New { person: Person, hash: String },
}

/// Makes the holder of the link a member, and opens a session.
pub async fn accept_invitation(
    app: &App,
    typed: Accept,
    arrival: Arrival,
    key: Option<Key>,
) -> Result<Opened, Error> {
    let invitation = find_by_token(app, &typed.token).await?;
    let now = now();
    // Refused before a hash is spent on it; but a replay must come through to its first answer.
    if key.is_none() {
        invitation.moments().check_open(now)?;
    }
    let guest = recognise(app, typed, &invitation, &arrival, now).await?;
    let known = matches!(guest, Guest::Known(_));
    let admitted = app
        .write_once(key, move |conn| {
            async move { admit(conn, &invitation, guest, now).await }.boxed()
        })
        .await?;
    // A member now; but an invitation is no way around the second factor.
    if known {
        await_second_factor(app, admitted.person, None).await?;
    }
    open_session(app, admitted.person, admitted.workspace, arrival).await
}

async fn recognise(
    app: &App,
    typed: Accept,
    invitation: &Invitation,
    arrival: &Arrival,
    now: DateTime<Utc>,
) -> Result<Guest, Error> {
    let wrong_length = |wrong: WrongLength| Error::invalid("password", wrong);
    let known = people::credentials(&mut *app.db.read().await?, &invitation.email).await?;
    if let Some(known) = known {
        let password = Password::typed(&typed.password).map_err(wrong_length)?;
        let tries = Tries::at_account(app, &invitation.email, &arrival.place);
        tries.check(app).await?;
        if app.passwords.place()?.verify(password, known.hash).await?.right {
            return Ok(Guest::Known(known.person));
        }
        tries.wrong_password(app, &invitation.email, arrival).await?;
        return Err(Error::invalid_because(
            "password",
            "wrong",
            "is not the password of this account",
        ));
    }
    let password = Password::choose(&typed.password).map_err(wrong_length)?;
    let name = typed
        .name
        .ok_or_else(|| Error::invalid("name", "is needed for a new account"))?;
    let language = typed
        .language
        .map_or_else(|| invitation.language.clone(), |chosen| chosen.code().to_owned());
    let person = Person {
        id: Uuid::now_v7(),
        email: invitation.email.clone(),
        name: name.into_string(),
        language,
        time_zone: typed.time_zone.unwrap_or(TimeZone::UTC).name().to_owned(),
        created_at: now,
        // Whoever holds the link has read the mail.
        email_verified_at: Some(now),
    };
    let hash = app
        .passwords
        .place()?
        .choose(password, &[&person.email, &person.name])
        .await;
    let hash = hash.map_err(|error| Error::unfit("password", error))?;
    Ok(Guest::New { person, hash })
}

async fn admit(
    conn: &mut Connection,
    seen: &Invitation,
    guest: Guest,
    now: DateTime<Utc>,
) -> Result<Admitted, Error> {
    let workspace = seen.workspace_id;
    workspaces::lock(conn, workspace).await?;
    invitations::lock(conn, seen.id).await?;
    let invitation = invitations::get(conn, seen.id)
        .await?
        .ok_or(Error::NotFound("invitation"))?;
    invitation.moments().check_open(now)?;
    let person = settle(conn, guest, now).await?;
    match memberships::lock(conn, workspace, person).await? {
        None => memberships::insert(conn, workspace, person, invitation.role, now).await?,
        Some(former) if former.removed_at.is_some() => {
            memberships::rejoin(conn, workspace, person, invitation.role, now).await?;
        }
        Some(_present) => return Err(Error::AlreadyMember),
    }
    invitations::accept(conn, invitation.id, person, now).await?;
    announce_joined(conn, workspace, person).await?;
    Ok(Admitted { person, workspace })
}

/// The guest as a stored person, whose profile stays as it is until the event about them is written.
async fn settle(conn: &mut Connection, guest: Guest, now: DateTime<Utc>) -> Result<Uuid, Error> {
    match guest {
        Guest::Known(person) => {
            people::verify_email(conn, person, now).await?;
            people::share(conn, person).await?;
            Ok(person)
        }
        Guest::New { person, hash } => {
            if !people::insert(conn, &person).await? {
                return Err(Error::AddressTaken);
            }
            people::set_password(conn, person.id, &hash, now).await?;
            Ok(person.id)
        }
    }
}
