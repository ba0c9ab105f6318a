//! Opening the signing keys, and making the first one where there is none.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use postgres::Connection;

use crate::{
    app::{App, now},
    error::Error,
    keys::{KeyRing, NewKey, PublicKey, SigningKey},
    store::signing_keys::{self, StoredKey},
};

/// Reads the keys. The first service that ever starts makes one, under a lock, so that replicas that start together
/// agree on it.
pub async fn open_keys(app: &App) -> Result<KeyRing, Error> {
    let mut stored = signing_keys::all(&mut *app.db.read().await?).await?;
    if stored.is_empty() {
        stored = make_first(app).await?;
    }
    let newest = stored.first().ok_or(Error::NotFound("signing key"))?;
    let signer = SigningKey::open(&app.secrets, &newest.kid, &newest.sealed_private)?;
    let public = stored
        .iter()
        .map(|key| PublicKey::new(&key.kid, &key.modulus, &key.exponent))
        .collect();
    Ok(KeyRing::new(signer, public))
}

async fn make_first(app: &App) -> Result<Vec<StoredKey>, Error> {
    // Made outside the transaction: it takes long, and to throw away a spare key costs nothing.
    let maker = app.clone();
    let made = tokio::task::spawn_blocking(move || NewKey::generate(&maker.secrets));
    let key = made
        .await
        .map_err(|error| Error::Hash(crate::passwords::HashError::Thread(error)))??;
    let now = now();
    app.db
        .write(move |conn| async move { insert_if_first(conn, &key, now).await }.boxed())
        .await
}

async fn insert_if_first(
    conn: &mut Connection,
    key: &NewKey,
    now: DateTime<Utc>,
) -> Result<Vec<StoredKey>, Error> {
    signing_keys::lock(conn).await?;
    if signing_keys::all(conn).await?.is_empty() {
        signing_keys::insert(conn, key, now).await?;
        tracing::info!(kid = key.kid, "made the first signing key");
    }
    Ok(signing_keys::all(conn).await?)
}
