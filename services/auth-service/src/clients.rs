//! The other services of the installation, as clients of this one: by name and secret (RFC 6749, section 2.3).

use std::collections::BTreeMap;

use auth_token::{INTERNAL_AUDIENCE, ServiceClaims};
use aws_lc_rs::{constant_time, digest};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use crate::app::App;

/// The consumers of this service's events.
pub const READERS: &[&str] = &["audit-service", "notify-service", "task-service"];
/// Who sends mails, and gets the links for them.
pub const MAILER: &str = "notify-service";

/// This service, where others act for people.
const US: &str = "auth-service";
/// Seconds that a service's token lives.
pub const LIFETIME: i64 = 300;

/// What is known of the clients.
pub struct Clients(BTreeMap<String, digest::Digest>);

impl Clients {
    /// Takes the secrets from the settings. A name may be written with `_` for `-`, which no variable of an environment
    /// can hold.
    pub fn new(secrets: &BTreeMap<String, SecretString>) -> Self {
        let known = secrets.iter().map(|(name, secret)| {
            let secret = digest::digest(&digest::SHA256, secret.expose_secret().as_bytes());
            (name.replace('_', "-"), secret)
        });
        Self(known.collect())
    }

    /// Whether this is the client's secret. The time it takes tells nothing about how much of it was right.
    pub fn knows(&self, name: &str, secret: &str) -> bool {
        let shown = digest::digest(&digest::SHA256, secret.as_bytes());
        self.0.get(name).is_some_and(|known| {
            constant_time::verify_slices_are_equal(known.as_ref(), shown.as_ref()).is_ok()
        })
    }

    /// Whether a token can be made for this service.
    pub fn is_service(&self, name: &str) -> bool {
        name == US || self.0.contains_key(name)
    }
}

/// The claims of a service's own token.
pub fn claims(app: &App, client: &str, now: DateTime<Utc>) -> ServiceClaims {
    let issued = now.timestamp();
    ServiceClaims {
        iss: app.issuer.clone(),
        aud: INTERNAL_AUDIENCE.to_owned(),
        sub: client.to_owned(),
        iat: issued,
        exp: issued + LIFETIME,
        jti: Uuid::now_v7(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_one_secret() {
        let secrets = [("task_service", "the task's"), ("audit-service", "the log's")];
        let secrets = secrets.map(|(name, secret)| (name.to_owned(), SecretString::from(secret)));
        let clients = Clients::new(&secrets.into());
        assert!(clients.knows("task-service", "the task's"));
        assert!(clients.knows("audit-service", "the log's"));
        for (name, secret) in [
            ("task_service", "the task's"),
            ("task-service", "the log's"),
            ("task-service", ""),
            ("task-service", "the task's "),
            ("notify-service", "the task's"),
            ("", ""),
        ] {
            assert!(!clients.knows(name, secret), "{name} {secret}");
        }
        assert!(clients.is_service("task-service") && clients.is_service("auth-service"));
        assert!(!clients.is_service("mail-service"));
    }
}
