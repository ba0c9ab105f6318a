//! Checking a token.

use crate::keys::Keys;
use crate::{
    Claims, INTERNAL_AUDIENCE, KeysError, Proofs, Revocations, SERVICE_TOKEN_TYPE, ServiceClaims, Settings,
    TOKEN_TYPE,
};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Header, Validation};
use problem::{Code, Problem};
use serde::de::DeserializeOwned;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

/// No token of ours comes near this many bytes.
pub const MAX_TOKEN: usize = 8 * 1024;

/// A key id is a short name.
const MAX_KEY_ID: usize = 128;

/// Why a token is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Longer than [`MAX_TOKEN`].
    #[error("the token is too long")]
    TooLong,
    /// Not a signed access token of ours.
    #[error("the token is malformed")]
    Malformed,
    /// Signed by a key that the issuer does not have (any more).
    #[error("the token's key is not known")]
    UnknownKey,
    /// The signature is wrong.
    #[error("the token's signature is wrong")]
    Signature,
    /// It has ended, or has not begun.
    #[error("the token has expired")]
    Expired,
    /// Its session is over, or the person's role has changed since.
    #[error("the token was revoked")]
    Revoked,
    /// From another issuer or for another audience.
    #[error("the token is not meant for this service")]
    Foreign,
    /// The issuer's keys are not at hand: nothing can be said about the token.
    #[error("the token cannot be checked at the moment")]
    Keys(#[source] KeysError),
}

impl From<TokenError> for Problem {
    fn from(error: TokenError) -> Problem {
        match error {
            TokenError::Keys(_) => Problem::new(Code::Unavailable).retry_after(1).caused_by(error),
            error => Problem::new(Code::Unauthenticated).detail(error.to_string()),
        }
    }
}

/// Verifies tokens of people and of services. Clones share the key cache and what is known of revoked tokens; servers hold
/// it as `web::Data<Verifier>`.
#[derive(Clone)]
pub struct Verifier {
    keys: Arc<Keys>,
    validation: Arc<Validation>,
    audience: Arc<str>,
    revocations: Revocations,
    proofs: Arc<OnceLock<Proofs>>,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").finish_non_exhaustive()
    }
}

impl Verifier {
    /// A verifier that fetches the keys when the first token comes.
    pub fn new(settings: &Settings) -> Verifier {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_issuer(&[&settings.issuer]);
        // An audience must be there; whether it is the right one depends on who asks.
        validation.validate_aud = false;
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        validation.leeway = settings.leeway_seconds.min(60);
        Verifier {
            keys: Arc::new(Keys::new(&settings.jwks_url)),
            validation: Arc::new(validation),
            audience: settings.audience.as_str().into(),
            revocations: Revocations::default(),
            proofs: Arc::default(),
        }
    }

    /// The same verifier, with another's knowledge of revoked tokens.
    #[must_use]
    pub fn following(self, revocations: Revocations) -> Verifier {
        Verifier { revocations, ..self }
    }

    /// What this verifier knows of revoked tokens; a [`crate::Follower`] keeps it up to date.
    pub fn revocations(&self) -> &Revocations {
        &self.revocations
    }

    /// Tells this verifier and its clones whom to ask for proofs of identity. The first word counts.
    pub fn ask(&self, proofs: Proofs) {
        let _ = self.proofs.set(proofs);
    }

    /// Whom to ask for proofs of identity.
    pub fn proofs(&self) -> Option<&Proofs> {
        self.proofs.get()
    }

    /// Takes the issuer's keys from a JWKS that is at hand, as auth-service has it; returns how many are usable.
    ///
    /// # Errors
    /// When it is not a JWKS.
    pub fn learn(&self, jwks: &[u8]) -> Result<usize, KeysError> {
        self.keys.learn(jwks)
    }

    /// Checks a person's token and gives back what it says.
    ///
    /// # Errors
    /// When it is not a valid access token, or cannot be checked at the moment.
    pub async fn verify(&self, token: &str) -> Result<Claims, TokenError> {
        self.verify_for(token, None).await
    }

    /// The same at one service, which also takes tokens that another service got for it to act for the person.
    ///
    /// # Errors
    /// When it is not a valid access token, or cannot be checked at the moment.
    pub async fn verify_at(&self, token: &str, service: &str) -> Result<Claims, TokenError> {
        self.verify_for(token, Some(service)).await
    }

    async fn verify_for(&self, token: &str, service: Option<&str>) -> Result<Claims, TokenError> {
        let claims: Claims = self.read(token, TOKEN_TYPE).await?;
        // Who acts for somebody does so at one service alone; a person's own token is good for all of them.
        let meant = match claims.act {
            None => claims.aud == *self.audience,
            Some(_) => service == Some(claims.aud.as_str()),
        };
        self.check(meant, claims.iat)?;
        if self.revocations.refuse(claims.sid, claims.epoch) {
            return Err(TokenError::Revoked);
        }
        Ok(claims)
    }

    /// Checks a service's token and gives back what it says.
    ///
    /// # Errors
    /// When it is not a valid token of a service, or cannot be checked at the moment.
    pub async fn verify_service(&self, token: &str) -> Result<ServiceClaims, TokenError> {
        let claims: ServiceClaims = self.read(token, SERVICE_TOKEN_TYPE).await?;
        self.check(claims.aud == INTERNAL_AUDIENCE, claims.iat)?;
        Ok(claims)
    }

    /// The claims of a token of this type with a good signature.
    async fn read<T: DeserializeOwned>(&self, token: &str, kind: &str) -> Result<T, TokenError> {
        if token.len() > MAX_TOKEN {
            return Err(TokenError::TooLong);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Malformed)?;
        let id = key_id(&header, kind)?;
        let key = self
            .keys
            .find(id)
            .await
            .map_err(TokenError::Keys)?
            .ok_or(TokenError::UnknownKey)?;
        let token = jsonwebtoken::decode::<T>(token, &key, &self.validation).map_err(refusal)?;
        Ok(token.claims)
    }

    fn check(&self, meant: bool, issued: i64) -> Result<(), TokenError> {
        if !meant {
            return Err(TokenError::Foreign);
        }
        // A token from the future is a forgery or a broken clock.
        if issued > now().saturating_add_unsigned(self.validation.leeway) {
            return Err(TokenError::Malformed);
        }
        Ok(())
    }
}

/// The key id of an acceptable header. `alg` is settled before any key is looked at, so that a public key can never
/// serve as an HMAC secret.
fn key_id<'a>(header: &'a Header, expected: &str) -> Result<&'a str, TokenError> {
    let kind = header.typ.as_deref().unwrap_or_default();
    let kind = kind.strip_prefix("application/").unwrap_or(kind);
    if header.alg != Algorithm::RS256 || !kind.eq_ignore_ascii_case(expected) || header.crit.is_some() {
        return Err(TokenError::Malformed);
    }
    match header.kid.as_deref() {
        Some(id) if !id.is_empty() && id.len() <= MAX_KEY_ID => Ok(id),
        _ => Err(TokenError::Malformed),
    }
}

fn refusal(error: jsonwebtoken::errors::Error) -> TokenError {
    match error.kind() {
        ErrorKind::InvalidSignature => TokenError::Signature,
        ErrorKind::ExpiredSignature | ErrorKind::ImmatureSignature => TokenError::Expired,
        ErrorKind::InvalidIssuer | ErrorKind::InvalidAudience => TokenError::Foreign,
        _ => TokenError::Malformed,
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
