//! Signing in with address and password. Whether an address has an account is not to be learned here: neither from
//! the answer nor from the time it takes.

use futures::FutureExt;
use uuid::Uuid;

use crate::{
    app::App,
    commands::open_session::{Opened, open_session},
    domain::{address::Address, password::Password},
    error::Error,
    store::{memberships, people},
};

/// What a person types.
pub struct SignIn {
    /// Their address.
    pub email: Address,
    /// Their password.
    pub password: Password,
}

/// Opens a session in the workspace the person used last.
pub async fn sign_in(app: &App, typed: SignIn) -> Result<Opened, Error> {
    let known = people::credentials(&mut *app.db.read().await?, typed.email.as_str()).await?;
    let (person, stored) = match known {
        Some(known) => (Some(known.person), known.hash),
        None => (None, None),
    };
    let verdict = app
        .passwords
        .verify(typed.password.clone(), stored.clone())
        .await?;
    let Some(person) = person.filter(|_| verdict.right) else {
        metrics::counter!("auth_sign_in_total", "outcome" => "refused").increment(1);
        return Err(Error::WrongCredentials);
    };
    if let Some(old) = stored.filter(|_| verdict.outdated) {
        renew_hash(app, person, typed.password, old).await?;
    }
    let workspace = memberships::usual_workspace(&mut *app.db.read().await?, person).await?;
    let opened = open_session(app, person, workspace.ok_or(Error::NoWorkspace)?).await?;
    metrics::counter!("auth_sign_in_total", "outcome" => "opened").increment(1);
    Ok(opened)
}

/// Stores the password under today's parameters, now that it is known.
async fn renew_hash(app: &App, person: Uuid, password: Password, old: String) -> Result<(), Error> {
    let new = app.passwords.hash(password).await?;
    app.db
        .write(move |conn| async move { Ok(people::renew_hash(conn, person, &old, &new).await?) }.boxed())
        .await
}
