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
        memberships, workspaces,
    },
};

/// The purpose of a link to sign up with, and the page it leads to.
pub(super) const SIGN_UP: &str = "sign-up";
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
        person_id: Some(person),
        ..new_link(purpose, now)?
    };
    account_links::insert(conn, &link).await?;
    Ok(outbox::append(conn, &events::link_mail(mail, link.id, &member)?).await?)
}

/// The same for an address that nobody has an account for.
pub(super) async fn send_sign_up_link(
    conn: &mut Connection,
    email: &str,
    language: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    if account_links::count_to(conn, email, now - LINK).await? >= MOST_MAILS {
        return Ok(());
    }
    let link = AccountLink {
        email: Some(email.to_owned()),
        ..new_link(SIGN_UP, now)?
    };
    account_links::insert(conn, &link).await?;
    // Every event belongs to a workspace, and whoever signs up has none yet: the house's first one answers for it.
    let workspace = workspaces::oldest(conn).await?.unwrap_or_default();
    let event = events::sign_up_mail(link.id, workspace, email, language)?;
    Ok(outbox::append(conn, &event).await?)
}

fn new_link(purpose: &str, now: DateTime<Utc>) -> Result<AccountLink, Error> {
    Ok(AccountLink {
        id: Uuid::now_v7(),
        purpose: purpose.to_owned(),
        person_id: None,
        nonce: random_nonce()?.to_vec(),
        created_at: now,
        expires_at: now + LINK,
        used_at: None,
        email: None,
    })
}
