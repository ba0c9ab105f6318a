//! Choosing a new password while signed in. Every other session ends: whoever knew the old one is out.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use messaging::outbox;
use policy::Operation;
use postgres::Connection;

use crate::{
    access,
    app::{App, now},
    domain::{arrival::Arrival, password::Password},
    error::Error,
    events::{self, Incident, Notice},
    security_log,
    store::{
        account_links,
        memberships::Bearer,
        people,
        sessions::{self, EndReason, Which},
    },
};

/// Stores the new password, ends the other sessions, and tells the person by mail.
pub async fn change_password(
    app: &App,
    bearer: Bearer,
    new: Password,
    arrival: Arrival,
) -> Result<(), Error> {
    // Refused before a hash is spent on it; what counts is looked at again inside the transaction.
    let caller = access::allowed(&mut *app.db.read().await?, bearer, Operation::PasswordChange).await?;
    let hash = app
        .passwords
        .place()?
        .choose(new, &[&caller.email, &caller.name])
        .await;
    let hash = hash.map_err(|error| Error::unfit("new_password", error))?;
    let now = now();
    app.write(move |conn| async move { apply(conn, bearer, &hash, &arrival, now).await }.boxed())
        .await
}

async fn apply(
    conn: &mut Connection,
    bearer: Bearer,
    hash: &str,
    arrival: &Arrival,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let caller = access::allowed(conn, bearer, Operation::PasswordChange).await?;
    people::set_password(conn, bearer.person, hash, now).await?;
    account_links::close_all(conn, bearer.person, "reset", now).await?;
    let others = Which::AllOf {
        person: bearer.person,
        except: Some(bearer.session),
    };
    sessions::end(conn, others, EndReason::Password, now).await?;
    security_log::note(conn, Incident::PasswordChanged, &caller, arrival).await?;
    let notice = events::security_notice(Notice::PasswordChanged, &caller, arrival)?;
    Ok(outbox::append(conn, &notice).await?)
}
