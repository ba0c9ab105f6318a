//! What is set for a provider.

use std::{collections::BTreeMap, net::IpAddr};

use garde::Validate;
use openidconnect::url::{Host, Url};
use policy::Role;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use uuid::Uuid;

/// Section `[auth.providers.<id>]`.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ProviderSettings {
    /// What people read on the button.
    #[garde(length(chars, min = 1, max = 40))]
    pub name: String,
    /// Whether it keeps to the standard.
    #[serde(default)]
    #[garde(skip)]
    pub kind: Kind,
    /// Claim `iss` of its tokens, byte for byte; `<issuer>/.well-known/openid-configuration` says the rest.
    #[garde(length(max = 512), custom(trusted_way))]
    pub issuer: String,
    /// What the provider calls us.
    #[garde(length(min = 1, max = 512))]
    pub client_id: String,
    /// What we show it.
    #[garde(custom(not_empty))]
    pub client_secret: SecretString,
    /// What is asked for beside `openid`, with blanks between; by the kind where absent.
    #[serde(default)]
    #[garde(inner(length(max = 512)))]
    pub scopes: Option<String>,
    /// Whether its addresses count as verified although it does not say so.
    #[serde(default)]
    #[garde(skip)]
    pub trust_email: bool,
    /// The claim that lists a person's groups.
    #[serde(default = "groups")]
    #[garde(length(min = 1, max = 256))]
    pub groups_claim: String,
    /// Who may come in without an invitation.
    #[serde(default)]
    #[garde(dive)]
    pub join: Option<Join>,
}

/// Section `[auth.providers.<id>.join]`.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// The workspace they join.
    #[garde(skip)]
    pub workspace: Uuid,
    /// Domains of verified addresses.
    #[garde(length(min = 1, max = 64))]
    #[serde(deserialize_with = "web_kit::words")]
    pub domains: Vec<String>,
    /// As what they join.
    #[garde(skip)]
    pub role: Role,
    /// The role by group, kept up with every sign-in; of several the mightiest counts.
    #[serde(default)]
    #[garde(length(max = 256))]
    pub roles: BTreeMap<String, Role>,
}

/// How far a provider keeps to the standard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// It does.
    #[default]
    Oidc,
    /// Kakao Login: has nicknames in place of names and scopes of its own, takes the secret in the body alone, and does
    /// not say whether an address is verified.
    Kakao,
}

impl Kind {
    /// What is asked for beside `openid`.
    pub fn scopes(self) -> &'static str {
        match self {
            Self::Oidc => "email profile",
            Self::Kakao => "account_email profile_nickname profile_image",
        }
    }
}

fn groups() -> String {
    "groups".to_owned()
}

fn not_empty(secret: &SecretString, _: &()) -> garde::Result {
    if secret.expose_secret().is_empty() {
        return Err(garde::Error::new("must not be empty"));
    }
    Ok(())
}

/// Over TLS; only on this machine without.
fn trusted_way(issuer: &str, _: &()) -> garde::Result {
    let Ok(url) = Url::parse(issuer) else {
        return Err(garde::Error::new("must be an address starting with https://"));
    };
    let local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    };
    if url.scheme() == "https" || (url.scheme() == "http" && local) {
        Ok(())
    } else {
        Err(garde::Error::new(
            "must start with https:// (http:// only for this machine)",
        ))
    }
}
