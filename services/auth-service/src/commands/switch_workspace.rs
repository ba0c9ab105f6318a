//! Going on in another workspace without signing in again. A session belongs to one workspace, so another one opens and
//! the present one ends; what was proved in it counts on.

use futures::FutureExt;
use uuid::Uuid;

use crate::{
    access,
    app::{App, now},
    commands::open_session::{Opened, begin, describe},
    domain::arrival::Arrival,
    error::Error,
    store::{
        memberships::Bearer,
        origins,
        sessions::{self, EndReason, Which},
    },
};

/// Opens a session in a workspace the caller belongs to, and ends the present one.
pub async fn switch_workspace(
    app: &App,
    bearer: Bearer,
    workspace: Uuid,
    arrival: Arrival,
) -> Result<Opened, Error> {
    let keys = app.keys().await?;
    let now = now();
    let beginning = begin(app, bearer.person, workspace, &arrival, now)?;
    let opened = app
        .write(move |conn| {
            async move {
                access::acting(conn, bearer).await?;
                let proved_at = sessions::proved_at(conn, bearer.session).await?;
                let origin = origins::origin(conn, bearer.session).await?;
                let started = beginning
                    .from(origin)
                    .proved_at(proved_at.unwrap_or(now))
                    .insert(conn)
                    .await
                    .map_err(|error| match error {
                        // Whether a workspace exists is nothing that others are told.
                        Error::NoWorkspace => Error::NotFound("workspace"),
                        other => other,
                    })?;
                sessions::end(conn, Which::One(bearer.session), EndReason::SignedOut, now).await?;
                Ok(started)
            }
            .boxed()
        })
        .await?;
    Ok(Opened {
        session: describe(app, &keys, opened.session, opened.holder)?,
        refresh: opened.refresh,
        max_age: opened.max_age,
    })
}
