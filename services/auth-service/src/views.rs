//! What the API shows. Commands answer with these, so that an idempotent replay gives back the very same words.

mod machines;

use chrono::{DateTime, Utc};
use policy::Role;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    config::SignUpMode,
    store::{
        invitations::Invitation, memberships::Member, passkeys::StoredPasskey, sessions::Listed,
        workspace_settings::Settings,
    },
};

pub use machines::{AccountView, Exchanged, Granted, Kind, TokenMade, TokenView};

/// The workspace somebody is signed in to.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Workspace {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// The signed-in person.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// The person's id.
    pub id: Uuid,
    /// Their address in normal form.
    pub email: String,
    /// Their display name.
    pub name: String,
    /// Language of the app and of mails.
    #[schema(value_type = LanguageCode)]
    pub language: String,
    /// IANA time zone.
    #[schema(example = "Asia/Seoul")]
    pub time_zone: String,
    /// Whether they are a person or a service account.
    pub kind: Kind,
    /// Whether they have shown that the address is theirs.
    pub email_verified: bool,
    /// What they may do.
    pub role: Role,
    /// What tells their picture from others; none where they have none.
    #[serde(default)]
    pub picture: Option<String>,
    /// Where they are signed in.
    pub workspace: Workspace,
    /// For `If-Match`.
    pub version: i64,
    /// The workspace requires a second factor that the person has not set up yet.
    #[serde(default)]
    pub second_factor_needed: bool,
}

/// A language of the product.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum LanguageCode {
    /// Korean
    Ko,
    /// English
    En,
}

/// A member of the workspace.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Member)]
pub struct MemberView {
    /// The person's id.
    pub id: Uuid,
    /// Their display name.
    pub name: String,
    /// Their address; that of a service account reaches nobody.
    pub email: String,
    /// Whether they are a person or a service account.
    pub kind: Kind,
    /// What they may do.
    pub role: Role,
    /// What tells their picture from others; none where they have none.
    #[serde(default)]
    pub picture: Option<String>,
    /// When they joined.
    pub joined_at: DateTime<Utc>,
    /// For `If-Match`.
    pub version: i64,
}

/// A person by name.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PersonName {
    /// The person's id.
    pub id: Uuid,
    /// Their display name.
    pub name: String,
}

/// An invitation that is still pending.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Invitation)]
pub struct InvitationView {
    /// Its id.
    pub id: Uuid,
    /// Who is invited.
    pub email: String,
    /// As what.
    pub role: Role,
    /// Who invites.
    pub invited_by: PersonName,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When its link stops to work.
    pub expires_at: DateTime<Utc>,
    /// For `If-Match`.
    pub version: i64,
}

/// What the holder of a link learns about the invitation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InvitationInspected {
    /// The workspace that invites.
    pub workspace_name: String,
    /// Who is invited.
    pub email: String,
    /// As what.
    pub role: Role,
    /// The name of the person who invites.
    pub invited_by: String,
    /// When the link stops to work.
    pub expires_at: DateTime<Utc>,
    /// Whether the address has an account already: then its password is asked for, else a new one is chosen.
    pub known_person: bool,
}

/// A session just opened or renewed.
#[derive(Serialize, ToSchema)]
pub struct Session {
    /// The token to send as `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds until the access token ends.
    pub expires_in: i64,
    /// Who is signed in.
    pub person: Me,
    /// The workspace requires a second factor: until one is set up the token is good for nothing else.
    pub second_factor_needed: bool,
}

/// The workspace and its rules.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WorkspaceSettings {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Whether everybody must have a second factor.
    pub require_second_factor: bool,
    /// For `If-Match`.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// A workspace somebody belongs to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WorkspaceItem {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What they may do there.
    pub role: Role,
    /// Whether it is the one they are signed in to.
    pub current: bool,
}

/// A proof of identity, and how long it counts.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Proven {
    /// When it was given.
    pub proved_at: DateTime<Utc>,
    /// Until when it counts for what is dangerous.
    pub valid_until: DateTime<Utc>,
}

