//! Counting wrong passwords and codes, and making those wait who try on.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use postgres::Connection;
use uuid::Uuid;

use crate::{
    app::{App, now},
    domain::{arrival::Arrival, throttle},
    error::Error,
    store::{
        address_notes::{self, AddressNote, REFUSED},
        people, throttles,
    },
};

/// Whose tries are counted together. Both parts count: the account, and where the tries come from.
pub struct Tries {
    key: Vec<u8>,
}

impl Tries {
    /// Tries at an account from a network. It need not exist: whoever asks learns nothing from the wait.
    pub fn at_account(app: &App, email: &str, place: &str) -> Self {
        Self {
            key: app.secrets.throttle_key(&["account", email, place]),
        }
    }

    /// Tries at a person's account.
    pub async fn at_account_of(app: &App, person: Uuid, arrival: &Arrival) -> Result<Self, Error> {
        let email = people::email(&mut *app.db.read().await?, person).await?;
        Ok(Self::at_account(app, &email.unwrap_or_default(), &arrival.place))
    }

    /// Tries in a session: at the password or the second factor of its person.
    pub fn in_session(app: &App, session: Uuid) -> Self {
        Self {
            key: app.secrets.throttle_key(&["session", &session.to_string()]),
        }
    }

    /// What the table knows them by.
    pub fn into_key(self) -> Vec<u8> {
        self.key
    }

    /// Refuses another try for as long as the caller has to wait.
    pub async fn check(&self, app: &App) -> Result<(), Error> {
        let known = throttles::get(&mut *app.db.read().await?, &self.key).await?;
        match known.and_then(|(failures, last_at)| throttle::wait(failures, last_at, now())) {
            Some(seconds) => {
                metrics::counter!("auth_tries_refused_total").increment(1);
                Err(Error::TooManyTries { seconds })
            }
            None => Ok(()),
        }
    }

    /// Counts a wrong try.
    pub async fn wrong(&self, app: &App) -> Result<(), Error> {
        let (key, now) = (self.key.clone(), now());
        app.db
            .write(move |conn| async move { Ok(throttles::fail(conn, &key, now).await?) }.boxed())
            .await
    }

    /// Counts a wrong password, and notes it for the security log of whoever the account belongs to.
    pub async fn wrong_password(&self, app: &App, email: &str, arrival: &Arrival) -> Result<(), Error> {
        let (key, now) = (self.key.clone(), now());
        let note = AddressNote {
            id: Uuid::now_v7(),
            kind: REFUSED.to_owned(),
            email: email.to_owned(),
            device: arrival.device.clone(),
            place: arrival.place.clone(),
            made_at: now,
            // Of no mail: nobody gets one.
            language: "en".to_owned(),
        };
        app.db
            .write(move |conn| {
                async move {
                    throttles::fail(conn, &key, now).await?;
                    Ok::<_, Error>(address_notes::insert(conn, &note).await?)
                }
                .boxed()
            })
            .await?;
        app.noted.notify_one();
        Ok(())
    }

    /// Counts a wrong try in a transaction that is under way.
    pub async fn wrong_in(&self, conn: &mut Connection, now: DateTime<Utc>) -> Result<(), Error> {
        Ok(throttles::fail(conn, &self.key, now).await?)
    }

    /// Forgets the wrong ones.
    pub async fn right_in(&self, conn: &mut Connection) -> Result<(), Error> {
        Ok(throttles::clear(conn, &self.key).await?)
    }
}
