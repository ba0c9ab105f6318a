//! Ending sessions from another one: a lost laptop, a shared computer.

use futures::FutureExt;
use uuid::Uuid;

use crate::{
    access,
    app::{App, now},
    error::Error,
    store::{
        memberships::Bearer,
        sessions::{self, EndReason, Which},
    },
};

/// Ends one of the caller's sessions, perhaps the present one.
pub async fn end_one(app: &App, bearer: Bearer, session: Uuid) -> Result<(), Error> {
    let which = Which::Own {
        session,
        person: bearer.person,
    };
    match end(app, bearer, which).await? {
        0 => Err(Error::NotFound("session")),
        _ => Ok(()),
    }
}

/// Ends all of the caller's sessions but the present one, in every workspace; gives how many.
pub async fn end_others(app: &App, bearer: Bearer) -> Result<usize, Error> {
    let which = Which::AllOf {
        person: bearer.person,
        except: Some(bearer.session),
    };
    end(app, bearer, which).await
}

async fn end(app: &App, bearer: Bearer, which: Which) -> Result<usize, Error> {
    let now = now();
    app.write(move |conn| {
        async move {
            access::acting(conn, bearer).await?;
            Ok(sessions::end(conn, which, EndReason::Ended, now).await?)
        }
        .boxed()
    })
    .await
}
