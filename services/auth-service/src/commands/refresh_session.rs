//! Renewing a session: the refresh token is replaced by its successor each time it is used.
//!
//! Two tabs may present the same token at once, and an answer may get lost on its way. So for a few seconds the old
//! token still leads to the end of its chain, and everybody gets the same newest token: the chain never forks. After
//! that, an old token means that somebody has a copy, and the session ends for both.

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;
use postgres::Connection;
use secrecy::SecretString;

use crate::{
    app::{App, now},
    commands::open_session::{Holder, Opened, describe, link},
    domain::{
        arrival::Arrival,
        session::{Verdict, judge},
    },
    error::Error,
    events::Incident,
    keys::token_hash,
    security_log,
    store::{
        memberships,
        sessions::{self, EndReason, Session, Which},
    },
};

/// A session with a new lease of life.
struct Renewed {
    holder: Holder,
    session: Session,
    refresh: SecretString,
    expires_at: DateTime<Utc>,
}

/// Renews the session that `presented` belongs to.
pub async fn refresh_session(app: &App, presented: SecretString, arrival: Arrival) -> Result<Opened, Error> {
    let keys = app.keys().await?;
    let (work, now) = (app.clone(), now());
    let renewed = app
        .write(move |conn| async move { renew(&work, conn, presented, &arrival, now).await }.boxed())
        .await?;
    let renewed = renewed.ok_or(Error::SessionOver)?;
    Ok(Opened {
        session: describe(app, &keys, renewed.session.id, renewed.holder)?,
        refresh: renewed.refresh,
        max_age: (renewed.expires_at - now).num_seconds(),
    })
}

/// `None` when the session is over: a result and not an error, since the end of a session must be committed.
async fn renew(
    app: &App,
    conn: &mut Connection,
    presented: SecretString,
    arrival: &Arrival,
    now: DateTime<Utc>,
) -> Result<Option<Renewed>, Error> {
    let Some(id) = sessions::of_token(conn, &token_hash(&presented)).await? else {
        return Ok(None);
    };
    let Some(session) = sessions::lock(conn, id).await? else {
        return Ok(None);
    };
    if session.ended_at.is_some() || session.expires_at <= now {
        return Ok(None);
    }
    let member = memberships::get(conn, session.workspace_id, session.person_id).await?;
    let Some(member) = member.filter(|member| member.removed_at.is_none()) else {
        return Ok(None);
    };
    let Some((refresh, expires_at)) = advance(app, conn, &session, presented, now).await? else {
        if sessions::lock(conn, id)
            .await?
            .is_some_and(|session| session.ended_at.is_some())
        {
            security_log::note(conn, Incident::TokenReused, &member, arrival).await?;
        }
        return Ok(None);
    };
    sessions::touch(conn, session.id, &arrival.place, now).await?;
    Ok(Some(Renewed {
        holder: Holder::of(conn, member).await?,
        session,
        refresh,
        expires_at,
    }))
}

/// The token to hand out, and when it expires; none when the presented one is no longer good.
async fn advance(
    app: &App,
    conn: &mut Connection,
    session: &Session,
    presented: SecretString,
    now: DateTime<Utc>,
) -> Result<Option<(SecretString, DateTime<Utc>)>, Error> {
    let Some(stored) = sessions::token(conn, &token_hash(&presented)).await? else {
        return Ok(None);
    };
    if stored.expires_at <= now {
        return Ok(None);
    }
    let grace = TimeDelta::seconds(i64::from(app.settings.refresh_grace_seconds));
    match judge(stored.used_at, now, grace) {
        Verdict::Rotate => {
            sessions::mark_used(conn, &stored.token_hash, now).await?;
            let refresh = app.secrets.successor(&presented);
            let next = link(session, &refresh, now, app.settings.session_idle());
            sessions::insert_token(conn, &next).await?;
            Ok(Some((refresh, next.expires_at)))
        }
        Verdict::Follow => newest(app, conn, presented).await,
        Verdict::Reused => {
            sessions::end(conn, Which::One(session.id), EndReason::Reused, now).await?;
            metrics::counter!("auth_refresh_reused_total").increment(1);
            tracing::warn!(session = %session.id, person = %session.person_id, "a replaced refresh token came back");
            Ok(None)
        }
    }
}

/// Follows a chain from a replaced token to its end. None when a link is missing: then `auth.secret` was changed.
async fn newest(
    app: &App,
    conn: &mut Connection,
    replaced: SecretString,
) -> Result<Option<(SecretString, DateTime<Utc>)>, Error> {
    let mut token = app.secrets.successor(&replaced);
    while let Some(stored) = sessions::token(conn, &token_hash(&token)).await? {
        if stored.used_at.is_none() {
            return Ok(Some((token, stored.expires_at)));
        }
        token = app.secrets.successor(&token);
    }
    Ok(None)
}
