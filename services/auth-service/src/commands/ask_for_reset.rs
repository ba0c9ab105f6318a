//! "Forgot your password?" What is asked is only written down, for every address alike; a worker looks afterwards
//! whether it has an account. So neither the answer nor its time tells.

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;
use messaging::outbox;
use postgres::Connection;
use uuid::Uuid;

use crate::{
    app::{App, now},
    domain::address::Address,
    error::Error,
    events::{self, LinkMail},
    keys::random_nonce,
    store::{
        account_links::{self, AccountLink, ResetRequest},
        memberships, people,
    },
};

/// How long a link works.
pub const LINK: TimeDelta = TimeDelta::minutes(30);
/// Requests dealt with in one transaction.
const BATCH: i64 = 20;
/// Mails of one purpose that a person gets in [`LINK`] at most: a stranger must not fill their mailbox.
const MOST_MAILS: i64 = 3;

/// Writes the request down.
pub async fn ask_for_reset(app: &App, email: Address) -> Result<(), Error> {
    let request = ResetRequest {
        id: Uuid::now_v7(),
        email: email.into_string(),
        made_at: now(),
    };
    app.db
        .write(move |conn| async move { Ok::<_, Error>(account_links::ask(conn, &request).await?) }.boxed())
        .await?;
    app.asked.notify_one();
    Ok(())
}

/// Deals with requests that were written down; gives how many.
pub async fn answer_requests(app: &App) -> Result<usize, Error> {
    let now = now();
    app.write(move |conn| {
        async move {
            let requests = account_links::take_requests(conn, BATCH).await?;
            for request in &requests {
                answer(conn, request, now).await?;
            }
            Ok(requests.len())
        }
        .boxed()
    })
    .await
}

async fn answer(conn: &mut Connection, request: &ResetRequest, now: DateTime<Utc>) -> Result<(), Error> {
    // What waited for too long is no longer wanted.
    if now - request.made_at > LINK {
        return Ok(());
    }
    let Some(known) = people::credentials(conn, &request.email).await? else {
        return Ok(());
    };
    send_link(conn, known.person, LinkMail::Reset, now).await
}

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
