//! Opening the signing keys, and making the first one where there is none.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use postgres::Connection;

use crate::{
    app::{App, now},
    commands::rotate_keys::make,
    error::Error,
    keys::{KeyRing, NewKey, PublicKey, RingKey, SigningKey},
    store::signing_keys::{self, StoredKey},
};

/// Reads the keys. The first service that ever starts makes one, under a lock, so that replicas that start together
/// agree on it.
pub async fn open_keys(app: &App) -> Result<KeyRing, Error> {
    let mut stored = signing_keys::all(&mut *app.db.read().await?).await?;
    if stored.is_empty() {
        stored = make_first(app).await?;
    }
    let open = |key: &StoredKey| {
        Ok(RingKey {
            signing: SigningKey::open(&app.secrets, &key.kid, &key.sealed_private)?,
            public: PublicKey::new(&key.kid, &key.modulus, &key.exponent),
            signs_from: key.signs_from,
        })
    };
    let keys: Result<Vec<RingKey>, Error> = stored.iter().map(open).collect();
    Ok(KeyRing::new(keys?))
}

async fn make_first(app: &App) -> Result<Vec<StoredKey>, Error> {
    let key = make(app).await?;
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
        signing_keys::insert(conn, key, now, now).await?;
        tracing::info!(kid = key.kid, "made the first signing key");
    }
    Ok(signing_keys::all(conn).await?)
}
