//! The service on one screen: what it holds, and everything people can do with it. What they do with their own account,
//! and what is there for programs, stands in the files beside.

mod external;
mod machines;
mod own_account;
mod passkeys;
mod workspace;

use std::{ops::Deref, sync::Arc};

use auth_token::Verifier;
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use futures::future::BoxFuture;
use messaging::Waker;
use postgres::{Connection, Database, idempotency::Key};
use secrecy::SecretString;
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    clients::Clients,
    commands::{self, open_session::Opened},
    config::AuthSettings,
    domain::{arrival::Arrival, code::Code},
    error::Error,
    keys::{KeyCache, KeyRing, PublicKey, Secrets},
    passkeys::Passkeys,
    passwords::Passwords,
    providers::Providers,
    queries::{self, PageRequest},
    store::{
        invitations::Invitation,
        memberships::{Bearer, Member},
        revocations::Revocation,
    },
    views::{InvitationInspected, InvitationView, Me, MemberView, Proven, SessionView},
};

/// The service's parts, shared by all its threads.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What every use case may need.
pub struct Parts {
    /// Settings of section `[auth]`.
    pub settings: AuthSettings,
    /// Schema `auth`.
    pub db: Database,
    /// Wakes the relay after a commit.
    pub waker: Waker,
    /// Keys derived from `auth.secret`.
    pub secrets: Secrets,
    /// Hashes and verifies.
    pub passwords: Passwords,
    /// Identity providers.
    pub providers: Providers,
    /// Asks browsers for passkeys and checks their answers.
    pub passkeys: Passkeys,
    /// The other services.
    pub clients: Clients,
    /// Claim `iss`.
    pub issuer: String,
    /// Claim `aud`.
    pub audience: String,
    /// Where people find the app, and which origins may use it.
    pub http: web_kit::http::Settings,
    /// Verifies our own tokens; it is told the keys when they are opened.
    pub verifier: Verifier,
    /// Wakes the worker that settles notes about addresses.
    pub noted: Notify,
    /// Wakes the worker that fetches pictures.
    pub pictured: Notify,
    /// Wakes those who follow the feed of revocations, after a commit.
    pub revoked: Notify,
    /// Opened when first needed, so that the service starts while its database is away.
    pub keys: KeyCache,
}

/// The published keys (RFC 7517, section 5).
#[derive(Serialize, utoipa::ToSchema)]
pub struct Jwks<'a> {
    /// The keys.
    pub keys: &'a [PublicKey],
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Now, to the microsecond that the database keeps: what is answered at once equals what is read later.
pub fn now() -> DateTime<Utc> {
    let now = Utc::now();
    now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
}

impl App {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The signing keys.
    pub async fn keys(&self) -> Result<Arc<KeyRing>, Error> {
        self.keys
            .get(async || {
                let ring = commands::open_keys::open_keys(self).await?;
                let jwks = serde_json::to_vec(&Jwks { keys: ring.public() })?;
                if self.verifier.learn(&jwks).is_err() {
                    tracing::warn!("our own keys cannot be used to verify tokens");
                }
                Ok(ring)
            })
            .await
    }

    /// Runs a write in one transaction, and wakes whoever waits for its outcome once it is committed.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, Error>
    where
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<T, Error>> + Send + 'static,
        T: Send + 'static,
    {
        let value = self.db.write(work).await?;
        self.wake();
        Ok(value)
    }

    /// Tells relay and followers that something was committed.
    fn wake(&self) {
        self.waker.wake();
        self.revoked.notify_waiters();
    }

