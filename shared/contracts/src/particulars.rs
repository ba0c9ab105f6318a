//! The part of an event that can be erased.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Salted;

/// The values of a change, with what a reader of a mail or of the history needs to understand it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Particulars {
    /// The title of the task, or the name of the board or column, after the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The board's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub board_name: Option<String>,
    /// The task's person in charge after the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pic: Option<Uuid>,
    /// The person who created the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creator: Option<Uuid>,
    /// The name of the person who made the change, as it was then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_name: Option<String>,
    /// Values before and after, by field name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, FieldValues>,
    /// In `user.changed`: the whole person after the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonState>,
    /// In `mail.requested`: the mail that is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailCommand>,
    /// When a person was erased: the ids of the `mail.requested` events of which nobody keeps a copy any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forget: Vec<Uuid>,
}

/// What everybody calls a person who was erased.
pub const PSEUDONYM: &str = "Former member";

/// The kind of the `user.changed` event after which nobody keeps who the person was.
pub const ERASED: &str = "erased";

/// The address that a person who was erased is kept under: nobody can write to it.
pub fn erased_address(person: Uuid) -> String {
    format!("{person}@erased.invalid")
}

/// A field before and after.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FieldValues {
    /// Before; absent when there was nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Salted>,
    /// After; absent when nothing is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Salted>,
}

/// A person as one workspace knows them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PersonState {
    /// The person's id.
    pub id: Uuid,
    /// The name to show.
    pub name: String,
    /// The mail address.
    pub email: String,
    /// `ko` or `en`.
    pub language: String,
    /// An IANA zone such as `Asia/Seoul`.
    pub time_zone: String,
    /// `admin`, `supervisor`, `pic` or `observer`.
    pub role: String,
    /// Raised by every change of role: tokens of an older epoch no longer count.
    pub epoch: i64,
    /// Whether the person no longer belongs to the workspace.
    #[serde(default)]
    pub removed: bool,
}

/// A mail that is not about a change. Links that open doors are never in here: they are fetched from
/// auth-service at the moment of sending.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "mail", rename_all = "snake_case")]
pub enum MailCommand {
    /// Somebody is invited into a workspace.
    Invitation {
        /// The invitation's id, by which its link is fetched.
        invitation: Uuid,
        /// Whom to write to.
        email: String,
        /// `ko` or `en`.
        language: String,
        /// The workspace's name.
        workspace_name: String,
        /// The name of the person who invites.
        invited_by: String,
    },
    /// Somebody forgot their password.
    PasswordReset {
        /// The link's id, by which it is fetched.
        link: Uuid,
        /// Whom to write to.
        email: String,
        /// `ko` or `en`.
        language: String,
        /// The person's name.
        name: String,
    },
    /// Somebody wants to sign up; nothing of them is known but the address.
    SignUp {
        /// The link's id, by which it is fetched.
        link: Uuid,
        /// Whom to write to.
        email: String,
        /// `ko` or `en`.
        language: String,
    },
    /// Somebody wanted to sign up with an address that has an account; whose it is gets a link to a new password.
    AccountExists {
        /// The link's id, by which it is fetched.
        link: Uuid,
        /// Whom to write to.
        email: String,
        /// `ko` or `en`.
        language: String,
        /// The person's name.
        name: String,
    },
    /// Somebody is to show that the address is theirs.
    AddressVerification {
        /// The link's id, by which it is fetched.
        link: Uuid,
        /// Whom to write to.
        email: String,
        /// `ko` or `en`.
        language: String,
        /// The person's name.
        name: String,
    },
    /// Something about the security of an account was changed, which its owner should know.
    SecurityNotice {
        /// `password_changed`, `password_reset`, `second_factor_on`, `second_factor_off`, `recovery_codes_renewed`, or a
        /// later word.
        notice: String,
        /// Whom to write to.
        email: String,
        /// `ko` or `en`.
        language: String,
        /// The person's name.
        name: String,
        /// An IANA zone such as `Asia/Seoul`, in which the moment is told.
        time_zone: String,
        /// From which device, such as `Chrome · macOS`; empty when unknown.
        device: String,
        /// From which network, such as `203.0.113.0/24`; empty when unknown.
        place: String,
    },
}
