//! Adding a passkey, in two steps, and removing one.

use futures::FutureExt;
use policy::Operation;
use postgres::Connection;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;
use webauthn_rs::prelude::PasskeyRegistration;

use crate::{
    access,
    app::{App, now},
    ceremony,
    commands::second_factor::{forget_codes_of_none, new_codes},
    domain::{arrival::Arrival, profile::Name},
    error::Error,
    events::Notice,
    passkeys::{Enrolled, MOST},
    security_log,
    store::{
        memberships::Bearer,
        passkeys::{self, StoredPasskey},
        people, second_factors,
    },
    views::{PasskeyAdded, Question},
};

const KIND: &str = "enrol a passkey";

#[derive(Serialize, Deserialize)]
struct Enrolment {
    session: Uuid,
    waiting: PasskeyRegistration,
}

/// Asks the caller's browser for a new passkey.
pub async fn begin(app: &App, bearer: Bearer) -> Result<Question, Error> {
    let mut conn = app.db.read().await?;
    let caller = access::allowed(&mut conn, bearer, Operation::SecondFactorChange).await?;
    let known = passkeys::of_person(&mut conn, bearer.person).await?;
    drop(conn);
    if known.len() >= MOST {
        return Err(Error::TooManyPasskeys);
    }
    let known: Vec<Value> = known.into_iter().map(|known| known.credential).collect();
    let (options, waiting) = app
        .passkeys
        .ask_to_enrol(bearer.person, &caller.email, &caller.name, &known)?;
    let about = Enrolment {
        session: bearer.session,
        waiting,
    };
    Ok(Question {
        ceremony: ceremony::begin(&app.secrets, KIND, about)?,
        options,
    })
}

/// Adds the passkey that the browser made. Whoever had no recovery codes gets some.
pub async fn finish(
    app: &App,
    bearer: Bearer,
    sealed: &SecretString,
    name: Name,
    credential: Value,
    arrival: Arrival,
) -> Result<PasskeyAdded, Error> {
    let ceremony = ceremony::open::<Enrolment>(&app.secrets, KIND, sealed)?;
    if ceremony.about.session != bearer.session {
        return Err(Error::CeremonyOver);
    }
    let Enrolled { id, credential } = app.passkeys.enrol(credential, &ceremony.about.waiting)?;
    let new = StoredPasskey {
        id: Uuid::now_v7(),
        person_id: bearer.person,
        credential_id: id,
        credential,
        name: name.into_string(),
        created_at: now(),
        last_used_at: None,
    };
    let work = app.clone();
    app.write(move |conn| {
        async move {
            // Who adds several at once waits here, so that the count below holds.
            people::lock(conn, bearer.person).await?;
            let caller = access::allowed(conn, bearer, Operation::SecondFactorChange).await?;
            ceremony.use_up(conn).await?;
            if passkeys::of_person(conn, bearer.person).await?.len() >= MOST {
                return Err(Error::TooManyPasskeys);
            }
            if !passkeys::insert(conn, &new).await? {
                return Err(Error::PasskeyKnown);
            }
            let recovery_codes = match second_factors::codes_left(conn, bearer.person).await? {
                0 => Some(new_codes(&work, conn, bearer).await?),
                _some => None,
            };
            security_log::tell(conn, Notice::PasskeyAdded, &caller, &arrival).await?;
            Ok(PasskeyAdded {
                passkey: new.into(),
                recovery_codes,
            })
        }
        .boxed()
    })
    .await
}

/// Removes one of the caller's passkeys.
pub async fn remove(app: &App, bearer: Bearer, id: Uuid, arrival: Arrival) -> Result<(), Error> {
    app.write(move |conn| async move { remove_in(conn, bearer, id, &arrival).await }.boxed())
        .await
}

async fn remove_in(conn: &mut Connection, bearer: Bearer, id: Uuid, arrival: &Arrival) -> Result<(), Error> {
    people::lock(conn, bearer.person).await?;
    let caller = access::allowed(conn, bearer, Operation::SecondFactorChange).await?;
    if !passkeys::remove(conn, bearer.person, id).await? {
        return Err(Error::NotFound("passkey"));
    }
    access::check_way_in(conn, bearer.person).await?;
    forget_codes_of_none(conn, bearer.person).await?;
    access::check_still_guarded(conn, bearer.person).await?;
    security_log::tell(conn, Notice::PasskeyRemoved, &caller, arrival).await
}
