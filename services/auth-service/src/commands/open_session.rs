//! Opening a session for a person who has proved who they are.

use auth_token::Claims;
use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;
use postgres::Connection;
use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    app::{App, now},
    domain::arrival::Arrival,
    error::Error,
    events::Incident,
    keys::{KeyRing, random_token, token_hash},
    security_log,
    store::{
        memberships::{self, Member},
        sessions::{self, RefreshToken, Session},
    },
    views,
};

/// A session with its refresh token, which goes into a cookie and nowhere else.
pub struct Opened {
    /// What the client is told.
    pub session: views::Session,
    /// The refresh token.
    pub refresh: SecretString,
    /// Seconds the cookie may live.
    pub max_age: i64,
}

/// Opens a session in a workspace of which the person is a member.
pub async fn open_session(
    app: &App,
    person: Uuid,
    workspace: Uuid,
    arrival: Arrival,
) -> Result<Opened, Error> {
    // First of all, so that a session that cannot sign is never opened.
    let keys = app.keys().await?;
    let refresh = random_token()?;
    let now = now();
    let new = Session {
        id: Uuid::now_v7(),
        workspace_id: workspace,
        person_id: person,
        created_at: now,
        expires_at: now + app.settings.session_max(),
        ended_at: None,
        device: arrival.device.clone(),
        place: arrival.place.clone(),
        last_used_at: now,
        proved_at: now,
    };
    let token = link(&new, &refresh, now, app.settings.session_idle());
    let (session, max_age) = (new.id, (token.expires_at - now).num_seconds());
    let member = app
        .write(move |conn| {
            async move {
                let member = insert(conn, &new, &token).await?;
                security_log::note(conn, Incident::SignedIn, &member, &arrival).await?;
                Ok(member)
            }
            .boxed()
        })
        .await?;
    Ok(Opened {
        session: describe(app, &keys, session, member)?,
        refresh,
        max_age,
    })
}

async fn insert(conn: &mut Connection, session: &Session, token: &RefreshToken) -> Result<Member, Error> {
    // Locked against a removal in the same moment, which ends the sessions that it sees.
    memberships::lock(conn, session.workspace_id, session.person_id).await?;
    let member = memberships::get(conn, session.workspace_id, session.person_id).await?;
    let member = member
        .filter(|member| member.removed_at.is_none())
        .ok_or(Error::NoWorkspace)?;
    sessions::insert(conn, session).await?;
    sessions::insert_token(conn, token).await?;
    Ok(member)
}

/// The next link of a session's chain.
pub(super) fn link(
    session: &Session,
    token: &SecretString,
    now: DateTime<Utc>,
    idle: TimeDelta,
) -> RefreshToken {
    RefreshToken {
        token_hash: token_hash(token),
        session_id: session.id,
        issued_at: now,
        expires_at: session.expires_at.min(now + idle),
        used_at: None,
    }
}

/// What the client is told of a session, with a fresh access token.
pub(super) fn describe(
    app: &App,
    keys: &KeyRing,
    session: Uuid,
    member: Member,
) -> Result<views::Session, Error> {
    let now = Utc::now();
    let issued = now.timestamp();
    let lifetime = i64::from(app.settings.access_token_seconds);
    let claims = Claims {
        iss: app.issuer.clone(),
        aud: app.audience.clone(),
        sub: member.id,
        sid: session,
        epoch: member.epoch,
        workspace: member.workspace_id,
        role: member.role,
        name: member.name.clone(),
        iat: issued,
        exp: issued + lifetime,
        jti: Uuid::now_v7(),
    };
    Ok(views::Session {
        access_token: keys.signer(now)?.sign(&claims)?,
        token_type: "Bearer",
        expires_in: lifetime,
        person: member.into(),
    })
}
