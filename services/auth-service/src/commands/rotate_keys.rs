//! Rotating the signing keys without refusing a valid token: a new key is published, signs after a while, and the one
//! before is retired when the last of its tokens has expired.

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;
use postgres::Connection;

use crate::{
    app::{App, now},
    domain::rotation::{Duty, duties},
    error::Error,
    events::Incident,
    keys::NewKey,
    security_log,
    store::signing_keys::{self, StoredKey},
};

/// A key and what it does.
pub struct KeyState {
    /// Its id.
    pub kid: String,
    /// What it does now.
    pub duty: Duty,
    /// From when on it signs.
    pub signs_from: DateTime<Utc>,
}

/// Makes a key that signs after `wait`. One that waits already is given back instead: keys are rotated one by one.
pub async fn rotate(app: &App, wait: TimeDelta) -> Result<KeyState, Error> {
    let key = make(app).await?;
    let now = now();
    let state = app
        .db
        .write(move |conn| {
            async move {
                signing_keys::lock(conn).await?;
                let states = states(conn, now).await?;
                if let Some(waiting) = states.into_iter().find(|state| state.duty == Duty::Waiting) {
                    return Ok(waiting);
                }
                signing_keys::insert(conn, &key, now, now + wait).await?;
                security_log::note_key(conn, Incident::KeyMade, &key.kid).await?;
                Ok(KeyState {
                    kid: key.kid,
                    duty: Duty::Waiting,
                    signs_from: now + wait,
                })
            }
            .boxed()
        })
        .await;
    app.keys.expire();
    state
}

/// The keys that are not retired, the newest first.
pub async fn list(app: &App) -> Result<Vec<KeyState>, Error> {
    states(&mut *app.db.read().await?, now()).await
}

/// Retires a key: it is published no more. Only an idle one, unless `leaked`: then its tokens end with it.
pub async fn retire(app: &App, kid: String, leaked: bool) -> Result<(), Error> {
    let now = now();
    app.db
        .write(move |conn| {
            async move {
                signing_keys::lock(conn).await?;
                let states = states(conn, now).await?;
                let state = states
                    .iter()
                    .find(|state| state.kid == kid)
                    .ok_or(Error::NotFound("signing key"))?;
                let others = states.iter().any(|other| other.kid != kid);
                if !others || (state.duty != Duty::Idle && !leaked) {
                    return Err(Error::KeyInUse(state.duty));
                }
                signing_keys::retire(conn, &kid, now).await?;
                security_log::note_key(conn, Incident::KeyRetired, &kid).await
            }
            .boxed()
        })
        .await?;
    app.keys.expire();
    Ok(())
}

/// A new key, made outside any transaction: it takes long, and to throw away a spare one costs nothing.
pub(super) async fn make(app: &App) -> Result<NewKey, Error> {
    let maker = app.clone();
    let made = tokio::task::spawn_blocking(move || NewKey::generate(&maker.secrets)).await;
    Ok(made.map_err(crate::passwords::HashError::Thread)??)
}

async fn states(conn: &mut Connection, now: DateTime<Utc>) -> Result<Vec<KeyState>, Error> {
    let stored = signing_keys::all(conn).await?;
    let signs_from: Vec<_> = stored.iter().map(|key| key.signs_from).collect();
    let duties = duties(&signs_from, now);
    let state = |(key, duty): (StoredKey, Duty)| KeyState {
        kid: key.kid,
        duty,
        signs_from: key.signs_from,
    };
    Ok(stored.into_iter().zip(duties).map(state).collect())
}
