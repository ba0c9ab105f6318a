//! Switching the authenticator app on and off, and making new recovery codes.

use futures::FutureExt;
use policy::Operation;
use postgres::Connection;
use uuid::Uuid;

use crate::{
    access,
    app::{App, now},
    domain::{arrival::Arrival, code::Code},
    error::Error,
    events::Notice,
    second_factor::{self, Proposal},
    security_log,
    store::{memberships::Bearer, second_factors},
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
            security_log::tell(conn, Notice::SecondFactorOn, &caller, &arrival).await?;
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
            if !second_factors::remove_app(conn, bearer.person).await? {
                return Err(Error::NotFound("second factor"));
            }
            forget_codes_of_none(conn, bearer.person).await?;
            access::check_still_guarded(conn, bearer.person).await?;
            security_log::tell(conn, Notice::SecondFactorOff, &caller, &arrival).await
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
            if !second_factors::means(conn, bearer.person).await?.any() {
                return Err(Error::NotFound("second factor"));
            }
            let codes = new_codes(&work, conn, bearer).await?;
            security_log::tell(conn, Notice::RecoveryCodesRenewed, &caller, &arrival).await?;
            Ok(codes)
        }
        .boxed()
    })
    .await
}

/// Recovery codes stand in for another factor: they go with the last one.
pub(super) async fn forget_codes_of_none(conn: &mut Connection, person: Uuid) -> Result<(), Error> {
    if !second_factors::means(conn, person).await?.any() {
        second_factors::remove_codes(conn, person).await?;
    }
    Ok(())
}

pub(super) async fn new_codes(
    app: &App,
    conn: &mut Connection,
    bearer: Bearer,
) -> Result<Vec<String>, Error> {
    let (shown, hashes) = second_factor::recovery_codes(app, bearer.person)?;
    second_factors::replace_codes(conn, bearer.person, &hashes).await?;
    Ok(shown)
}
