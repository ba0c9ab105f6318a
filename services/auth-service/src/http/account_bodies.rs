//! Bodies of requests about one's own account.

use garde::Validate;
use problem::Problem;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use utoipa::ToSchema;

use super::bodies::{check_address, check_name, check_new_password, check_password};
use crate::{
    commands::step_up::Proof,
    domain::{code::Code, password::Password},
    error::Error,
};

/// Body of `POST /api/auth/sign-in/second-factor`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PresentCodeBody {
    /// What the right password gave.
    #[garde(skip)]
    #[schema(value_type = String)]
    pub(super) ticket: SecretString,
    /// Six digits of the app, or a recovery code.
    #[garde(custom(check_code))]
    #[schema(value_type = String, example = "123456")]
    pub(super) code: SecretString,
}

/// Body of `POST /api/auth/step-up`: exactly one proof.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StepUpBody {
    /// The password; where a second factor is switched on it is not enough.
    #[serde(default)]
    #[garde(inner(custom(check_password)))]
    #[schema(value_type = Option<String>, format = Password)]
    pub(super) password: Option<SecretString>,
    /// Six digits of the app, or a recovery code.
    #[serde(default)]
    #[garde(inner(custom(check_code)))]
    #[schema(value_type = Option<String>, example = "123456")]
    pub(super) code: Option<SecretString>,
    /// For a passkey: what the beginning gave.
    #[serde(default)]
    #[garde(skip)]
    #[schema(value_type = Option<String>)]
    pub(super) ceremony: Option<SecretString>,
    /// What the browser gave: `credential.toJSON()`.
    #[serde(default)]
    #[garde(skip)]
    #[schema(value_type = Option<Object>)]
    pub(super) credential: Option<serde_json::Value>,
}

/// Body of `POST /api/auth/mfa/totp/confirm`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeBody {
    /// The six digits that the app shows.
    #[garde(custom(check_code))]
    #[schema(value_type = String, example = "123456")]
    pub(super) code: SecretString,
}

/// Body of `POST /api/auth/password`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPasswordBody {
    /// The password to be.
    #[garde(custom(check_new_password))]
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    pub(super) new_password: SecretString,
}

/// Body of `POST /api/auth/password/forgot`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ForgotBody {
    /// The address of the account.
    #[garde(custom(check_address))]
    #[schema(max_length = 254, example = "minji@example.com")]
    pub(super) email: String,
}

/// Body of `POST /api/auth/password/reset`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResetBody {
    /// What stands behind `#token=` in the mail's link.
    #[garde(skip)]
    #[schema(value_type = String)]
    pub(super) token: SecretString,
    /// The password to be.
    #[garde(custom(check_new_password))]
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    pub(super) new_password: SecretString,
}

/// Body of `POST /api/auth/email/verify`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyBody {
    /// What stands behind `#token=` in the mail's link.
    #[garde(skip)]
    #[schema(value_type = String)]
    pub(super) token: SecretString,
}

/// Body of `POST /api/auth/workspaces`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WorkspaceBody {
    /// The workspace's name.
    #[garde(custom(check_name))]
    #[schema(min_length = 1, max_length = 100)]
    pub(super) name: String,
}

impl StepUpBody {
    /// The one proof that is given.
    pub(super) fn proof(self) -> Result<Proof, Problem> {
        match (self.password, self.code, self.ceremony, self.credential) {
            (Some(password), None, None, None) => Ok(Proof::Password(
                Password::typed(&password).map_err(|wrong| Error::invalid("password", wrong))?,
            )),
            (None, Some(typed), None, None) => Ok(Proof::Code(code(&typed)?)),
            (None, None, Some(ceremony), Some(credential)) => Ok(Proof::Passkey { ceremony, credential }),
            _ => {
                let choice = "either this, or code, or ceremony and credential must be given";
                Err(Error::invalid("password", choice).into())
            }
        }
    }
}

/// A code that was already found good.
pub(super) fn code(typed: &SecretString) -> Result<Code, Error> {
    Code::parse(typed.expose_secret()).map_err(|wrong| Error::invalid("code", wrong))
}

fn check_code(typed: &SecretString, _context: &()) -> garde::Result {
    Code::parse(typed.expose_secret())
        .map(drop)
        .map_err(garde::Error::new)
}
