//! Switching the second factor on and off, and making new recovery codes.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use messaging::outbox;
use policy::Operation;
use postgres::Connection;

use crate::{
    access,
    app::{App, now},
    domain::{arrival::Arrival, code::Code},
    error::Error,
    events::{self, Incident, Notice},
    second_factor::{self, Proposal},
    security_log,
    store::{
        memberships::{Bearer, Member},
        second_factors,
    },
};

/// Makes a secret for the caller's app; it counts once its first code is confirmed.
pub async fn propose(app: &App, bearer: Bearer) -> Result<Proposal, Error> {
    let (work, now) = (app.clone(), now());
    app.db
        .write(move |conn| {
            async move {
                let caller = access::allowed(conn, bearer, Operation::SecondFactorChange).await?;
                let proposal = second_factor::propose(&work, bearer.person, &caller.email)?;
                if second_factors::propose(conn, bearer.person, &proposal.sealed, now).await? {
                    Ok(proposal)
                } else {
                    Err(Error::SecondFactorOn)
                }
            }
            .boxed()
        })
        .await
}

/// Confirms the secret by its first code; gives the recovery codes, this once.
pub async fn confirm(app: &App, bearer: Bearer, code: Code, arrival: Arrival) -> Result<Vec<String>, Error> {
    let Code::App(digits) = code else {
        return Err(Error::invalid("code", "must be the 6 digits of your app"));
    };
    let (work, now) = (app.clone(), now());
    app.write(move |conn| {
        async move {
            let caller = access::allowed(conn, bearer, Operation::SecondFactorChange).await?;
            match second_factors::totp(conn, bearer.person).await? {
                Some(totp) if totp.confirmed_at.is_none() => {}
                _ => return Err(Error::NothingToConfirm),
            }
            if !second_factor::accept_digits(&work, conn, bearer.person, &digits, now).await? {
                return Err(Error::invalid("code", "is wrong"));
            }
            if !second_factors::confirm(conn, bearer.person, now).await? {
                return Err(Error::NothingToConfirm);
            }
            let codes = new_codes(&work, conn, bearer).await?;
            tell(conn, Notice::SecondFactorOn, &caller, &arrival).await?;
            Ok(codes)
        }
        .boxed()
    })
    .await
}

/// Switches the second factor off.
pub async fn remove(app: &App, bearer: Bearer, arrival: Arrival) -> Result<(), Error> {
    app.write(move |conn| {
        async move {
            let caller = access::allowed(conn, bearer, Operation::SecondFactorChange).await?;
            if !second_factors::remove(conn, bearer.person).await? {
                return Err(Error::NotFound("second factor"));
            }
            access::check_still_guarded(conn, bearer.person).await?;
            tell(conn, Notice::SecondFactorOff, &caller, &arrival).await
        }
        .boxed()
    })
    .await
}

/// Makes new recovery codes; the old ones stop to work.
pub async fn renew_codes(app: &App, bearer: Bearer, arrival: Arrival) -> Result<Vec<String>, Error> {
    let work = app.clone();
    app.write(move |conn| {
        async move {
            let caller = access::allowed(conn, bearer, Operation::SecondFactorChange).await?;
            if second_factors::enabled_at(conn, bearer.person).await?.is_none() {
                return Err(Error::NotFound("second factor"));
            }
            let codes = new_codes(&work, conn, bearer).await?;
            tell(conn, Notice::RecoveryCodesRenewed, &caller, &arrival).await?;
            Ok(codes)
        }
        .boxed()
    })
    .await
}

/// When the second factor was switched on, and how many recovery codes are left.
pub async fn status(app: &App, bearer: Bearer) -> Result<(Option<DateTime<Utc>>, i64), Error> {
    let mut conn = app.db.read().await?;
    access::acting(&mut conn, bearer).await?;
    Ok((
        second_factors::enabled_at(&mut conn, bearer.person).await?,
        second_factors::codes_left(&mut conn, bearer.person).await?,
    ))
}

async fn new_codes(app: &App, conn: &mut Connection, bearer: Bearer) -> Result<Vec<String>, Error> {
    let (shown, hashes) = second_factor::recovery_codes(app, bearer.person)?;
    second_factors::replace_codes(conn, bearer.person, &hashes).await?;
    Ok(shown)
}

async fn tell(
    conn: &mut Connection,
    notice: Notice,
    caller: &Member,
    arrival: &Arrival,
) -> Result<(), Error> {
    let incident = match notice {
        Notice::SecondFactorOff => Incident::SecondFactorOff,
        Notice::RecoveryCodesRenewed => Incident::RecoveryCodesRenewed,
        _ => Incident::SecondFactorOn,
    };
    security_log::note(conn, incident, caller, arrival).await?;
    Ok(outbox::append(conn, &events::security_notice(notice, caller, arrival)?).await?)
}
