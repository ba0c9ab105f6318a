//! Making an API token, for oneself or for a service account. It is shown once; only its hash stays.

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;
use policy::{Operation, Scopes};
use postgres::Connection;
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use crate::{
    access,
    app::{App, now},
    commands::service_account::lock_account,
    domain::{
        api_token::{MAX_TOKENS, TokenKind, hint},
        arrival::Arrival,
        profile::Name,
    },
    error::Error,
    events::Incident,
    keys::{random_token, token_hash},
    security_log,
    store::{
        api_tokens::{self, NewToken},
        memberships::{self, Bearer, Member},
    },
    views::{TokenMade, TokenView},
};

/// What is wanted of a token.
#[derive(Debug, Clone)]
pub struct WantedToken {
    /// What its owner calls it.
    pub name: Name,
    /// What it is to be good for; at least one.
    pub scopes: Scopes,
    /// Days until it ends.
    pub days: u32,
}

/// Makes a token of the caller's own.
pub async fn make_own(
    app: &App,
    bearer: Bearer,
    wanted: WantedToken,
    arrival: Arrival,
) -> Result<TokenMade, Error> {
    let (token, new) = prepare(TokenKind::Personal, bearer.workspace, bearer.person, wanted)?;
    app.write(move |conn| {
        async move {
            // Locked against a removal in the same moment, which ends the tokens that it sees.
            memberships::lock(conn, bearer.workspace, bearer.person).await?;
            let caller = access::allowed(conn, bearer, Operation::TokenCreate).await?;
            let about = [("token", new.name.clone())];
            insert(conn, &new).await?;
            security_log::note_about(conn, Incident::TokenMade, &caller, &arrival, &about).await?;
            made(token, new)
        }
        .boxed()
    })
    .await
}

/// Makes a token of a service account in the caller's workspace.
pub async fn make_for_account(
    app: &App,
    bearer: Bearer,
    account: Uuid,
    wanted: WantedToken,
    arrival: Arrival,
) -> Result<TokenMade, Error> {
    let (token, new) = prepare(TokenKind::Service, bearer.workspace, account, wanted)?;
    app.write(move |conn| {
        async move {
            let (admin, account) = lock_account(conn, bearer, account).await?;
            insert(conn, &new).await?;
            note(conn, Incident::TokenMade, &admin, &account, &new.name, &arrival).await?;
            made(token, new)
        }
        .boxed()
    })
    .await
}

/// Notes in the security log what an admin did with a token of a service account.
pub(super) async fn note(
    conn: &mut Connection,
    incident: Incident,
    admin: &Member,
    account: &Member,
    token: &str,
    arrival: &Arrival,
) -> Result<(), Error> {
    let about = [
        ("token", token.to_owned()),
        ("service_account", account.name.clone()),
    ];
    security_log::note_about(conn, incident, admin, arrival, &about).await
}

fn prepare(
    kind: TokenKind,
    workspace: Uuid,
    person: Uuid,
    wanted: WantedToken,
) -> Result<(SecretString, NewToken), Error> {
    let random = random_token()?;
    let token = SecretString::from(format!("{}{}", kind.prefix(), random.expose_secret()));
    let created_at: DateTime<Utc> = now();
    let new = NewToken {
        id: Uuid::now_v7(),
        workspace,
        person,
        hash: token_hash(&token),
        name: wanted.name.into_string(),
        scopes: wanted.scopes.to_string(),
        hint: hint(token.expose_secret()),
        created_at,
        expires_at: created_at + TimeDelta::days(i64::from(wanted.days)),
    };
    Ok((token, new))
}

/// Stores a token. The membership must be locked.
async fn insert(conn: &mut Connection, new: &NewToken) -> Result<(), Error> {
    if api_tokens::count(conn, new.workspace, new.person, new.created_at).await? >= MAX_TOKENS {
        return Err(Error::TooManyTokens);
    }
    Ok(api_tokens::insert(conn, new).await?)
}

fn made(token: SecretString, new: NewToken) -> Result<TokenMade, Error> {
    Ok(TokenMade {
        item: TokenView {
            id: new.id,
            name: new.name,
            scopes: Scopes::known(&new.scopes).iter().collect(),
            created_at: new.created_at,
            expires_at: new.expires_at,
            last_used_at: None,
            hint: new.hint,
        },
        token: token.expose_secret().to_owned(),
    })
}
