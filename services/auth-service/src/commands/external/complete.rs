//! What somebody gets for having signed in elsewhere: a session, a link to their account, or the reason why not.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use postgres::Connection;
use secrecy::SecretString;
use uuid::Uuid;

use super::{BACK, Back, Purpose, join};
use crate::{
    app::{App, now},
    ceremony,
    commands::{
        open_session::{Opened, open_session_of},
        sign_in::await_second_factor,
    },
    domain::{arrival::Arrival, return_path::ReturnPath},
    error::Error,
    events::Notice,
    providers::Profile,
    security_log,
    store::{
        identities::{self, Identity, Seen},
        memberships,
        origins::Origin,
        people, pictures, sessions,
    },
};

/// What came of it.
pub struct Completed {
    /// The session; none where an identity was linked.
    pub opened: Option<Opened>,
    /// Where the browser wanted to go.
    pub return_to: ReturnPath,
}

enum Outcome {
    SignIn(Uuid),
    Linked,
    /// A result and not an error, since the ceremony is used up by it.
    Refused(Error),
}

/// Completes what the cookie holds.
pub async fn complete(app: &App, sealed: &SecretString, arrival: Arrival) -> Result<Completed, Error> {
    let ceremony = ceremony::open::<Back>(&app.secrets, BACK, sealed)?;
    let return_to = ReturnPath::or_front_page(&ceremony.about.return_to);
    let origin = Origin {
        issuer: ceremony.about.profile.issuer.clone(),
        session: ceremony.about.profile.session.clone(),
    };
    let (work, from, now) = (app.clone(), arrival.clone(), now());
    let outcome = app
        .write(move |conn| {
            async move {
                ceremony.use_up(conn).await?;
                match settle(&work, conn, ceremony.about, &from, now).await {
                    Err(
                        why @ (Error::LinkFirst
                        | Error::NoAccount
                        | Error::IdentityTaken
                        | Error::SessionOver),
                    ) => Ok(Outcome::Refused(why)),
                    other => other,
                }
            }
            .boxed()
        })
        .await?;
    app.pictured.notify_one();
    let opened = match outcome {
        Outcome::Refused(why) => return Err(why),
        Outcome::Linked => None,
        Outcome::SignIn(person) => {
            await_second_factor(app, person, Some(origin.clone()))
                .await
                .map_err(|error| error.on_the_way_to(&return_to))?;
            let workspace = memberships::usual_workspace(&mut *app.db.read().await?, person).await?;
            let workspace = workspace.ok_or(Error::NoWorkspace)?;
            Some(open_session_of(app, person, workspace, arrival, Some(origin)).await?)
        }
    };
    Ok(Completed { opened, return_to })
}

async fn settle(
    app: &App,
    conn: &mut Connection,
    back: Back,
    from: &Arrival,
    now: DateTime<Utc>,
) -> Result<Outcome, Error> {
    let profile = back.profile;
    let known = identities::lock(conn, &profile.issuer, &profile.subject).await?;
    match back.purpose {
        Purpose::Link { person, session } => {
            let live = sessions::lock(conn, session).await?;
            if !live.is_some_and(|live| live.ended_at.is_none() && live.expires_at > now) {
                return Err(Error::SessionOver);
            }
            match known {
                Some(known) if known.person_id == person => {}
                Some(_anothers) => return Err(Error::IdentityTaken),
                None => link(conn, person, &profile, from, now).await?,
            }
            Ok(Outcome::Linked)
        }
        Purpose::SignIn => {
            let person = match known {
                Some(known) => {
                    identities::see(conn, known.id, &seen(&profile, now)).await?;
                    known.person_id
                }
                None => join::join(app, conn, &profile, now).await?,
            };
            want_picture(conn, person, &profile, now).await?;
            join::follow_groups(app, conn, person, &profile, now).await?;
            Ok(Outcome::SignIn(person))
        }
    }
}

async fn link(
    conn: &mut Connection,
    person: Uuid,
    profile: &Profile,
    from: &Arrival,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    // The person is kept from being erased meanwhile.
    people::share(conn, person).await?.ok_or(Error::SessionOver)?;
    if !identities::insert(conn, &identity(person, profile, now)).await? {
        return Err(Error::IdentityTaken);
    }
    want_picture(conn, person, profile, now).await?;
    security_log::tell_of(conn, Notice::IdentityLinked, person, from).await
}

/// Has the picture fetched that the provider tells of.
async fn want_picture(
    conn: &mut Connection,
    person: Uuid,
    profile: &Profile,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    if let Some(url) = &profile.picture {
        pictures::want(conn, person, &profile.issuer, url, now).await?;
    }
    Ok(())
}

/// A new row.
pub(super) fn identity(person: Uuid, profile: &Profile, now: DateTime<Utc>) -> Identity {
    Identity {
        id: Uuid::now_v7(),
        person_id: person,
        issuer: profile.issuer.clone(),
        subject: profile.subject.clone(),
        email: profile.email.clone(),
        name: profile.name.clone(),
        picture: profile.picture.clone(),
        linked_at: now,
        last_used_at: Some(now),
    }
}

fn seen(profile: &Profile, now: DateTime<Utc>) -> Seen {
    Seen {
        email: profile.email.clone(),
        name: profile.name.clone(),
        picture: profile.picture.clone(),
        last_used_at: Some(now),
    }
}
