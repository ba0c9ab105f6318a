//! Erasing oneself: the person leaves every workspace, whatever says who they were goes, and the other services hear of
//! it. Records stay, and so does what they wrote in tasks and comments; both name nobody any more.

use chrono::{DateTime, Utc};
use contracts::{Event, Stream};
use futures::FutureExt;
use messaging::{
    erasure::{forget, forget_queued},
    outbox,
};
use policy::Operation;
use postgres::{Connection, DbError, idempotency};
use uuid::Uuid;

use crate::{
    access,
    app::{App, now},
    domain::{address::Address, membership::LastAdmin},
    error::Error,
    events,
    store::{
        erasure,
        memberships::{Bearer, Member},
        people, workspace_settings,
    },
    tries::Tries,
};

/// Erases the caller, who typed their own address.
pub async fn erase_me(app: &App, bearer: Bearer, typed: Address) -> Result<(), Error> {
    let (work, now) = (app.clone(), now());
    let email = typed.as_str().to_owned();
    app.write(move |conn| async move { apply(&work, conn, bearer, &typed, now).await }.boxed())
        .await?;
    // Not part of the transaction: a queue that nobody reads may be long, and its consumers drop what they take in.
    let queued = app.db.write::<_, DbError, _>(move |conn| {
        async move { forget_queued(conn, bearer.person, &email).await }.boxed()
    });
    if let Err(error) = queued.await {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "a queue still says who somebody was"
        );
    }
    metrics::counter!("auth_people_erased_total").increment(1);
    Ok(())
}

async fn apply(
    app: &App,
    conn: &mut Connection,
    bearer: Bearer,
    typed: &Address,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let person = bearer.person;
    let locked = erasure::lock_workspaces(conn, person).await?;
    people::lock(conn, person).await?;
    let me = access::allowed(conn, bearer, Operation::OwnErasure).await?;
    if me.email != typed.as_str() {
        return Err(Error::invalid("email", "is not your address"));
    }
    // Nobody joins a workspace without a lock on their row, so from here on these are all.
    if erasure::present(conn, person).await? != locked {
        return Err(Error::Meanwhile);
    }
    let left = erasure::left_behind(conn, person).await?;
    if !left.leaderless.is_empty() {
        return Err(LastAdmin.into());
    }
    let (mails, mut streams) = erasure::mails(conn, person, &me.email).await?;
    streams.extend(erasure::incidents(conn, person).await?);
    clear(app, conn, &me, now).await?;
    workspace_settings::close(conn, &left.empty, now).await?;
    let memberships = erasure::memberships(conn, person, now).await?;
    streams.extend(
        memberships
            .iter()
            .map(|member| Stream::person(member.workspace_id, person)),
    );
    forget(conn, person, &streams).await?;
    announce(conn, &memberships, &mails).await
}

/// Takes away what belongs to the account alone.
async fn clear(app: &App, conn: &mut Connection, me: &Member, now: DateTime<Utc>) -> Result<(), Error> {
    let signed_in = erasure::sessions(conn, me.id, now).await?;
    let tries: Vec<Vec<u8>> = signed_in
        .iter()
        .flat_map(|(session, place)| {
            [
                Tries::in_session(app, *session),
                Tries::at_account(app, &me.email, place),
            ]
        })
        .map(Tries::into_key)
        .collect();
    erasure::account(conn, me.id, &me.email, &tries, now).await?;
    erasure::pseudonymise(conn, me.id, now).await?;
    let about = [me.id.to_string(), me.email.clone()];
    idempotency::forget(conn, &about[0], &about).await?;
    Ok(())
}

/// Tells every workspace that ever knew them, and names the mails of which nobody keeps a copy.
async fn announce(conn: &mut Connection, memberships: &[Member], mails: &[Uuid]) -> Result<(), Error> {
    let erased = memberships
        .iter()
        .map(|member| events::erased(member, mails.to_vec()));
    let erased: Vec<Event> = erased.collect::<Result<_, _>>()?;
    Ok(outbox::append_all(conn, &erased).await?)
}
