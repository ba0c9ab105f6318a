//! Accepts the mails that other services ask for: each becomes a delivery that is due at once.

use contracts::MailCommand;
use postgres::{Connection, DbError};

use crate::domain::account::AccountKind;
use crate::events::MailNews;
use crate::store::letters::{self, AccountRow, InvitationRow};

/// Makes the delivery. It has the id of the event that asks for it, so that an event that comes twice makes
/// one mail.
pub(super) async fn accept(conn: &mut Connection, news: MailNews) -> Result<(), DbError> {
    let MailNews {
        event,
        workspace,
        mail,
        time,
    } = news;
    let account = |kind: AccountKind, email: String, language: String, name: String| AccountRow {
        delivery_id: event,
        kind: kind.as_str().to_owned(),
        link_id: None,
        notice: None,
        email,
        language,
        name,
        time_zone: None,
        device: None,
        place: None,
        occurred_at: time,
    };
    let row = match mail {
        MailCommand::Invitation {
            invitation,
            email,
            language,
            workspace_name,
            invited_by,
        } => {
            let row = InvitationRow {
                delivery_id: event,
                invitation_id: invitation,
                email,
                language,
                workspace_name,
                invited_by,
            };
            return letters::invite(conn, workspace, &row).await;
        }
        MailCommand::PasswordReset {
            link,
            email,
            language,
            name,
        } => AccountRow {
            link_id: Some(link),
            ..account(AccountKind::PasswordReset, email, language, name)
        },
        MailCommand::SignUp {
            link,
            email,
            language,
        } => AccountRow {
            link_id: Some(link),
            ..account(AccountKind::SignUp, email, language, String::new())
        },
        MailCommand::AccountExists {
            link,
            email,
            language,
            name,
        } => AccountRow {
            link_id: Some(link),
            ..account(AccountKind::AccountExists, email, language, name)
        },
        MailCommand::AddressVerification {
            link,
            email,
            language,
            name,
        } => AccountRow {
            link_id: Some(link),
            ..account(AccountKind::AddressVerification, email, language, name)
        },
        MailCommand::SecurityNotice {
            notice,
            email,
            language,
            name,
            time_zone,
            device,
            place,
        } => AccountRow {
            notice: Some(notice),
            time_zone: Some(time_zone),
            device: known(device),
            place: known(place),
            ..account(AccountKind::SecurityNotice, email, language, name)
        },
    };
    letters::write_to_account(conn, workspace, &row).await
}

/// An event says with an empty text that something is not known.
fn known(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}
