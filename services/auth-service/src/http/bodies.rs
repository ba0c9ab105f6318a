//! What clients send, checked field by field before a use case sees it.

use garde::Validate;
use policy::Role;
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::domain::{
    address::{Address, MAX_ADDRESS},
    password::Password,
    profile::{Language, Name, TimeZone},
};
use crate::views::LanguageCode;

/// Longer than any address with blanks around it; only here so that nothing huge is looked at.
const MAX_TYPED: usize = 4 * MAX_ADDRESS;

/// Body of `POST /api/auth/sign-in`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignInBody {
    /// The address in any case.
    #[garde(custom(check_address))]
    #[schema(max_length = 254, example = "minji@example.com")]
    pub(super) email: String,
    /// The password.
    #[garde(custom(check_password))]
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 128)]
    pub(super) password: SecretString,
}

/// Body of `PATCH /api/auth/me`; what is absent stays.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditMeBody {
    /// New display name.
    #[serde(default, deserialize_with = "web_kit::patch::given")]
    #[garde(inner(custom(check_name)))]
    #[schema(nullable = false, min_length = 1, max_length = 100)]
    pub(super) name: Option<String>,
    /// New language.
    #[serde(default, deserialize_with = "web_kit::patch::given")]
    #[garde(inner(custom(check_language)))]
    #[schema(value_type = LanguageCode, required = false)]
    pub(super) language: Option<String>,
    /// New time zone, an IANA name.
    #[serde(default, deserialize_with = "web_kit::patch::given")]
    #[garde(inner(custom(check_time_zone)))]
    #[schema(nullable = false, example = "Asia/Seoul")]
    pub(super) time_zone: Option<String>,
}

/// Body of `PATCH /api/members/{id}`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeRoleBody {
    /// The role to be.
    #[garde(skip)]
    pub(super) role: Role,
}

/// Body of `POST /api/invitations`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InviteBody {
    /// Whom to invite.
    #[garde(custom(check_address))]
    #[schema(max_length = 254, example = "jun@example.com")]
    pub(super) email: String,
    /// As what.
    #[garde(skip)]
    pub(super) role: Role,
    /// Language of the mail; the inviter's when absent.
    #[serde(default)]
    #[garde(inner(custom(check_language)))]
    #[schema(value_type = Option<LanguageCode>)]
    pub(super) language: Option<String>,
}

/// Body of `POST /api/auth/invitations/inspect`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InspectBody {
    /// What stands after the `#` of the link.
    #[garde(skip)]
    #[schema(value_type = String)]
    pub(super) token: SecretString,
}

/// Body of `POST /api/auth/invitations/accept`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AcceptBody {
    /// What stands after the `#` of the link.
    #[garde(skip)]
    #[schema(value_type = String)]
    pub(super) token: SecretString,
    /// The account's password; for a new account the password to be, of at least 12 characters.
    #[garde(custom(check_password))]
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 128)]
    pub(super) password: SecretString,
    /// Display name; needed for a new account, otherwise not looked at.
    #[serde(default)]
    #[garde(inner(custom(check_name)))]
    #[schema(min_length = 1, max_length = 100)]
    pub(super) name: Option<String>,
    /// The invitation's when absent; not looked at for an account that exists.
    #[serde(default)]
    #[garde(inner(custom(check_language)))]
    #[schema(value_type = Option<LanguageCode>)]
    pub(super) language: Option<String>,
    /// UTC when absent; not looked at for an account that exists.
    #[serde(default)]
    #[garde(inner(custom(check_time_zone)))]
    pub(super) time_zone: Option<String>,
}

pub(super) fn check_address(typed: &str, _context: &()) -> garde::Result {
    if typed.len() > MAX_TYPED {
        return Err(garde::Error::new(crate::domain::address::NotAnAddress));
    }
    Address::parse(typed).map(drop).map_err(garde::Error::new)
}

pub(super) fn check_name(typed: &str, _context: &()) -> garde::Result {
    Name::parse(typed).map(drop).map_err(garde::Error::new)
}

pub(super) fn check_language(code: &str, _context: &()) -> garde::Result {
    code.parse::<Language>().map(drop).map_err(garde::Error::new)
}

pub(super) fn check_time_zone(name: &str, _context: &()) -> garde::Result {
    name.parse::<TimeZone>().map(drop).map_err(garde::Error::new)
}

pub(super) fn check_new_password(typed: &SecretString, _context: &()) -> garde::Result {
    Password::choose(typed).map(drop).map_err(garde::Error::new)
}

pub(super) fn check_password(typed: &SecretString, _context: &()) -> garde::Result {
    Password::typed(typed)
        .map(drop)
        .map_err(|_wrong| garde::Error::new("must have 1 to 128 characters"))
}
