//! What a provider says of a person, cut down to what we believe and keep.

use openidconnect::{AdditionalClaims, IdTokenClaims, UserInfoClaims, core::CoreGenderClaim};
use policy::Role;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    pictures::is_picture,
    settings::{Kind, ProviderSettings},
};
use crate::domain::{address::Address, joining::role_of_groups, profile::Name};

/// Longest subject (OpenID Connect Core, section 2), and longest session id.
const MAX_ID: usize = 255;
/// Longest address of a picture.
const MAX_PICTURE: usize = 512;
/// Groups that are looked at.
const MAX_GROUPS: usize = 1000;

/// Claims beyond the standard ones.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct MoreClaims {
    #[serde(flatten)]
    all: Map<String, Value>,
}

impl AdditionalClaims for MoreClaims {}

/// Who somebody is, by the word of a provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Profile {
    /// Who says so.
    pub issuer: String,
    /// Who it is there, for good.
    pub subject: String,
    /// Their address.
    pub email: Option<String>,
    /// Whether the provider vouches for it.
    pub email_verified: bool,
    /// Their name.
    pub name: Option<String>,
    /// Where their picture is.
    pub picture: Option<String>,
    /// The role that their groups give them.
    pub role: Option<Role>,
    /// The provider's session.
    pub session: Option<String>,
}

impl Profile {
    /// Reads an ID token that was found good. None when its subject cannot be one.
    pub fn of_token(
        settings: &ProviderSettings,
        claims: &IdTokenClaims<MoreClaims, CoreGenderClaim>,
    ) -> Option<Self> {
        let subject = claims.subject().as_str();
        if subject.is_empty() || subject.chars().count() > MAX_ID {
            return None;
        }
        let more = &claims.additional_claims().all;
        let session = more.get("sid").and_then(Value::as_str);
        let mut profile = Self {
            issuer: settings.issuer.clone(),
            subject: subject.to_owned(),
            email: None,
            email_verified: false,
            name: None,
            picture: None,
            role: None,
            session: session
                .filter(|id| (1..=MAX_ID).contains(&id.len()))
                .map(str::to_owned),
        };
        let standard = Standard {
            name: claims
                .name()
                .and_then(|name| name.get(None))
                .map(|name| name.as_str()),
            nickname: claims
                .nickname()
                .and_then(|name| name.get(None))
                .map(|name| name.as_str()),
            picture: claims
                .picture()
                .and_then(|picture| picture.get(None))
                .map(|url| url.as_str()),
            email: claims.email().map(|email| email.as_str()),
            email_verified: claims.email_verified(),
        };
        profile.take(settings, standard, more);
        Some(profile)
    }

    /// Adds what the token left out and the provider tells when asked.
    pub fn complete(
        &mut self,
        settings: &ProviderSettings,
        claims: &UserInfoClaims<MoreClaims, CoreGenderClaim>,
    ) {
        let standard = Standard {
            name: claims
                .name()
                .and_then(|name| name.get(None))
                .map(|name| name.as_str()),
            nickname: claims
                .nickname()
                .and_then(|name| name.get(None))
                .map(|name| name.as_str()),
            picture: claims
                .picture()
                .and_then(|picture| picture.get(None))
                .map(|url| url.as_str()),
            email: claims.email().map(|email| email.as_str()),
            email_verified: claims.email_verified(),
        };
        self.take(settings, standard, &claims.additional_claims().all);
    }

    fn take(&mut self, settings: &ProviderSettings, standard: Standard<'_>, more: &Map<String, Value>) {
        if self.email.is_none() {
            let email = standard.email.and_then(|email| Address::parse(email).ok());
            self.email_verified =
                email.is_some() && (settings.trust_email || standard.email_verified == Some(true));
            self.email = email.map(Address::into_string);
        }
        let name = match settings.kind {
            Kind::Kakao => standard.nickname.or(standard.name),
            Kind::Oidc => standard.name.or(standard.nickname),
        };
        if self.name.is_none() {
            self.name = name
                .and_then(|name| Name::parse(name).ok())
                .map(Name::into_string);
        }
        if self.picture.is_none() {
            let usable = |url: &&str| url.len() <= MAX_PICTURE && is_picture(url, &settings.issuer);
            self.picture = standard.picture.filter(usable).map(str::to_owned);
        }
        if self.role.is_none()
            && let Some(join) = &settings.join
        {
            self.role = role_of_groups(&groups(more, &settings.groups_claim), &join.roles);
        }
    }
}

/// The standard claims that we look at, wherever they stand.
struct Standard<'a> {
    name: Option<&'a str>,
    nickname: Option<&'a str>,
    picture: Option<&'a str>,
    email: Option<&'a str>,
    email_verified: Option<bool>,
}

/// A list of names, or one name.
fn groups(more: &Map<String, Value>, claim: &str) -> Vec<String> {
    match more.get(claim) {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(many)) => many
            .iter()
            .take(MAX_GROUPS)
            .filter_map(|name| Some(name.as_str()?.to_owned()))
            .collect(),
        _ => Vec::new(),
    }
}
