//! What begins with one request and is completed by another: enrolling a passkey, signing in with one, coming back from
//! an identity provider. What the second request must know travels with the client, sealed, so that a flood of
//! beginnings fills no table; that a ceremony was completed is written down, so that each works once.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use chrono::{DateTime, TimeDelta, Utc};
use postgres::Connection;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{app::now, error::Error, keys::Secrets, store::ceremonies};

/// How long a person may take.
pub const LIFE: TimeDelta = TimeDelta::minutes(5);
/// Nothing that we seal is longer, in characters.
const MAX_SEALED: usize = 48 * 1024;

/// What is sealed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Ceremony<T> {
    id: Uuid,
    expires_at: DateTime<Utc>,
    /// What the second request must know.
    pub about: T,
}

/// Begins a ceremony of this kind. It opens only as the same kind.
pub fn begin<T: Serialize>(secrets: &Secrets, kind: &str, about: T) -> Result<SecretString, Error> {
    begin_for(secrets, kind, about, LIFE)
}

/// The same, with another life.
pub fn begin_for<T: Serialize>(
    secrets: &Secrets,
    kind: &str,
    about: T,
    life: TimeDelta,
) -> Result<SecretString, Error> {
    let ceremony = Ceremony {
        id: Uuid::now_v7(),
        expires_at: now() + life,
        about,
    };
    let sealed = secrets.seal(kind.as_bytes(), &serde_json::to_vec(&ceremony)?)?;
    Ok(SecretString::from(BASE64.encode(sealed)))
}

/// Reads a ceremony of this kind.
///
/// # Errors
/// [`Error::CeremonyOver`] when it is none of ours, of another kind, or too old.
pub fn open<T: DeserializeOwned>(
    secrets: &Secrets,
    kind: &str,
    sealed: &SecretString,
) -> Result<Ceremony<T>, Error> {
    let sealed = sealed.expose_secret();
    if sealed.len() > MAX_SEALED {
        return Err(Error::CeremonyOver);
    }
    let sealed = BASE64.decode(sealed).map_err(|_broken| Error::CeremonyOver)?;
    let plain = secrets
        .open(kind.as_bytes(), &sealed)
        .map_err(|_refused| Error::CeremonyOver)?;
    let ceremony: Ceremony<T> = serde_json::from_slice(&plain).map_err(|_older| Error::CeremonyOver)?;
    if ceremony.expires_at <= now() {
        return Err(Error::CeremonyOver);
    }
    Ok(ceremony)
}

impl<T> Ceremony<T> {
    /// Uses it up.
    ///
    /// # Errors
    /// [`Error::CeremonyOver`] when that was done before.
    pub async fn use_up(&self, conn: &mut Connection) -> Result<(), Error> {
        if ceremonies::use_up(conn, self.id, self.expires_at).await? {
            Ok(())
        } else {
            Err(Error::CeremonyOver)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ceremony_opens_as_what_it_began_as() {
        let secrets = Secrets::derive(&SecretString::from("one secret of at least 32 characters")).unwrap();
        let sealed = begin(&secrets, "enrol", 7).unwrap();
        assert_eq!(open::<i32>(&secrets, "enrol", &sealed).unwrap().about, 7);
        let over = |sealed: &str, kind: &str| {
            let sealed = SecretString::from(sealed.to_owned());
            matches!(open::<i32>(&secrets, kind, &sealed), Err(Error::CeremonyOver))
        };
        assert!(over(sealed.expose_secret(), "sign-in"));
        assert!(over(&sealed.expose_secret()[1..], "enrol"));
        assert!(over("", "enrol"));
        assert!(over(&"A".repeat(MAX_SEALED + 1), "enrol"));
    }
}
