//! The settings. `config.default.toml` says what each of them is for.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use garde::Validate;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use web_kit::{HasCommon, internal::MIN_SECRET as MIN_CLIENT_SECRET};

use crate::providers::ProviderSettings;

/// The text of `config.default.toml`.
pub const DEFAULTS: &str = include_str!("../config.default.toml");

/// Fewest characters of `auth.secret`.
const MIN_SECRET: usize = 32;

/// Everything that can be set.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Ports and limits.
    #[garde(dive)]
    pub http: web_kit::http::Settings,
    /// The database.
    #[garde(dive)]
    pub database: postgres::Settings,
    /// The event bus.
    #[garde(dive)]
    pub bus: messaging::Settings,
    /// What is in an access token, and where the keys are found.
    #[garde(dive)]
    pub token: auth_token::Settings,
    /// Logs, traces, metrics.
    #[garde(dive)]
    pub telemetry: telemetry::Settings,
    /// This service's own.
    #[garde(dive)]
    pub auth: AuthSettings,
}

/// Section `[auth]`.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct AuthSettings {
    /// What every other secret here is derived from.
    #[garde(custom(long_secret))]
    pub secret: SecretString,
    /// Who may sign up.
    #[garde(skip)]
    pub sign_up: SignUpMode,
    /// Life of an access token in seconds.
    #[garde(range(min = 60, max = 900))]
    pub access_token_seconds: u32,
    /// Days a session lives without being used.
    #[garde(range(min = 1, max = 365))]
    pub session_idle_days: u32,
    /// Days a session lives at most.
    #[garde(range(min = 1, max = 365))]
    pub session_max_days: u32,
    /// Seconds a replaced refresh token still leads to its successor.
    #[garde(range(min = 0, max = 60))]
    pub refresh_grace_seconds: u32,
    /// Seconds until an invitation expires.
    #[garde(range(min = 1, max = 2_592_000))]
    pub invitation_seconds: u32,
    /// The bucket that discovery and JWKS are put into whenever the keys change.
    #[serde(default)]
    #[garde(skip)]
    pub discovery_bucket: Option<String>,
    /// Where that bucket is, other than in S3 itself.
    #[serde(default)]
    #[garde(skip)]
    pub discovery_endpoint: Option<String>,
    /// Identity providers by the names that stand in addresses.
    #[serde(default)]
    #[garde(length(max = 16), custom(provider_names), dive)]
    pub providers: BTreeMap<String, ProviderSettings>,
    /// The secret of each other service, by its name.
    #[garde(custom(own_secrets))]
    pub clients: BTreeMap<String, SecretString>,
    /// How passwords are hashed.
    #[garde(dive)]
    pub password: PasswordSettings,
}

/// Who may sign up with a workspace of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SignUpMode {
    /// Anybody, by a link that is mailed to them; the very first person without one.
    Open,
    /// Only the very first person.
    First,
    /// Nobody.
    Closed,
}

/// Section `[auth.password]`.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct PasswordSettings {
    /// Memory of one hash in KiB.
    #[garde(range(min = 8, max = 1_048_576))]
    pub memory_kib: u32,
    /// Passes over that memory.
    #[garde(range(min = 1, max = 100))]
    pub iterations: u32,
    /// Lanes.
    #[garde(range(min = 1, max = 16))]
    pub lanes: u32,
    /// Hashes at once.
    #[garde(range(min = 1, max = 256))]
    pub concurrent: usize,
    /// Requests that may wait for their turn.
    #[garde(range(min = 0, max = 10_000))]
    pub queue: usize,
    /// Longest wait in milliseconds.
    #[garde(range(min = 1, max = 60_000))]
    pub max_wait_ms: u64,
}

impl HasCommon for Settings {
    fn http(&self) -> &web_kit::http::Settings {
        &self.http
    }

    fn telemetry(&self) -> &telemetry::Settings {
        &self.telemetry
    }

    fn token(&self) -> &auth_token::Settings {
        &self.token
    }

    /// None: this service calls no other.
    fn internal(&self) -> Option<&web_kit::internal::Settings> {
        None
    }
}

impl AuthSettings {
    /// How long a session lives without being used.
    pub fn session_idle(&self) -> TimeDelta {
        TimeDelta::days(i64::from(self.session_idle_days))
    }

    /// How long a session lives at most.
    pub fn session_max(&self) -> TimeDelta {
        TimeDelta::days(i64::from(self.session_max_days))
    }

    /// How long an invitation is open.
    pub fn invitation_lifetime(&self) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.invitation_seconds))
    }
}

/// Names stand in addresses; and of two providers with one issuer nobody could say which is meant.
fn provider_names(providers: &BTreeMap<String, ProviderSettings>, _: &()) -> garde::Result {
    let plain = |id: &str| {
        let letters = id
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        (1..=32).contains(&id.len()) && letters
    };
    let mut issuers = BTreeSet::new();
    for (id, provider) in providers {
        if !plain(id) {
            return Err(garde::Error::new(format!(
                "{id}: a name has 1 to 32 lower-case letters, digits and hyphens"
            )));
        }
        if !issuers.insert(&provider.issuer) {
            return Err(garde::Error::new(format!(
                "{id}: another provider has this issuer"
            )));
        }
    }
    Ok(())
}

/// Each long enough, and none shared: a secret says which service calls.
fn own_secrets(clients: &BTreeMap<String, SecretString>, _context: &()) -> garde::Result {
    let short = clients
        .iter()
        .filter(|(_, secret)| secret.expose_secret().len() < MIN_CLIENT_SECRET);
    let short: Vec<&str> = short.map(|(name, _)| name.as_str()).collect();
    if !short.is_empty() {
        let names = short.join(", ");
        return Err(garde::Error::new(format!(
            "{names} must have at least {MIN_CLIENT_SECRET} characters"
        )));
    }
    let secrets: BTreeSet<&str> = clients.values().map(ExposeSecret::expose_secret).collect();
    if secrets.len() < clients.len() {
        return Err(garde::Error::new("no two services may have the same secret"));
    }
    Ok(())
}

fn long_secret(secret: &SecretString, _context: &()) -> garde::Result {
    if secret.expose_secret().chars().count() >= MIN_SECRET {
        Ok(())
    } else {
        Err(garde::Error::new(format!(
            "must have at least {MIN_SECRET} characters, chosen at random"
        )))
    }
}
