//! Signing out.

use futures::FutureExt;
use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    app::{App, now},
    error::Error,
    keys::token_hash,
    store::sessions::{self, EndReason, Which},
};

/// Ends the session of the refresh token, of the access token, or of both. To sign out twice is fine.
pub async fn sign_out(app: &App, refresh: Option<SecretString>, session: Option<Uuid>) -> Result<(), Error> {
    if refresh.is_none() && session.is_none() {
        return Ok(());
    }
    let now = now();
    app.write(move |conn| {
        async move {
            let by_cookie = match refresh {
                Some(token) => sessions::of_token(conn, &token_hash(&token)).await?,
                None => None,
            };
            for session in by_cookie.into_iter().chain(session) {
                sessions::end(conn, Which::One(session), EndReason::SignedOut, now).await?;
            }
            Ok(())
        }
        .boxed()
    })
    .await
}
