//! Choosing a new password by a link from a mail. Every session of the person ends, in every workspace.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use postgres::Connection;
use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    app::{App, now},
    domain::{arrival::Arrival, password::Password},
    error::Error,
    events::Notice,
    queries::account_link::find_with_owner,
    security_log,
    store::{
        account_links, people,
        sessions::{self, EndReason, Which},
    },
};

/// Stores the new password, ends all sessions, and tells the person by mail. Who could read the mail has shown that
/// the address is theirs, too.
pub async fn reset_password(
    app: &App,
    token: &SecretString,
    new: Password,
    arrival: Arrival,
) -> Result<(), Error> {
    let (link, person) = find_with_owner(app, token, "reset").await?;
    let about = people::about(&mut *app.db.read().await?, person).await?;
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    let hash = app.passwords.place()?.choose(new, &about).await;
    let hash = hash.map_err(|error| Error::unfit("new_password", error))?;
    let (id, now) = (link.id, now());
    app.write(move |conn| {
        async move {
            if !account_links::consume(conn, id, now).await? {
                return Err(Error::LinkOver { state: "used" });
            }
            apply(conn, person, &hash, &arrival, now).await
        }
        .boxed()
    })
    .await
}

async fn apply(
    conn: &mut Connection,
    person: Uuid,
    hash: &str,
    arrival: &Arrival,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    people::set_password(conn, person, hash, now).await?;
    people::verify_email(conn, person, now).await?;
    account_links::close_all(conn, person, "reset", now).await?;
    let all = Which::AllOf { person, except: None };
    sessions::end(conn, all, EndReason::Password, now).await?;
    security_log::tell_of(conn, Notice::PasswordReset, person, arrival).await
}
