//! Ending sessions from another one: a lost laptop, a shared computer.

use futures::FutureExt;
use uuid::Uuid;

use crate::{
    access,
    app::{App, now},
    domain::arrival::Arrival,
    error::Error,
    events::Incident,
    security_log,
    store::{
        memberships::Bearer,
        sessions::{self, EndReason, Which},
    },
};

/// Ends one of the caller's sessions, perhaps the present one.
pub async fn end_one(app: &App, bearer: Bearer, session: Uuid, arrival: Arrival) -> Result<(), Error> {
    let which = Which::Own {
        session,
        person: bearer.person,
    };
    match end(app, bearer, which, arrival).await? {
        0 => Err(Error::NotFound("session")),
        _ => Ok(()),
    }
}

/// Ends all of the caller's sessions but the present one, in every workspace; gives how many.
pub async fn end_others(app: &App, bearer: Bearer, arrival: Arrival) -> Result<usize, Error> {
    let which = Which::AllOf {
        person: bearer.person,
        except: Some(bearer.session),
    };
    end(app, bearer, which, arrival).await
}

async fn end(app: &App, bearer: Bearer, which: Which<'static>, arrival: Arrival) -> Result<usize, Error> {
    let now = now();
    app.write(move |conn| {
        async move {
            let caller = access::acting(conn, bearer).await?;
            let ended = sessions::end(conn, which, EndReason::Ended, now).await?;
            if ended > 0 {
                security_log::note(conn, Incident::SessionsEnded, &caller, &arrival).await?;
            }
            Ok(ended)
        }
        .boxed()
    })
    .await
}
