//! The second half of a sign-in: a code for the ticket that the right password gave.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use postgres::Connection;
use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    app::{App, now},
    commands::{open_session::Opened, sign_in::open_usual},
    domain::{arrival::Arrival, code::Code},
    error::Error,
    events::Incident,
    keys::token_hash,
    second_factor, security_log,
    store::{origins::Origin, second_factors},
    tries::Tries,
};

/// Codes that one ticket is good for: a million guesses take a million right passwords divided by this.
const MOST_TRIES: i32 = 5;

/// What came of a code.
enum Verdict {
    Right(Uuid, Option<Origin>),
    Wrong(Uuid),
    Over,
}

/// Opens a session for whoever holds the ticket and a code.
pub async fn present_code(
    app: &App,
    ticket: SecretString,
    code: Code,
    arrival: Arrival,
) -> Result<Opened, Error> {
    let (work, now, from) = (app.clone(), now(), arrival.clone());
    // A wrong code is a result and not an error, since the count of tries must be committed.
    let verdict = app
        .write(move |conn| {
            async move { judge(&work, conn, &token_hash(&ticket), &code, &from, now).await }.boxed()
        })
        .await?;
    let (person, right) = match verdict {
        Verdict::Over => return Err(Error::TicketOver),
        Verdict::Wrong(person) => (person, None),
        Verdict::Right(person, origin) => (person, Some(origin)),
    };
    let tries = Tries::at_account_of(app, person, &arrival).await?;
    let Some(origin) = right else {
        // Counted like a wrong password: a right one must not make codes cheap to guess.
        metrics::counter!("auth_sign_in_total", "outcome" => "wrong_code").increment(1);
        tries.wrong(app).await?;
        return Err(Error::WrongCode);
    };
    let opened = open_usual(app, person, arrival, tries, origin).await?;
    metrics::counter!("auth_sign_in_total", "outcome" => "opened").increment(1);
    Ok(opened)
}

async fn judge(
    app: &App,
    conn: &mut Connection,
    ticket: &[u8],
    code: &Code,
    from: &Arrival,
    now: DateTime<Utc>,
) -> Result<Verdict, Error> {
    let Some(found) = second_factors::try_ticket(conn, ticket).await? else {
        return Ok(Verdict::Over);
    };
    if found.expires_at <= now || found.tries > MOST_TRIES {
        return Ok(Verdict::Over);
    }
    if !second_factor::accept(app, conn, found.person_id, code, now).await? {
        security_log::note_of(conn, Incident::CodeRefused, found.person_id, from).await?;
        return Ok(Verdict::Wrong(found.person_id));
    }
    second_factors::delete_ticket(conn, ticket).await?;
    Ok(Verdict::Right(found.person_id, found.origin()))
}