/// What a browser is asked, and what its answer is sent back with.
#[derive(Debug, Serialize, ToSchema)]
pub struct Question {
    /// Stands for what was begun: single use, five minutes.
    #[serde(serialize_with = "expose")]
    #[schema(value_type = String)]
    pub ceremony: SecretString,
    /// Options in JSON as browsers parse them (Web Authentication, Level 3).
    #[schema(value_type = Object)]
    pub options: serde_json::Value,
}

/// A passkey.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Passkey)]
pub struct PasskeyView {
    /// Its id.
    pub id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it was last used; never, when absent.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A passkey that was just added.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasskeyAdded {
    /// The passkey.
    pub passkey: PasskeyView,
    /// For whoever had none: codes that each work once, shown this once.
    pub recovery_codes: Option<Vec<String>>,
}

/// What the page for signing in can offer.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignInOptions {
    /// Who may sign up now.
    pub sign_up: SignUpMode,
    /// Whether passkeys can be used at this address.
    pub passkeys: bool,
    /// The identity providers.
    pub providers: Vec<ProviderName>,
}

/// An identity provider.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProviderName {
    /// Its name in addresses.
    pub id: String,
    /// Its name for people.
    pub name: String,
}

/// An identity at a provider that signs in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Identity)]
pub struct IdentityView {
    /// Its id.
    pub id: Uuid,
    /// The provider's name in addresses; empty where it is no longer set.
    pub provider: String,
    /// The provider's name for people.
    pub provider_name: String,
    /// The address there.
    pub email: Option<String>,
    /// The name there.
    pub name: Option<String>,
    /// Where the picture is.
    pub picture: Option<String>,
    /// When it was linked.
    pub linked_at: DateTime<Utc>,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// One of a person's sessions.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SessionItem)]
pub struct SessionView {
    /// Its id.
    pub id: Uuid,
    /// On which device, such as `Chrome · macOS`; empty when unknown.
    pub device: String,
    /// From which network it was used last, such as `203.0.113.0/24`; empty when unknown.
    pub place: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was opened or renewed last.
    pub last_used_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub current: bool,
    /// Where it is signed in to.
    pub workspace: Workspace,
}

impl SessionView {
    /// A session as seen from `present`.
    pub fn of(session: Listed, present: Uuid) -> Self {
        Self {
            current: session.id == present,
            id: session.id,
            device: session.device,
            place: session.place,
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            workspace: Workspace {
                id: session.workspace_id,
                name: session.workspace_name,
            },
        }
    }
}

impl From<StoredPasskey> for PasskeyView {
    fn from(stored: StoredPasskey) -> Self {
        Self {
            id: stored.id,
            name: stored.name,
            created_at: stored.created_at,
            last_used_at: stored.last_used_at,
        }
    }
}

fn expose<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

impl Me {
    /// The person, and whether they lack the second factor that the workspace requires.
    pub fn of(member: Member, second_factor_needed: bool) -> Self {
        Self {
            second_factor_needed,
            id: member.id,
            email: member.email,
            name: member.name,
            language: member.language,
            time_zone: member.time_zone,
            kind: member.kind.into(),
            email_verified: member.email_verified_at.is_some(),
            role: member.role,
            picture: member.picture,
            workspace: Workspace {
                id: member.workspace_id,
                name: member.workspace_name,
            },
            version: member.version,
        }
    }
}

impl From<Settings> for WorkspaceSettings {
    fn from(workspace: Settings) -> Self {
        Self {
            id: workspace.id,
            name: workspace.name,
            require_second_factor: workspace.require_second_factor,
            version: workspace.version,
            created_at: workspace.created_at,
        }
    }
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        Self {
            id: member.id,
            name: member.name,
            email: member.email,
            kind: member.kind.into(),
            role: member.role,
            picture: member.picture,
            joined_at: member.joined_at,
            version: member.version,
        }
    }
}

impl From<Invitation> for InvitationView {
    fn from(invitation: Invitation) -> Self {
        Self {
            id: invitation.id,
            email: invitation.email,
            role: invitation.role,
            invited_by: PersonName {
                id: invitation.invited_by,
                name: invitation.inviter_name,
            },
            created_at: invitation.created_at,
            expires_at: invitation.expires_at,
            version: invitation.version,
        }
    }
}
