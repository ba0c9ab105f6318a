//! Signing in with a passkey, alone or after a password; and proving by one who one is.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use postgres::Connection;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    access,
    app::{App, now},
    ceremony::{self, Ceremony},
    commands::{open_session::Opened, sign_in::open_usual},
    domain::arrival::Arrival,
    error::Error,
    events::Incident,
    keys::token_hash,
    passkeys::{Answer, Asked},
    security_log,
    store::{memberships::Bearer, origins::Origin, passkeys, second_factors},
    tries::Tries,
    views::Question,
};

const SIGN_IN: &str = "sign in with a passkey";
const PROOF: &str = "prove it with a passkey";

/// What was asked of whoever wants to come in, and which provider had vouched for them before, if one had.
#[derive(Serialize, Deserialize)]
struct Entering {
    asked: Asked,
    issuer: Option<String>,
    issuer_session: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Proving {
    session: Uuid,
    asked: Asked,
}

/// Asks for a passkey: of the person who holds the ticket, or else of anybody.
pub async fn begin(app: &App, ticket: Option<SecretString>) -> Result<Question, Error> {
    let ((options, asked), origin) = match ticket {
        None => (app.passkeys.ask_anybody()?, None),
        Some(ticket) => {
            let mut conn = app.db.read().await?;
            let found = second_factors::ticket(&mut conn, &token_hash(&ticket)).await?;
            let found = found.filter(|found| found.expires_at > now());
            let found = found.ok_or(Error::TicketOver)?;
            (ask(app, &mut conn, found.person_id).await?, found.origin())
        }
    };
    let (issuer, issuer_session) = origin.map(|origin| (origin.issuer, origin.session)).unzip();
    let about = Entering {
        asked,
        issuer,
        issuer_session: issuer_session.flatten(),
    };
    Ok(Question {
        ceremony: ceremony::begin(&app.secrets, SIGN_IN, about)?,
        options,
    })
}

/// Opens a session for whoever gave the right answer.
pub async fn sign_in(
    app: &App,
    sealed: &SecretString,
    credential: Value,
    arrival: Arrival,
) -> Result<Opened, Error> {
    let ceremony = ceremony::open::<Entering>(&app.secrets, SIGN_IN, sealed)?;
    let origin = ceremony.about.issuer.clone().map(|issuer| Origin {
        issuer,
        session: ceremony.about.issuer_session.clone(),
    });
    let answer = Answer::parse(credential)?;
    let (work, now, from) = (app.clone(), now(), arrival.clone());
    // A wrong answer is a result and not an error, since the ceremony is used up by it.
    let person = app
        .write(move |conn| {
            async move {
                ceremony.use_up(conn).await?;
                accept(&work, conn, ceremony.about.asked, &answer, &from, now).await
            }
            .boxed()
        })
        .await?;
    let Some(person) = person else {
        metrics::counter!("auth_sign_in_total", "outcome" => "wrong_passkey").increment(1);
        return Err(Error::WrongPasskey);
    };
    let tries = Tries::at_account_of(app, person, &arrival).await?;
    let opened = open_usual(app, person, arrival, tries, origin).await?;
    metrics::counter!("auth_sign_in_total", "outcome" => "opened").increment(1);
    Ok(opened)
}

/// Asks for a passkey of the caller, to prove who they are.
pub async fn begin_proof(app: &App, bearer: Bearer) -> Result<Question, Error> {
    let mut conn = app.db.read().await?;
    access::acting(&mut conn, bearer).await?;
    let (options, asked) = ask(app, &mut conn, bearer.person).await?;
    let about = Proving {
        session: bearer.session,
        asked,
    };
    Ok(Question {
        ceremony: ceremony::begin(&app.secrets, PROOF, about)?,
        options,
    })
}

/// Reads what was begun in this session.
pub(super) fn open_proof(
    app: &App,
    bearer: Bearer,
    sealed: &SecretString,
) -> Result<Ceremony<Proving>, Error> {
    let ceremony = ceremony::open::<Proving>(&app.secrets, PROOF, sealed)?;
    if ceremony.about.session != bearer.session {
        return Err(Error::CeremonyOver);
    }
    Ok(ceremony)
}

/// Whether the answer proves that the caller is who they are.
pub(super) async fn accept_proof(
    app: &App,
    conn: &mut Connection,
    ceremony: Ceremony<Proving>,
    answer: &Answer,
    from: &Arrival,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    ceremony.use_up(conn).await?;
    let person = accept(app, conn, ceremony.about.asked, answer, from, now).await?;
    Ok(person.is_some())
}

async fn ask(app: &App, conn: &mut Connection, person: Uuid) -> Result<(Value, Asked), Error> {
    let known = passkeys::of_person(conn, person).await?;
    let known: Vec<Value> = known.into_iter().map(|known| known.credential).collect();
    app.passkeys.ask_person(person, &known)
}

/// The person whose passkey gave the right answer.
async fn accept(
    app: &App,
    conn: &mut Connection,
    asked: Asked,
    answer: &Answer,
    from: &Arrival,
    now: DateTime<Utc>,
) -> Result<Option<Uuid>, Error> {
    let Some(stored) = passkeys::lock(conn, answer.credential_id()).await? else {
        return Ok(None);
    };
    let person = stored.person_id;
    match app.passkeys.check(answer, asked, person, &stored.credential)? {
        Some(credential) => {
            passkeys::mark_used(conn, stored.id, &credential, now).await?;
            Ok(Some(person))
        }
        None => {
            security_log::note_of(conn, Incident::PasskeyRefused, person, from).await?;
            Ok(None)
        }
    }
}
