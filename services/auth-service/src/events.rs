//! The events this service publishes: `user.changed` to whoever keeps a copy of people, `mail.requested` to
//! notify-service alone.

use contracts::{Change, ContractError, Event, EventType, MailCommand, PersonState, Stream};
use messaging::Route;
use serde_json::Value;
use uuid::Uuid;

use crate::domain::arrival::Arrival;
use crate::store::{invitations::Invitation, memberships::Member};

/// This service in an event's `source`.
pub const SOURCE: &str = "/auth-service";

/// Which queue gets what.
pub const ROUTES: &[Route] = &[
    Route {
        destination: "audit",
        types: &[EventType::UserChanged],
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

/// The event that asks for an invitation's mail. It holds no link: notify-service fetches it when it sends.
pub fn invitation_mail(invitation: &Invitation) -> Result<Event, ContractError> {
    let stream = Stream::invitation(invitation.id);
    Change::new(
        EventType::MailRequested,
        SOURCE,
        invitation.workspace_id,
        stream,
        1,
        "invited",
    )
    .by(invitation.invited_by, &invitation.inviter_name)
    .mail(MailCommand::Invitation {
        invitation: invitation.id,
        email: invitation.email.clone(),
        language: invitation.language.clone(),
        workspace_name: invitation.workspace_name.clone(),
        invited_by: invitation.inviter_name.clone(),
    })
    .into_event(telemetry::traceparent())
}

/// Which link a mail brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkMail {
    /// To choose a new password.
    Reset,
    /// To show that the address is one's own.
    Verify,
}

impl LinkMail {
    /// The word in the database and in the link.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Verify => "verify",
        }
    }
}

/// The event that asks for a mail with a link. It holds no link: notify-service fetches it when it sends.
pub fn link_mail(mail: LinkMail, link: Uuid, member: &Member) -> Result<Event, ContractError> {
    let (email, language, name) = (member.email.clone(), member.language.clone(), member.name.clone());
    let command = match mail {
        LinkMail::Reset => MailCommand::PasswordReset {
            link,
            email,
            language,
            name,
        },
        LinkMail::Verify => MailCommand::AddressVerification {
            link,
            email,
            language,
            name,
        },
    };
    account_mail(link, mail.purpose(), member, command)
}

/// What the owner of an account should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// They chose a new password.
    PasswordChanged,
    /// A new password was chosen by a link from a mail.
    PasswordReset,
    /// The second factor was switched on.
    SecondFactorOn,
    /// It was switched off.
    SecondFactorOff,
    /// There are new recovery codes.
    RecoveryCodesRenewed,
}

impl Notice {
    fn word(self) -> &'static str {
        match self {
            Self::PasswordChanged => "password_changed",
            Self::PasswordReset => "password_reset",
            Self::SecondFactorOn => "second_factor_on",
            Self::SecondFactorOff => "second_factor_off",
            Self::RecoveryCodesRenewed => "recovery_codes_renewed",
        }
    }
}

/// The event that asks for a mail about it.
pub fn security_notice(notice: Notice, member: &Member, arrival: &Arrival) -> Result<Event, ContractError> {
    let command = MailCommand::SecurityNotice {
        notice: notice.word().to_owned(),
        email: member.email.clone(),
        language: member.language.clone(),
        name: member.name.clone(),
        time_zone: member.time_zone.clone(),
        device: arrival.device.clone(),
        place: arrival.place.clone(),
    };
    account_mail(Uuid::now_v7(), notice.word(), member, command)
}

fn account_mail(id: Uuid, kind: &str, member: &Member, mail: MailCommand) -> Result<Event, ContractError> {
    let stream = Stream::mail(id);
    Change::new(
        EventType::MailRequested,
        SOURCE,
        member.workspace_id,
        stream,
        1,
        kind,
    )
    .by(member.id, &member.name)
    .mail(mail)
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
