//! What concerns the security of an account, for the admins of its workspace to see.

use contracts::{Change, ContractError, Event, EventType, Stream};
use uuid::Uuid;

use super::{FieldChange, SOURCE};
use crate::{domain::arrival::Arrival, store::memberships::Member};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incident {
    /// Somebody signed in.
    SignedIn,
    /// Somebody tried a wrong password.
    SignInRefused,
    /// The password was right, and the code was wrong.
    CodeRefused,
    /// Somebody signed out.
    SignedOut,
    /// Sessions were ended from another one.
    SessionsEnded,
    /// A replaced refresh token came back: the session was ended for whoever holds it.
    TokenReused,
    /// Another password was chosen.
    PasswordChanged,
    /// Another password was chosen by a link from a mail.
    PasswordReset,
    /// The second factor was switched on.
    SecondFactorOn,
    /// It was switched off.
    SecondFactorOff,
    /// There are new recovery codes.
    RecoveryCodesRenewed,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
    /// A passkey's answer was not right.
    PasskeyRefused,
    /// An identity of a provider can sign in.
    IdentityLinked,
    /// It no longer can.
    IdentityUnlinked,
    /// The workspace got another name or other rules.
    WorkspaceChanged,
    /// The workspace was deleted.
    WorkspaceDeleted,
    /// An API token was made.
    TokenMade,
    /// An API token was revoked.
    TokenRevoked,
    /// A service account was made.
    ServiceAccountMade,
    /// A service account was removed.
    ServiceAccountRemoved,
    /// A key to sign access tokens was made.
    KeyMade,
    /// A key that signed access tokens was taken away.
    KeyRetired,
}

impl Incident {
    /// The kind of the entry.
    pub fn word(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::SignInRefused => "sign_in_refused",
            Self::CodeRefused => "code_refused",
            Self::SignedOut => "signed_out",
            Self::SessionsEnded => "sessions_ended",
            Self::TokenReused => "token_reused",
            Self::PasswordChanged => "password_changed",
            Self::PasswordReset => "password_reset",
            Self::SecondFactorOn => "second_factor_on",
            Self::SecondFactorOff => "second_factor_off",
            Self::RecoveryCodesRenewed => "recovery_codes_renewed",
            Self::PasskeyAdded => "passkey_added",
            Self::PasskeyRemoved => "passkey_removed",
            Self::PasskeyRefused => "passkey_refused",
            Self::IdentityLinked => "identity_linked",
            Self::IdentityUnlinked => "identity_unlinked",
            Self::WorkspaceChanged => "workspace_changed",
            Self::WorkspaceDeleted => "workspace_deleted",
            Self::TokenMade => "token_made",
            Self::TokenRevoked => "token_revoked",
            Self::ServiceAccountMade => "service_account_made",
            Self::ServiceAccountRemoved => "service_account_removed",
            Self::KeyMade => "key_made",
            Self::KeyRetired => "key_retired",
        }
    }

    /// Whether it is certain that the account's owner did it. Of who was refused, nobody knows who they are.
    fn by_owner(self) -> bool {
        !matches!(
            self,
            Self::SignInRefused | Self::CodeRefused | Self::PasskeyRefused | Self::TokenReused
        )
    }
}

/// The event about a signing key, which concerns everybody's account in a workspace. Who did it is not known: keys are
/// rotated from outside of all workspaces.
pub fn key_logged(incident: Incident, kid: &str, workspace: Uuid) -> Result<Event, ContractError> {
    let stream = Stream::security(Uuid::now_v7());
    Change::new(
        EventType::SecurityLogged,
        SOURCE,
        workspace,
        stream,
        1,
        incident.word(),
    )
    .titled(kid)
    .into_event(telemetry::traceparent())
}

/// The event about an account's incident.
pub fn logged(
    incident: Incident,
    account: &Member,
    arrival: &Arrival,
    fields: Vec<FieldChange>,
) -> Result<Event, ContractError> {
    let stream = Stream::security(Uuid::now_v7());
    let change = Change::new(
        EventType::SecurityLogged,
        SOURCE,
        account.workspace_id,
        stream,
        1,
        incident.word(),
    );
    let change = if incident.by_owner() {
        change.by(account.id, &account.name)
    } else {
        change
    };
    let absent = serde_json::Value::Null;
    let change = fields.into_iter().fold(change, |change, field| {
        change.field(field.name, field.before, field.after)
    });
    change
        .titled(&account.name)
        .field("account", absent.clone(), serde_json::json!(account.id))
        .field("device", absent.clone(), serde_json::json!(arrival.device))
        .field("place", absent, serde_json::json!(arrival.place))
        .into_event(telemetry::traceparent())
}
