//! What the API shows. Commands answer with these, so that an idempotent replay gives back the very same words.

mod machines;

use chrono::{DateTime, Utc};
use policy::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::store::{invitations::Invitation, memberships::Member, sessions::Listed};

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
    /// Where they are signed in.
    pub workspace: Workspace,
    /// For `If-Match`.
    pub version: i64,
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

impl From<Member> for Me {
    fn from(member: Member) -> Self {
        Self {
            id: member.id,
            email: member.email,
            name: member.name,
            language: member.language,
            time_zone: member.time_zone,
            kind: member.kind.into(),
            email_verified: member.email_verified_at.is_some(),
            role: member.role,
            workspace: Workspace {
                id: member.workspace_id,
                name: member.workspace_name,
            },
            version: member.version,
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
