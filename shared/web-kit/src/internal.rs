//! The `[internal]` section: how the services of one installation reach each other.

use auth_token::ServiceToken;
use garde::Validate;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A secret shorter than this can be guessed.
const MIN_TOKEN: usize = 16;

/// The shared secret, and the internal address of each other service.
#[derive(Clone, Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What a caller of an internal route must hold; at least 16 characters.
    #[garde(custom(long_enough))]
    pub token: SecretString,
    /// Base addresses by the service's short name (`auth`, `task`, …), such as `http://task-service:9002`.
    #[serde(default)]
    #[garde(custom(addresses))]
    pub urls: BTreeMap<String, String>,
}

impl Settings {
    /// The token as servers and clients take it.
    pub fn service_token(&self) -> ServiceToken {
        ServiceToken::new(self.token.clone())
    }

    /// The base address of a service, when it is configured.
    pub fn url(&self, service: &str) -> Option<&str> {
        self.urls.get(service).map(|url| url.trim_end_matches('/'))
    }
}

fn long_enough(token: &SecretString, _: &()) -> garde::Result {
    if token.expose_secret().len() >= MIN_TOKEN {
        Ok(())
    } else {
        Err(garde::Error::new(format!(
            "must have at least {MIN_TOKEN} characters"
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
