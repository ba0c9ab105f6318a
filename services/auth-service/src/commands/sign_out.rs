//! Signing out.

use futures::FutureExt;
use postgres::Connection;
use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    app::{App, now},
    domain::arrival::Arrival,
    error::Error,
    events::Incident,
    keys::token_hash,
    security_log,
    store::{
        memberships,
        sessions::{self, EndReason, Which},
    },
};

/// Ends the session of the refresh token, of the access token, or of both; gives one that ended. To sign out twice is
/// fine.
pub async fn sign_out(
    app: &App,
    refresh: Option<SecretString>,
    session: Option<Uuid>,
    arrival: Arrival,
) -> Result<Option<Uuid>, Error> {
    if refresh.is_none() && session.is_none() {
        return Ok(None);
    }
    let now = now();
    app.write(move |conn| {
        async move {
            let by_cookie = match refresh {
                Some(token) => sessions::of_token(conn, &token_hash(&token)).await?,
                None => None,
            };
            let mut ended = None;
            for session in by_cookie.into_iter().chain(session) {
                if sessions::end(conn, Which::One(session), EndReason::SignedOut, now).await? > 0 {
                    note(conn, session, &arrival).await?;
                    ended = Some(session);
                }
            }
            Ok(ended)
        }
        .boxed()
    })
    .await
}

async fn note(conn: &mut Connection, session: Uuid, arrival: &Arrival) -> Result<(), Error> {
    let Some(session) = sessions::lock(conn, session).await? else {
        return Ok(());
    };
    match memberships::get(conn, session.workspace_id, session.person_id).await? {
        Some(member) => security_log::note(conn, Incident::SignedOut, &member, arrival).await,
        None => Ok(()),
    }
}
