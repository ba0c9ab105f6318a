//! Everything that can go wrong here, and what the client is told about it.

use contracts::ContractError;
use postgres::{DbError, idempotency::Refusal};
use problem::{Code, Problem};
use secrecy::ExposeSecret as _;

use crate::{
    domain::{
        grant::Refused, invitation::Over, membership::LastAdmin, return_path::ReturnPath, rotation::Duty,
    },
    keys::CryptoError,
    passwords::{HashError, RETRY_SECONDS},
    providers::ProviderError,
};

/// Why a use case failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Wrong password, or nobody has this address: the client is not told which.
    #[error("the address or the password is wrong")]
    WrongCredentials,
    /// The password was right; now the second factor is awaited.
    #[error("the second factor is awaited")]
    SecondFactorRequired {
        /// What it is presented with.
        ticket: secrecy::SecretString,
        /// By what it can be given.
        methods: Vec<&'static str>,
        /// Where the browser wanted to go, if it came back from an identity provider.
        return_to: Option<String>,
    },
    /// The code is wrong, or was used before.
    #[error("the code is wrong")]
    WrongCode,
    /// The passkey is not known here, or its answer is not right.
    #[error("the passkey is not accepted")]
    WrongPasskey,
    /// Passkeys belong to a host name, and people reach us without one.
    #[error("there can be no passkeys here")]
    NoPasskeys,
    /// The person has as many passkeys as anybody may have.
    #[error("there are too many passkeys")]
    TooManyPasskeys,
    /// This passkey was added before.
    #[error("the passkey is known already")]
    PasskeyKnown,
    /// An identity provider's word cannot be had.
    #[error("the identity provider fails")]
    Provider(#[from] ProviderError),
    /// An account has the address of somebody who comes from a provider for the first time.
    #[error("the identity must be linked to the account first")]
    LinkFirst,
    /// Nobody knows who comes from a provider, and no rule lets them in.
    #[error("there is no account for this identity")]
    NoAccount,
    /// The identity is linked to another account.
    #[error("the identity belongs to another account")]
    IdentityTaken,
    /// Without it the person could not sign in any more.
    #[error("it is the last way in")]
    LastWayIn,
    /// What was begun took too long, or was completed already.
    #[error("the ceremony is over")]
    CeremonyOver,
    /// The ticket was used, tried too often, or came too late.
    #[error("the ticket is over")]
    TicketOver,
    /// Too many wrong tries.
    #[error("too many wrong tries")]
    TooManyTries {
        /// When to come back.
        seconds: u32,
    },
    /// The act is dangerous, and the person has not proved who they are for a while.
    #[error("a fresh proof of identity is needed")]
    StepUpRequired {
        /// By what it can be given.
        methods: Vec<&'static str>,
    },
    /// The workspace wants everybody to have a second factor, and the caller has none.
    #[error("a second factor has to be set up first")]
    SecondFactorNeeded,
    /// It is the last second factor of somebody whose workspace wants one.
    #[error("the workspace requires a second factor")]
    SecondFactorKept,
    /// Who wants others to have a second factor must have one.
    #[error("one's own second factor comes first")]
    SecondFactorFirst,
    /// Something else happened to the same things at this very moment.
    #[error("something changed meanwhile")]
    Meanwhile,
    /// A second factor is switched on already.
    #[error("the second factor is on already")]
    SecondFactorOn,
    /// No secret awaits its first code.
    #[error("nothing is to be confirmed")]
    NothingToConfirm,
    /// The signing key is needed.
    #[error("the key cannot be retired: it is {}", .0.word())]
    KeyInUse(Duty),
    /// A link from a mail no longer works.
    #[error("the link is {state}")]
    LinkOver {
        /// `used` or `expired`.
        state: &'static str,
    },
    /// The session is over, or the access token is older than a change of role.
    #[error("the session is over")]
    SessionOver,
    /// The person belongs to no workspace (any more).
    #[error("the person is no member of any workspace")]
    NoWorkspace,
    /// Nobody may sign up here (any more).
    #[error("sign-up is closed")]
    SignUpClosed,
    /// Nothing can be said about a token at the moment.
    #[error("a token cannot be checked at the moment")]
    NotNow,
    /// A token endpoint gives no token.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The member has as many API tokens as one may have.
    #[error("there are too many tokens")]
    TooManyTokens,
    /// A service account is never an admin.
    #[error("a service account is never an admin")]
    ServiceAdmin,
    /// The role does not allow this.
    #[error("the role does not allow this")]
    Forbidden,
    /// There is no such thing in the caller's workspace.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Somebody has this address already.
    #[error("the address is taken")]
    AddressTaken,
    /// The person is a member already.
    #[error("the person is a member already")]
    AlreadyMember,
    /// An invitation to this address is pending.
    #[error("the address is invited already")]
    AlreadyInvited,
    /// The workspace would lose its last admin.
    #[error(transparent)]
    LastAdmin(#[from] LastAdmin),
    /// The invitation's link no longer works.
    #[error(transparent)]
    InvitationOver(#[from] Over),
    /// Somebody changed it since the version the client had seen.
    #[error("it was changed meanwhile")]
    Stale {
        /// How it is now.
        current: serde_json::Value,
    },
    /// A value is not acceptable.
    #[error("{field} {message}")]
    Invalid {
        /// Which one.
        field: &'static str,
        /// What is wrong.
        message: String,
        /// In a word for programs.
        reason: Option<&'static str>,
    },
    /// The idempotency key cannot be used now.
    #[error("the idempotency key is refused")]
    Key(#[from] Refusal),
    /// A password could not be hashed.
    #[error("a password cannot be hashed")]
    Hash(#[from] HashError),
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbError),
    /// An event could not be written.
    #[error("an event cannot be written")]
    Contract(#[from] ContractError),
    /// Cryptography failed.
    #[error("a cryptographic operation failed")]
    Crypto(#[from] CryptoError),
    /// A value cannot be written as JSON.
    #[error("an answer cannot be written")]
    Json(#[from] serde_json::Error),
}

impl Error {
    /// Lets a browser that has to show a second factor first go on to where it wanted to be.
    pub(crate) fn on_the_way_to(mut self, path: &ReturnPath) -> Self {
        if let Self::SecondFactorRequired { return_to, .. } = &mut self {
            *return_to = Some(path.as_str().to_owned());
        }
        self
    }

    /// What went wrong with a password that somebody chose in `field`.
    pub fn unfit(field: &'static str, error: HashError) -> Self {
        match error {
            HashError::Common => Self::invalid_because(field, "guessable", error),
            other => other.into(),
        }
    }

    /// The library that speaks with passkeys failed, through no fault of the client's.
    pub fn passkey(what: &'static str, error: webauthn_rs::prelude::WebauthnError) -> Self {
        tracing::error!(%error, what, "passkeys failed");
        CryptoError::new(what).into()
    }

    /// A value that is not acceptable.
    pub fn invalid(field: &'static str, message: impl ToString) -> Self {
        Self::Invalid {
            field,
            message: message.to_string(),
            reason: None,
        }
    }

    /// A value that is not acceptable, for a reason that programs can tell.
    pub fn invalid_because(field: &'static str, reason: &'static str, message: impl ToString) -> Self {
        Self::Invalid {
            field,
            message: message.to_string(),
            reason: Some(reason),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        use Error as E;
        match error {
            E::WrongCredentials => {
                Self::new(Code::Unauthenticated).detail("The address or the password is wrong.")
            }
            E::SecondFactorRequired {
                ticket,
                methods,
                return_to,
            } => {
                let problem = Self::new(Code::SecondFactorRequired)
                    .with("ticket", ticket.expose_secret())
                    .with("methods", serde_json::json!(methods));
                match return_to {
                    Some(path) => problem.with("return_to", path),
                    None => problem,
                }
            }
            E::WrongCode => {
                Self::new(Code::Unauthenticated).detail("The code is wrong, or was used already.")
            }
            E::WrongPasskey => Self::new(Code::Unauthenticated).detail("This passkey is not accepted."),
            E::NoPasskeys => conflict("Passkeys need a host name: they cannot be used at this address."),
            E::TooManyPasskeys => conflict("You have as many passkeys as one may have: remove one first."),
            E::PasskeyKnown => conflict("This passkey was added already."),
            E::Provider(error) => Self::new(Code::Unavailable)
                .detail("The identity provider does not answer as it should.")
                .retry_after(RETRY_SECONDS)
                .caused_by(error),
            E::LinkFirst => {
                conflict("An account has this address: sign in to it, and link the identity there.")
                    .with("state", "link_first")
            }
            E::NoAccount => Self::new(Code::Forbidden)
                .detail("Nobody here has this identity: ask for an invitation.")
                .with("state", "no_account"),
            E::IdentityTaken => {
                conflict("This identity is linked to another account.").with("state", "taken")
            }
            E::LastWayIn => {
                conflict("Without it you could not sign in: choose a password or add a passkey first.")
                    .with("state", "last_way_in")
            }
            E::CeremonyOver => conflict("This took too long: begin anew.").with("state", "over"),
            E::TicketOver => {
                conflict("This sign-in took too long or too many tries: begin anew.").with("state", "over")
            }
            E::TooManyTries { seconds } => Self::new(Code::TooManyRequests)
                .detail("Too many wrong tries: wait a little.")
                .retry_after(seconds),
            E::StepUpRequired { methods } => {
                Self::new(Code::StepUpRequired).with("methods", serde_json::json!(methods))
            }
            E::SecondFactorNeeded => auth_token::second_factor_needed(),
            E::SecondFactorKept => conflict("A workspace that you belong to requires a second factor.")
                .with("state", "second_factor_required"),
            E::SecondFactorFirst => {
                conflict("Set up a second factor for yourself before you require it of others.")
                    .with("state", "second_factor_first")
            }
            E::Meanwhile => conflict("Something changed at this very moment: try again."),
            E::SecondFactorOn => conflict("The second factor is switched on already."),
            E::NothingToConfirm => conflict("There is nothing to confirm: begin the set-up anew."),
            error @ E::KeyInUse(_) => conflict(&error.to_string()),
            E::LinkOver { state } => conflict("This link can no longer be used.").with("state", state),
            E::SessionOver => Self::new(Code::Unauthenticated).detail("The session is over: sign in again."),
            E::NoWorkspace => Self::new(Code::Forbidden).detail("You are no member of any workspace."),
            E::SignUpClosed => {
                Self::new(Code::Forbidden).detail("Signing up is closed: ask for an invitation.")
            }
            E::NotNow => Self::new(Code::Unavailable).retry_after(1),
            E::Refused(refused) => refused.into(),
            E::TooManyTokens => {
                conflict("There are too many tokens: revoke one first.").with("state", "too_many")
            }
            E::ServiceAdmin => Self::new(Code::Invalid).field("role", "a service account is never an admin"),
            E::Forbidden => Self::new(Code::Forbidden),
            E::NotFound(what) => Self::new(Code::NotFound).detail(format!("There is no such {what}.")),
            E::AddressTaken => conflict("This address has an account already.").field("email", "is taken"),
            E::AlreadyMember => {
                conflict("This person is a member already.").field("email", "belongs to a member")
            }
            E::AlreadyInvited => conflict("An invitation is pending.").field("email", "is invited already"),
            E::LastAdmin(_) => conflict("A workspace needs at least one admin.").with("state", "last_admin"),
            E::InvitationOver(Over(state)) => {
                conflict("This invitation can no longer be used.").with("state", state.word())
            }
            E::Stale { current } => Self::new(Code::VersionConflict).with("current", current),
            E::Invalid {
                field,
                message,
                reason,
            } => Self::new(Code::Invalid).field_because(field, message, reason),
            E::Key(refusal) => refusal.into(),
            E::Hash(HashError::Busy) => Self::new(Code::Unavailable)
                .detail("Too many people are signing in at once.")
                .retry_after(RETRY_SECONDS),
            E::Db(error) => error.into(),
            other @ (E::Hash(_) | E::Contract(_) | E::Crypto(_) | E::Json(_)) => Self::internal(other),
        }
    }
}

/// What counts as a second factor, in the words of the API.
pub const SECOND_FACTORS: &[&str] = &["totp", "recovery_code"];

/// What a client of a token endpoint is told: problem details, and the word of OAuth beside them.
impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let code = match refused {
            Refused::Grant | Refused::Client => Code::Unauthenticated,
            Refused::Request(_) | Refused::GrantType | Refused::Scope | Refused::Target => {
                Code::MalformedRequest
            }
        };
        Self::new(code)
            .detail(refused.to_string())
            .with("error", refused.word())
    }
}

fn conflict(detail: &str) -> Problem {
    Problem::new(Code::Conflict).detail(detail)
}
