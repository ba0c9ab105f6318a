//! Asking notify-service for mails. None of them holds a link: notify-service fetches it when it sends.

use contracts::{Change, ContractError, Event, EventType, MailCommand, Stream};
use uuid::Uuid;

use super::{Incident, SOURCE};
use crate::{
    domain::arrival::Arrival,
    store::{invitations::Invitation, memberships::Member},
};

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
    /// To choose a new password, for somebody who wanted to sign up and has an account.
    Exists,
    /// To show that the address is one's own.
    Verify,
}

impl LinkMail {
    /// The word in the database and in the link.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Reset | Self::Exists => "reset",
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
        LinkMail::Exists => MailCommand::AccountExists {
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

/// The event that asks for a mail with the link to sign up. Nobody is known yet who could be its actor.
pub fn sign_up_mail(
    link: Uuid,
    workspace: Uuid,
    email: &str,
    language: &str,
) -> Result<Event, ContractError> {
    let stream = Stream::mail(link);
    Change::new(EventType::MailRequested, SOURCE, workspace, stream, 1, "sign_up")
        .mail(MailCommand::SignUp {
            link,
            email: email.to_owned(),
            language: language.to_owned(),
        })
        .into_event(telemetry::traceparent())
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
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
    /// An identity of a provider can sign in.
    IdentityLinked,
    /// It no longer can.
    IdentityUnlinked,
}

impl Notice {
    fn word(self) -> &'static str {
        match self {
            Self::PasswordChanged => "password_changed",
            Self::PasswordReset => "password_reset",
            Self::SecondFactorOn => "second_factor_on",
            Self::SecondFactorOff => "second_factor_off",
            Self::RecoveryCodesRenewed => "recovery_codes_renewed",
            Self::PasskeyAdded => "passkey_added",
            Self::PasskeyRemoved => "passkey_removed",
            Self::IdentityLinked => "identity_linked",
            Self::IdentityUnlinked => "identity_unlinked",
        }
    }

    /// What stands in the security log about it.
    pub fn incident(self) -> Incident {
        match self {
            Self::PasswordChanged => Incident::PasswordChanged,
            Self::PasswordReset => Incident::PasswordReset,
            Self::SecondFactorOn => Incident::SecondFactorOn,
            Self::SecondFactorOff => Incident::SecondFactorOff,
            Self::RecoveryCodesRenewed => Incident::RecoveryCodesRenewed,
            Self::PasskeyAdded => Incident::PasskeyAdded,
            Self::PasskeyRemoved => Incident::PasskeyRemoved,
            Self::IdentityLinked => Incident::IdentityLinked,
            Self::IdentityUnlinked => Incident::IdentityUnlinked,
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
