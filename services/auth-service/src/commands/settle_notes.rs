//! Looking up the accounts of addresses at which something was done: sending the links that were asked for, and noting
//! refused sign-ins in the security log. It is done here and not in the request, so that neither the answer nor its
//! time tells whether an address has an account.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use postgres::Connection;

use crate::{
    app::{App, now},
    commands::send_link::{LINK, send_link, send_sign_up_link},
    domain::arrival::Arrival,
    error::Error,
    events::{Incident, LinkMail},
    security_log,
    store::{
        address_notes::{self, AddressNote, REFUSED, SIGN_UP},
        people,
    },
};

/// Notes settled in one transaction.
const BATCH: i64 = 20;

/// Settles notes; gives how many.
pub async fn settle_notes(app: &App) -> Result<usize, Error> {
    let now = now();
    app.write(move |conn| {
        async move {
            let notes = address_notes::take(conn, BATCH).await?;
            for note in &notes {
                settle(conn, note, now).await?;
            }
            Ok(notes.len())
        }
        .boxed()
    })
    .await
}

async fn settle(conn: &mut Connection, note: &AddressNote, now: DateTime<Utc>) -> Result<(), Error> {
    let known = people::credentials(conn, &note.email).await?;
    let known = known.map(|known| known.person);
    if note.kind == REFUSED {
        let Some(person) = known else { return Ok(()) };
        let arrival = Arrival {
            device: note.device.clone(),
            place: note.place.clone(),
        };
        return security_log::note_of(conn, Incident::SignInRefused, person, &arrival).await;
    }
    // A link that was asked for long ago is no longer wanted.
    if now - note.made_at > LINK {
        return Ok(());
    }
    match known {
        Some(person) if note.kind == SIGN_UP => send_link(conn, person, LinkMail::Exists, now).await,
        Some(person) => send_link(conn, person, LinkMail::Reset, now).await,
        None if note.kind == SIGN_UP => send_sign_up_link(conn, &note.email, &note.language, now).await,
        None => Ok(()),
    }
}
