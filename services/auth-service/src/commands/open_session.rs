//! Opening a session for a person who has proved who they are.

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;
use postgres::Connection;
use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    access,
    app::{App, now},
    domain::arrival::Arrival,
    error::Error,
    events::Incident,
    issue,
    keys::{KeyRing, random_token, token_hash},
    security_log,
    store::{
        memberships::{self, Member},
        origins::Origin,
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
    open_session_of(app, person, workspace, arrival, None).await
}

/// The same for somebody for whom an identity provider vouches.
pub async fn open_session_of(
    app: &App,
    person: Uuid,
    workspace: Uuid,
    arrival: Arrival,
    origin: Option<Origin>,
) -> Result<Opened, Error> {
    // First of all, so that a session that cannot sign is never opened.
    let keys = app.keys().await?;
    let beginning = begin(app, person, workspace, &arrival, now())?.from(origin);
    let started = app
        .write(move |conn| {
            async move {
                let started = beginning.insert(conn).await?;
                security_log::note(conn, Incident::SignedIn, &started.holder.member, &arrival).await?;
                Ok(started)
            }
            .boxed()
        })
        .await?;
    Ok(Opened {
        session: describe(app, &keys, started.session, started.holder)?,
        refresh: started.refresh,
        max_age: started.max_age,
    })
}

/// A session that is not stored yet.
pub(super) struct Beginning {
    session: Session,
    token: RefreshToken,
    refresh: SecretString,
}

/// Whose session it is.
pub(super) struct Holder {
    pub(super) member: Member,
    /// The workspace wants a second factor that they do not have: the session is good for setting one up.
    second_factor_needed: bool,
}

impl Holder {
    /// Looks whether the member lacks what the workspace wants.
    pub(super) async fn of(conn: &mut Connection, member: Member) -> Result<Self, Error> {
        Ok(Self {
            second_factor_needed: access::lacks_second_factor(conn, &member).await?,
            member,
        })
    }
}

/// A session that is stored.
pub(super) struct Started {
    pub(super) session: Uuid,
    pub(super) holder: Holder,
    pub(super) refresh: SecretString,
    pub(super) max_age: i64,
}

/// Prepares a session.
pub(super) fn begin(
    app: &App,
    person: Uuid,
    workspace: Uuid,
    arrival: &Arrival,
    now: DateTime<Utc>,
) -> Result<Beginning, Error> {
    let refresh = random_token()?;
    let session = Session {
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
        issuer: None,
        issuer_session: None,
    };
    let token = link(&session, &refresh, now, app.settings.session_idle());
    Ok(Beginning {
        session,
        token,
        refresh,
    })
}

impl Beginning {
    /// The same, come from a provider's session.
    pub(super) fn from(mut self, origin: Option<Origin>) -> Self {
        if let Some(Origin { issuer, session }) = origin {
            self.session.issuer = Some(issuer);
            self.session.issuer_session = session;
        }
        self
    }

    /// The same, proved at another moment.
    pub(super) fn proved_at(mut self, proved_at: DateTime<Utc>) -> Self {
        self.session.proved_at = proved_at;
        self
    }

    /// Stores it, if the person is a member of the workspace.
    pub(super) async fn insert(self, conn: &mut Connection) -> Result<Started, Error> {
        let Session {
            workspace_id,
            person_id,
            ..
        } = self.session;
        // Locked against a removal in the same moment, which ends the sessions that it sees.
        memberships::lock(conn, workspace_id, person_id).await?;
        let member = memberships::get(conn, workspace_id, person_id).await?;
        let member = member
            .filter(|member| member.removed_at.is_none())
            .ok_or(Error::NoWorkspace)?;
        sessions::insert(conn, &self.session).await?;
        sessions::insert_token(conn, &self.token).await?;
        Ok(Started {
            session: self.session.id,
            holder: Holder::of(conn, member).await?,
            refresh: self.refresh,
            max_age: (self.token.expires_at - self.session.created_at).num_seconds(),
        })
    }
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
    holder: Holder,
) -> Result<views::Session, Error> {
    let Holder {
        member,
        second_factor_needed,
    } = holder;
    let now = Utc::now();
    let lifetime = i64::from(app.settings.access_token_seconds);
    let claims = issue::claims(app, session, &member, second_factor_needed, now, lifetime);
    Ok(views::Session {
        access_token: keys.signer(now)?.sign(&claims)?,
        token_type: "Bearer",
        expires_in: lifetime,
        second_factor_needed,
        person: views::Me::of(member, second_factor_needed),
    })
}
