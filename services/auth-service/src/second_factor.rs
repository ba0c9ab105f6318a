//! Second factors at work: codes of an authenticator app (RFC 6238) and recovery codes.

use chrono::{DateTime, Utc};
use postgres::Connection;
use secrecy::{ExposeSecret, SecretString};
use totp_rs::{Builder, Totp};
use uuid::Uuid;

use crate::{
    app::App,
    domain::code::{self, Code},
    error::Error,
    keys::{CryptoError, random_bytes},
    store::second_factors,
};

/// What the app calls us.
const ISSUER: &str = "Onus";
/// Bytes of a secret: as many as SHA-1 gives (RFC 4226, section 4).
const SECRET: usize = 20;
/// How many recovery codes a person gets.
const RECOVERY_CODES: usize = 10;

/// A fresh secret, as the person's app takes it.
pub struct Proposal {
    /// In base32, to be typed.
    pub secret: SecretString,
    /// As an `otpauth:` address, to be scanned.
    pub uri: SecretString,
    /// Sealed, to be stored.
    pub sealed: Vec<u8>,
}

/// Makes a secret for a person.
pub fn propose(app: &App, person: Uuid, email: &str) -> Result<Proposal, CryptoError> {
    let raw: [u8; SECRET] = random_bytes()?;
    let failed = |_error| CryptoError::new("make a secret for an app");
    let totp = build(raw.to_vec(), email)?;
    Ok(Proposal {
        secret: SecretString::from(totp.secret().to_base32()),
        uri: SecretString::from(totp.to_url().map_err(failed)?),
        sealed: app.secrets.seal(person.as_bytes(), &raw)?,
    })
}

/// Whether the code is right, and uses it up: each is accepted once, also of two at the same moment.
pub async fn accept(
    app: &App,
    conn: &mut Connection,
    person: Uuid,
    code: &Code,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    match code {
        Code::App(digits) => accept_digits(app, conn, person, digits, now).await,
        Code::Recovery(code) => {
            let hash = app.secrets.code_hash(person, code);
            Ok(second_factors::use_code(conn, person, &hash, now).await?)
        }
    }
}

/// The same for an app's code alone, which is what confirms a new secret.
pub async fn accept_digits(
    app: &App,
    conn: &mut Connection,
    person: Uuid,
    digits: &str,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let Some(stored) = second_factors::totp(conn, person).await? else {
        return Ok(false);
    };
    let raw = app.secrets.open(person.as_bytes(), &stored.sealed_secret)?;
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    let step = build(raw, "")?.check(digits, seconds);
    let Some(step) = step.and_then(|step| i64::try_from(step).ok()) else {
        return Ok(false);
    };
    Ok(second_factors::use_step(conn, person, step).await?)
}

/// Fresh recovery codes as they are shown, and the hashes to store.
pub fn recovery_codes(app: &App, person: Uuid) -> Result<(Vec<String>, Vec<Vec<u8>>), CryptoError> {
    let mut shown = Vec::with_capacity(RECOVERY_CODES);
    let mut hashes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let code = code::recovery_code(&random_bytes()?);
        hashes.push(app.secrets.code_hash(person, &code));
        shown.push(code::shown(&code));
    }
    Ok((shown, hashes))
}

/// Six digits every 30 seconds by SHA-1: the one combination that every app knows. One step earlier or later counts
/// too, for clocks that differ.
fn build(raw: Vec<u8>, account: &str) -> Result<Totp, CryptoError> {
    Builder::new()
        .with_secret(raw)
        .with_account_name(account.replace(':', " "))
        .with_issuer(Some(ISSUER))
        .build()
        .map_err(|_refused| CryptoError::new("use a secret for an app"))
}

impl Proposal {
    /// Secret and address, for the one answer that shows them.
    pub fn expose(&self) -> (&str, &str) {
        (self.secret.expose_secret(), self.uri.expose_secret())
    }
}
