//! Sending a link by mail.

use chrono::{DateTime, TimeDelta, Utc};
use messaging::outbox;
use postgres::Connection;
use uuid::Uuid;

use crate::{
    error::Error,
    events::{self, LinkMail},
    keys::random_nonce,
    store::{
        account_links::{self, AccountLink},
        memberships,
    },
};

/// How long a link works.
pub const LINK: TimeDelta = TimeDelta::minutes(30);
/// Mails of one purpose that a person gets in [`LINK`] at most: a stranger must not fill their mailbox.
const MOST_MAILS: i64 = 3;

/// Makes a link and asks for its mail. Links of the same purpose that are still open go on working: mails overtake
/// each other.
pub(super) async fn send_link(
    conn: &mut Connection,
    person: Uuid,
    mail: LinkMail,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let purpose = mail.purpose();
    if account_links::count_since(conn, person, purpose, now - LINK).await? >= MOST_MAILS {
        return Ok(());
    }
    let Some(workspace) = memberships::usual_workspace(conn, person).await? else {
        return Ok(());
    };
    let member = memberships::get(conn, workspace, person)
        .await?
        .ok_or(Error::NoWorkspace)?;
    let link = AccountLink {
        id: Uuid::now_v7(),
        purpose: purpose.to_owned(),
        person_id: person,
        nonce: random_nonce()?.to_vec(),
        created_at: now,
        expires_at: now + LINK,
        used_at: None,
    };
    account_links::insert(conn, &link).await?;
    Ok(outbox::append(conn, &events::link_mail(mail, link.id, &member)?).await?)
}
