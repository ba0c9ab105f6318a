//! Signing in with address and password. Whether an address has an account is not to be learned here: neither from
//! the answer nor from the time it takes.

use chrono::TimeDelta;
use futures::FutureExt;
use uuid::Uuid;

use crate::{
    app::{App, now},
    commands::open_session::{Opened, open_session_of},
    domain::{address::Address, arrival::Arrival, password::Password},
    error::Error,
    keys::{random_token, token_hash},
    passwords::HashError,
    store::{memberships, origins::Origin, people, second_factors},
    tries::Tries,
};

/// How long the second factor may be awaited.
const TICKET: TimeDelta = TimeDelta::minutes(5);

/// What a person types.
pub struct SignIn {
    /// Their address.
    pub email: Address,
    /// Their password.
    pub password: Password,
}

/// Opens a session in the workspace the person used last; or, where there is a second factor, gives a ticket for it.
pub async fn sign_in(app: &App, typed: SignIn, arrival: Arrival) -> Result<Opened, Error> {
    // First of all: whom there is no place for is refused before the database is asked anything.
    let place = app.passwords.place()?;
    let tries = Tries::at_account(app, typed.email.as_str(), &arrival.place);
    tries.check(app).await?;
    let known = people::credentials(&mut *app.db.read().await?, typed.email.as_str()).await?;
    let (person, stored) = match known {
        Some(known) => (Some(known.person), known.hash),
        None => (None, None),
    };
    let verdict = place.verify(typed.password.clone(), stored.clone()).await?;
    let Some(person) = person.filter(|_| verdict.right) else {
        metrics::counter!("auth_sign_in_total", "outcome" => "refused").increment(1);
        tries.wrong_password(app, typed.email.as_str(), &arrival).await?;
        return Err(Error::WrongCredentials);
    };
    if let Some(old) = stored.filter(|_| verdict.outdated) {
        renew_hash(app, person, typed.password, old).await?;
    }
    await_second_factor(app, person, None).await?;
    let opened = open_usual(app, person, arrival, tries, None).await?;
    metrics::counter!("auth_sign_in_total", "outcome" => "opened").increment(1);
    Ok(opened)
}

/// Opens a session in the workspace the person used last, and forgets their wrong tries.
pub(super) async fn open_usual(
    app: &App,
    person: Uuid,
    arrival: Arrival,
    tries: Tries,
    origin: Option<Origin>,
) -> Result<Opened, Error> {
    let workspace = memberships::usual_workspace(&mut *app.db.read().await?, person).await?;
    let workspace = workspace.ok_or(Error::NoWorkspace)?;
    let opened = open_session_of(app, person, workspace, arrival, origin).await?;
    app.db
        .write(move |conn| async move { tries.right_in(conn).await }.boxed())
        .await?;
    Ok(opened)
}

/// Where a right password, or a provider's word, is not enough, gives a ticket with which the second factor is presented.
///
/// # Errors
/// [`Error::SecondFactorRequired`] with the ticket.
pub(super) async fn await_second_factor(
    app: &App,
    person: Uuid,
    origin: Option<Origin>,
) -> Result<(), Error> {
    let means = second_factors::means(&mut *app.db.read().await?, person).await?;
    if !means.any() {
        return Ok(());
    }
    let ticket = random_token()?;
    let (hash, expires_at) = (token_hash(&ticket), now() + TICKET);
    app.db
        .write(move |conn| {
            async move {
                let origin = origin.as_ref();
                second_factors::insert_ticket(conn, &hash, person, expires_at, origin).await?;
                Ok::<_, Error>(())
            }
            .boxed()
        })
        .await?;
    Err(Error::SecondFactorRequired {
        ticket,
        methods: means.methods(),
        return_to: None,
    })
}

/// Stores the password under today's parameters, now that it is known; another time where the queue is full.
async fn renew_hash(app: &App, person: Uuid, password: Password, old: String) -> Result<(), Error> {
    let Ok(place) = app.passwords.place() else {
        return Ok(());
    };
    let new = match place.hash(password).await {
        Err(HashError::Busy) => return Ok(()),
        done => done?,
    };
    app.db
        .write(move |conn| async move { Ok(people::renew_hash(conn, person, &old, &new).await?) }.boxed())
        .await
}