    /// Runs a write with its idempotency key in one transaction, and wakes the relay once it is committed.
    pub(crate) async fn write_once<T, F>(&self, key: Option<Key>, work: F) -> Result<T, Error>
    where
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<T, Error>> + Send + 'static,
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        let key = key.map(|key| Key {
            fingerprint: self.secrets.bind_fingerprint(&key.fingerprint),
            ..key
        });
        let answer = self.db.write_once(key, work).await?;
        if !answer.replayed {
            self.wake();
        }
        Ok(answer.value)
    }

    // Coming and going

    /// Makes a person with a workspace of their own.
    pub async fn sign_up(
        &self,
        typed: commands::sign_up::SignUp,
        arrival: Arrival,
        key: Option<Key>,
    ) -> Result<Opened, Error> {
        commands::sign_up::sign_up(self, typed, arrival, key).await
    }

    /// Opens a session by address and password.
    pub async fn sign_in(&self, typed: commands::sign_in::SignIn, arrival: Arrival) -> Result<Opened, Error> {
        commands::sign_in::sign_in(self, typed, arrival).await
    }

    /// Opens a session by the second factor, for whoever holds the ticket that the right password gave.
    pub async fn present_code(
        &self,
        ticket: SecretString,
        code: Code,
        arrival: Arrival,
    ) -> Result<Opened, Error> {
        commands::present_code::present_code(self, ticket, code, arrival).await
    }

    /// Notes that the caller has just proved who they are.
    pub async fn step_up(
        &self,
        bearer: Bearer,
        proof: commands::step_up::Proof,
        arrival: Arrival,
    ) -> Result<Proven, Error> {
        commands::step_up::step_up(self, bearer, proof, arrival).await
    }

    /// Renews a session, replacing its refresh token.
    pub async fn refresh(&self, token: SecretString, arrival: Arrival) -> Result<Opened, Error> {
        commands::refresh_session::refresh_session(self, token, arrival).await
    }

    /// Ends a session; gives it where it was not over already.
    pub async fn sign_out(
        &self,
        refresh: Option<SecretString>,
        session: Option<Uuid>,
        arrival: Arrival,
    ) -> Result<Option<Uuid>, Error> {
        commands::sign_out::sign_out(self, refresh, session, arrival).await
    }

    /// Lists the caller's sessions, in every workspace.
    pub async fn sessions(&self, bearer: Bearer) -> Result<Vec<SessionView>, Error> {
        queries::list_sessions::list_sessions(self, bearer).await
    }

    /// Ends one of the caller's sessions.
    pub async fn end_session(&self, bearer: Bearer, session: Uuid, arrival: Arrival) -> Result<(), Error> {
        commands::end_sessions::end_one(self, bearer, session, arrival).await
    }

    /// Ends all of the caller's sessions but the present one; gives how many.
    pub async fn end_other_sessions(&self, bearer: Bearer, arrival: Arrival) -> Result<usize, Error> {
        commands::end_sessions::end_others(self, bearer, arrival).await
    }

    /// Reads the feed of revocations; waits for the first entry after `position`, at the latest until `until` ends.
    pub async fn revocations(
        &self,
        position: i64,
        until: impl Future<Output = ()>,
    ) -> Result<Vec<Revocation>, Error> {
        queries::follow_revocations::follow_revocations(self, position, until).await
    }

    /// Forgets sessions that are over.
    pub async fn sweep_sessions(&self) -> Result<usize, Error> {
        commands::sweep_sessions::sweep_sessions(self).await
    }

    // Oneself

    /// Reads the caller's profile.
    pub async fn me(&self, bearer: Bearer) -> Result<Me, Error> {
        queries::me::me(self, bearer).await
    }

    /// Changes the caller's profile.
    pub async fn edit_me(
        &self,
        bearer: Bearer,
        wanted: commands::edit_me::EditMe,
        key: Option<Key>,
    ) -> Result<Me, Error> {
        commands::edit_me::edit_me(self, bearer, wanted, key).await
    }

    // The members of a workspace

    /// Lists the members, and one more than a page where there is another page.
    pub async fn members(&self, bearer: Bearer, page: PageRequest) -> Result<Vec<Member>, Error> {
        queries::list_members::list_members(self, bearer, page).await
    }

    /// Gives a member another role.
    pub async fn change_role(
        &self,
        bearer: Bearer,
        wanted: commands::change_role::ChangeRole,
        key: Option<Key>,
    ) -> Result<MemberView, Error> {
        commands::change_role::change_role(self, bearer, wanted, key).await
    }

    /// Removes a member.
    pub async fn remove_member(
        &self,
        bearer: Bearer,
        wanted: commands::remove_member::RemoveMember,
        key: Option<Key>,
    ) -> Result<(), Error> {
        commands::remove_member::remove_member(self, bearer, wanted, key).await
    }

    // Invitations

    /// Lists pending invitations, and one more than a page where there is another page.
    pub async fn invitations(&self, bearer: Bearer, page: PageRequest) -> Result<Vec<Invitation>, Error> {
        queries::list_invitations::list_invitations(self, bearer, page).await
    }

    /// Invites somebody by mail.
    pub async fn invite(
        &self,
        bearer: Bearer,
        wanted: commands::invite::Invite,
        key: Option<Key>,
    ) -> Result<InvitationView, Error> {
        commands::invite::invite(self, bearer, wanted, key).await
    }

    /// Takes an invitation back.
    pub async fn withdraw_invitation(
        &self,
        bearer: Bearer,
        wanted: commands::withdraw_invitation::Withdraw,
        key: Option<Key>,
    ) -> Result<(), Error> {
        commands::withdraw_invitation::withdraw_invitation(self, bearer, wanted, key).await
    }

    /// Describes an invitation to the holder of its link.
    pub async fn inspect_invitation(&self, token: &SecretString) -> Result<InvitationInspected, Error> {
        queries::inspect_invitation::inspect_invitation(self, token).await
    }

    /// Comes in by an invitation's link.
    pub async fn accept_invitation(
        &self,
        typed: commands::accept_invitation::Accept,
        arrival: Arrival,
        key: Option<Key>,
    ) -> Result<Opened, Error> {
        commands::accept_invitation::accept_invitation(self, typed, arrival, key).await
    }

    /// Gives notify-service the link of an invitation.
    pub async fn invitation_link(&self, id: Uuid) -> Result<String, Error> {
        queries::invitation_link::invitation_link(self, id).await
    }
}
