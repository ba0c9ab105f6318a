//! Revoking an API token. The access tokens that were made from it end with it.

use futures::FutureExt;
use policy::Operation;
use postgres::Connection;
use uuid::Uuid;

use crate::{
    access,
    app::{App, now},
    commands::{make_token::note, service_account::lock_account},
    domain::arrival::Arrival,
    error::Error,
    events::Incident,
    security_log,
    store::{
        api_tokens,
        memberships::Bearer,
        sessions::{self, EndReason, Which},
    },
};

/// Revokes a token of the caller's own.
pub async fn revoke_own(app: &App, bearer: Bearer, token: Uuid, arrival: Arrival) -> Result<(), Error> {
    app.write(move |conn| {
        async move {
            let caller = access::allowed(conn, bearer, Operation::TokenRevoke).await?;
            let name = end(conn, bearer.workspace, bearer.person, token).await?;
            let about = [("token", name)];
            security_log::note_about(conn, Incident::TokenRevoked, &caller, &arrival, &about).await
        }
        .boxed()
    })
    .await
}

/// Revokes a token of a service account in the caller's workspace.
pub async fn revoke_of_account(
    app: &App,
    bearer: Bearer,
    account: Uuid,
    token: Uuid,
    arrival: Arrival,
) -> Result<(), Error> {
    app.write(move |conn| {
        async move {
            let (admin, account) = lock_account(conn, bearer, account).await?;
            let name = end(conn, bearer.workspace, account.id, token).await?;
            note(conn, Incident::TokenRevoked, &admin, &account, &name, &arrival).await
        }
        .boxed()
    })
    .await
}

/// Ends a live token; gives its name.
async fn end(conn: &mut Connection, workspace: Uuid, person: Uuid, token: Uuid) -> Result<String, Error> {
    let unknown = || Error::NotFound("token");
    let name = api_tokens::name(conn, token).await?.ok_or_else(unknown)?;
    let which = Which::Token {
        token,
        workspace,
        person,
    };
    match sessions::end(conn, which, EndReason::Revoked, now()).await? {
        0 => Err(unknown()),
        _ => Ok(name),
    }
}
