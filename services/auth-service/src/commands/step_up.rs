//! Proving once more who one is, before something dangerous. With a second factor only that counts: a password may
//! have been looked at over a shoulder.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use postgres::Connection;
use secrecy::SecretString;
use serde_json::Value;

use crate::{
    access,
    app::{App, now},
    ceremony::Ceremony,
    commands::present_passkey::{self, Proving},
    domain::{arrival::Arrival, code::Code, password::Password, proof},
    error::Error,
    passkeys::Answer,
    second_factor,
    store::{memberships::Bearer, people, second_factors, sessions},
    tries::Tries,
    views::Proven,
};

/// What is presented.
pub enum Proof {
    /// The password.
    Password(Password),
    /// A code.
    Code(Code),
    /// The answer of a passkey.
    Passkey {
        /// What was begun.
        ceremony: SecretString,
        /// What the browser gave.
        credential: Value,
    },
}

/// A proof that is judged inside the transaction that notes it.
enum Pending {
    Judged,
    Code(Code),
    Passkey(Box<(Ceremony<Proving>, Answer)>),
}

/// Notes in the session that the person has just proved who they are.
pub async fn step_up(app: &App, bearer: Bearer, proof: Proof, arrival: Arrival) -> Result<Proven, Error> {
    let tries = Tries::in_session(app, bearer.session);
    tries.check(app).await?;
    let now = now();
    let (pending, field) = match proof {
        Proof::Password(password) => {
            check_password(app, bearer, password).await?;
            (Pending::Judged, "password")
        }
        Proof::Code(code) => (Pending::Code(code), "code"),
        Proof::Passkey { ceremony, credential } => {
            let ceremony = present_passkey::open_proof(app, bearer, &ceremony)?;
            let pending = Box::new((ceremony, Answer::parse(credential)?));
            (Pending::Passkey(pending), "credential")
        }
    };
    let work = app.clone();
    // A wrong proof is a result and not an error, since the count of tries must be committed.
    let proved = app
        .db
        .write(move |conn| {
            async move {
                access::acting(conn, bearer).await?;
                if !accept(&work, conn, bearer, pending, &arrival, now).await? {
                    tries.wrong_in(conn, now).await?;
                    return Ok(false);
                }
                sessions::prove(conn, bearer.session, now).await?;
                tries.right_in(conn).await?;
                Ok::<_, Error>(true)
            }
            .boxed()
        })
        .await?;
    if !proved {
        return Err(Error::invalid(field, "is wrong, or was used already"));
    }
    Ok(Proven {
        proved_at: now,
        valid_until: now + proof::FRESH,
    })
}

/// Refuses a wrong password, and any password where a second factor is switched on.
async fn check_password(app: &App, bearer: Bearer, password: Password) -> Result<(), Error> {
    let mut conn = app.db.read().await?;
    let member = access::acting(&mut conn, bearer).await?;
    if second_factors::means(&mut conn, bearer.person).await?.any() {
        return Err(Error::invalid(
            "password",
            "is not enough here: give your second factor",
        ));
    }
    let known = people::credentials(&mut conn, &member.email).await?;
    drop(conn);
    let stored = known.and_then(|known| known.hash);
    if app.passwords.place()?.verify(password, stored).await?.right {
        return Ok(());
    }
    Tries::in_session(app, bearer.session).wrong(app).await?;
    Err(Error::invalid("password", "is wrong"))
}

async fn accept(
    app: &App,
    conn: &mut Connection,
    bearer: Bearer,
    pending: Pending,
    arrival: &Arrival,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    match pending {
        Pending::Judged => Ok(true),
        // A secret that was never confirmed proves nothing.
        Pending::Code(_) if !second_factors::means(conn, bearer.person).await?.any() => Ok(false),
        Pending::Code(code) => second_factor::accept(app, conn, bearer.person, &code, now).await,
        Pending::Passkey(passkey) => {
            let (ceremony, answer) = *passkey;
            present_passkey::accept_proof(app, conn, ceremony, &answer, arrival, now).await
        }
    }
}
