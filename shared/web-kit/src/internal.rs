//! The `[internal]` section: how a service reaches the others, and shows them who it is.

use auth_token::Credentials;
use garde::Validate;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A secret shorter than this can be guessed.
pub const MIN_SECRET: usize = 16;

/// The service's own credentials, and the internal address of each other service.
#[derive(Clone, Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The name under which auth-service knows this service.
    #[garde(length(min = 1, max = 64))]
    pub client_id: String,
    /// The secret that auth-service knows for this name, and for no other; at least 16 characters.
    #[garde(custom(long_enough))]
    pub secret: SecretString,
    /// Base addresses by the service's short name (`auth`, `task`, …), such as `http://task-service:9002`.
    #[serde(default)]
    #[garde(custom(addresses))]
    pub urls: BTreeMap<String, String>,
}

impl Settings {
    /// What calls to other services are made with. Clones of it share their token.
    ///
    /// # Errors
    /// When no HTTP client can be made on this machine.
    pub fn credentials(&self) -> reqwest::Result<Credentials> {
        Credentials::new(self.url("auth"), &self.client_id, self.secret.clone())
    }

    /// The base address of a service, when it is configured.
    pub fn url(&self, service: &str) -> Option<&str> {
        self.urls.get(service).map(|url| url.trim_end_matches('/'))
    }
}

fn long_enough(secret: &SecretString, _: &()) -> garde::Result {
    if secret.expose_secret().len() >= MIN_SECRET {
        Ok(())
    } else {
        Err(garde::Error::new(format!(
            "must have at least {MIN_SECRET} characters"
        )))
    }
}

fn addresses(urls: &BTreeMap<String, String>, _: &()) -> garde::Result {
    match urls
        .iter()
        .find(|(_, url)| !url.starts_with("http://") && !url.starts_with("https://"))
    {
        None => Ok(()),
        Some((name, _)) => Err(garde::Error::new(format!(
            "the address of {name} must start with http:// or https://"
        ))),
    }
}
