//! The events this service publishes: `user.changed` to whoever keeps a copy of people, `mail.requested` to
//! notify-service alone, `security.logged` to audit-service alone.

mod mails;
mod security;

use contracts::{Change, ContractError, ERASED, Event, EventType, PersonState, Stream};
use messaging::Route;
use serde_json::Value;
use uuid::Uuid;

use crate::store::memberships::Member;

pub use mails::{LinkMail, Notice, invitation_mail, link_mail, security_notice, sign_up_mail};
pub use security::{Incident, key_logged, logged};

/// This service in an event's `source`.
pub const SOURCE: &str = "/auth-service";

/// Which queue gets what.
pub const ROUTES: &[Route] = &[
    Route {
        destination: "audit",
        types: &[EventType::UserChanged, EventType::SecurityLogged],
    },
    Route {
        destination: "notify",
        types: &[EventType::UserChanged, EventType::MailRequested],
    },
    Route {
        destination: "task",
        types: &[EventType::UserChanged],
    },
];

/// What happened to a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberChange {
    /// They came, or came back.
    Joined,
    /// They changed their profile.
    Edited,
    /// Their role was changed.
    RoleChanged,
    /// They left or were removed.
    Removed,
}

/// One field's value before and after.
#[derive(Debug, Clone)]
pub struct FieldChange {
    /// The field.
    pub name: &'static str,
    /// Its value before; null when there was none.
    pub before: Value,
    /// Its value after; null when there is none.
    pub after: Value,
}

/// Who did it.
#[derive(Debug, Clone, Copy)]
pub struct Actor<'a> {
    /// The person.
    pub id: Uuid,
    /// Their name as it is now.
    pub name: &'a str,
}

impl MemberChange {
    fn kind(self) -> &'static str {
        match self {
            Self::Joined => "joined",
            Self::Edited => "edited",
            Self::RoleChanged => "role_changed",
            Self::Removed => "removed",
        }
    }
}

impl FieldChange {
    /// A field that changed from `before` to `after`.
    pub fn new(name: &'static str, before: impl Into<Value>, after: impl Into<Value>) -> Self {
        Self {
            name,
            before: before.into(),
            after: after.into(),
        }
    }
}

/// The event for a change of a member, who is given as they are after it.
pub fn member_changed(
    change: MemberChange,
    member: &Member,
    actor: Actor<'_>,
    fields: Vec<FieldChange>,
) -> Result<Event, ContractError> {
    let stream = Stream::person(member.workspace_id, member.id);
    let event = Change::new(
        EventType::UserChanged,
        SOURCE,
        member.workspace_id,
        stream,
        member.version,
        change.kind(),
    )
    .by(actor.id, actor.name)
    .titled(&member.name)
    .person(state(member));
    let event = fields.into_iter().fold(event, |event, field| {
        event.field(field.name, field.before, field.after)
    });
    event.into_event(telemetry::traceparent())
}

/// The event after which nobody keeps who the person was; the member is their pseudonym already.
pub fn erased(member: &Member, mails: Vec<Uuid>) -> Result<Event, ContractError> {
    let stream = Stream::person(member.workspace_id, member.id);
    Change::new(
        EventType::UserChanged,
        SOURCE,
        member.workspace_id,
        stream,
        member.version,
        ERASED,
    )
    .by(member.id, &member.name)
    .titled(&member.name)
    .person(state(member))
    .forget(mails)
    .into_event(telemetry::traceparent())
}

fn state(member: &Member) -> PersonState {
    PersonState {
        id: member.id,
        name: member.name.clone(),
        email: member.email.clone(),
        language: member.language.clone(),
        time_zone: member.time_zone.clone(),
        role: member.role.to_string(),
        epoch: member.epoch,
        removed: member.removed_at.is_some(),
    }
}
