//! Fetching the pictures that providers told of. It is done here and not while somebody signs in: nobody waits for it,
//! and nothing is locked meanwhile.

use chrono::{DateTime, TimeDelta, Utc};
use futures::{FutureExt, future::join_all};
use postgres::Connection;

use super::edit_me::announce_edit;
use crate::{
    app::{App, now},
    domain::picture::Picture,
    error::Error,
    events::FieldChange,
    store::{
        people,
        pictures::{self, Due},
    },
};

/// Pictures fetched at a time.
const BATCH: i64 = 5;
/// After this long whoever took one is taken for dead; longer than any fetch.
const LEASE: TimeDelta = TimeDelta::minutes(2);
/// So often a provider is asked for one picture.
const TRIES: i32 = 5;

/// Fetches pictures that are due; gives how many were tried.
pub async fn fetch_pictures(app: &App) -> Result<usize, Error> {
    let now = now();
    let due = app
        .db
        .write(move |conn| {
            async move { Ok::<_, Error>(pictures::take(conn, BATCH, now, now + LEASE).await?) }.boxed()
        })
        .await?;
    let count = due.len();
    let outcomes = join_all(due.into_iter().map(|due| fetch(app, due))).await;
    outcomes.into_iter().collect::<Result<(), Error>>()?;
    Ok(count)
}

async fn fetch(app: &App, due: Due) -> Result<(), Error> {
    match app.providers.picture(&due.url, &due.issuer).await {
        Ok(picture) => {
            app.write(move |conn| async move { keep(conn, &due, &picture, now()).await }.boxed())
                .await
        }
        Err(error) => {
            // Neither where it is, which is theirs, nor whose it is.
            tracing::info!(
                error = &error as &dyn std::error::Error,
                tries = due.tries,
                issuer = due.issuer,
                "a picture could not be fetched"
            );
            let again = (due.tries < TRIES && !error.is_final()).then(|| now() + patience(due.tries));
            app.write(move |conn| async move { Ok(pictures::fail(conn, &due, again).await?) }.boxed())
                .await
        }
    }
}

/// Two minutes, then four, and so on.
fn patience(tries: i32) -> TimeDelta {
    TimeDelta::minutes(1 << tries.clamp(0, TRIES))
}

async fn keep(conn: &mut Connection, due: &Due, fetched: &Picture, now: DateTime<Utc>) -> Result<(), Error> {
    // Nothing is kept for who was erased, or chose for themselves, meanwhile.
    if people::lock(conn, due.person_id).await?.is_none() || !pictures::keep(conn, due, fetched, now).await? {
        return Ok(());
    }
    let version = fetched.version();
    let before = people::picture(conn, due.person_id).await?;
    if before.as_deref() == Some(&version) {
        return Ok(());
    }
    people::set_picture(conn, due.person_id, Some(&version)).await?;
    announce_edit(
        conn,
        due.person_id,
        &[FieldChange::new("picture", before, version)],
    )
    .await?;
    Ok(())
}
