//! The parameters of a token endpoint.

use web_kit::Form;

use crate::domain::grant::Refused;

/// The grant type of an exchange (RFC 8693, section 2.1).
pub(super) const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
/// An access token among the kinds of tokens (RFC 8693, section 3).
pub(super) const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// A parameter that may be absent. Given twice it is refused: which of the two counts, nobody could tell.
pub(super) fn given<'a>(form: &'a Form, name: &'static str) -> Result<Option<&'a str>, Refused> {
    form.one(name).map_err(|_twice| Refused::Request(name))
}

/// A parameter that must be there. One without a value is as good as none (RFC 6749, section 3.2).
pub(super) fn needed<'a>(form: &'a Form, name: &'static str) -> Result<&'a str, Refused> {
    given(form, name)?.ok_or(Refused::Request(name))
}
