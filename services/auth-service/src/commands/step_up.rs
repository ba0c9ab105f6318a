//! Proving once more who one is, before something dangerous. With a second factor only that counts: a password may
//! have been looked at over a shoulder.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use postgres::Connection;

use crate::{
    access,
    app::{App, now},
    domain::{code::Code, password::Password, proof},
    error::Error,
    second_factor,
    store::{memberships::Bearer, people, second_factors, sessions},
    tries::Tries,
    views::Proven,
};

/// What is presented.
pub enum Proof {
    /// The password.
    Password(Password),
    /// A code.
    Code(Code),
}

/// Notes in the session that the person has just proved who they are.
pub async fn step_up(app: &App, bearer: Bearer, proof: Proof) -> Result<Proven, Error> {
    let tries = Tries::in_session(app, bearer.session);
    tries.check(app).await?;
    let now = now();
    let code = match proof {
        Proof::Password(password) => {
            check_password(app, bearer, password).await?;
            None
        }
        Proof::Code(code) => Some(code),
    };
    let work = app.clone();
    // A wrong code is a result and not an error, since the count of tries must be committed.
    let proved = app
        .db
        .write(move |conn| {
            async move {
                access::acting(conn, bearer).await?;
                if let Some(code) = code
                    && !accept(&work, conn, bearer, &code, now).await?
                {
                    tries.wrong_in(conn, now).await?;
                    return Ok(false);
                }
                sessions::prove(conn, bearer.session, now).await?;
                tries.right_in(conn).await?;
                Ok::<_, Error>(true)
            }
            .boxed()
        })
        .await?;
    if !proved {
        return Err(Error::invalid("code", "is wrong, or was used already"));
    }
    Ok(Proven {
        proved_at: now,
        valid_until: now + proof::FRESH,
    })
}

/// Refuses a wrong password, and any password where a second factor is switched on.
async fn check_password(app: &App, bearer: Bearer, password: Password) -> Result<(), Error> {
    let mut conn = app.db.read().await?;
    let member = access::acting(&mut conn, bearer).await?;
    if second_factors::enabled_at(&mut conn, bearer.person)
        .await?
        .is_some()
    {
        return Err(Error::invalid(
            "password",
            "is not enough here: give a code of your app",
        ));
    }
    let known = people::credentials(&mut conn, &member.email).await?;
    drop(conn);
    let stored = known.and_then(|known| known.hash);
    if app.passwords.verify(password, stored).await?.right {
        return Ok(());
    }
    Tries::in_session(app, bearer.session).wrong(app).await?;
    Err(Error::invalid("password", "is wrong"))
}

async fn accept(
    app: &App,
    conn: &mut Connection,
    bearer: Bearer,
    code: &Code,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    // A secret that was never confirmed proves nothing.
    if second_factors::enabled_at(conn, bearer.person).await?.is_none() {
        return Ok(false);
    }
    second_factor::accept(app, conn, bearer.person, code, now).await
}
