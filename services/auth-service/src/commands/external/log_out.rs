//! The end of a session at a provider: told to us by the provider, or to the provider by us.

use futures::FutureExt;
use uuid::Uuid;

use crate::{
    app::{App, now},
    error::Error,
    store::{
        origins,
        sessions::{self, EndReason, Which},
    },
};

/// Ends the sessions that came from a provider's session (OpenID Connect Front-Channel Logout 1.0). Its id cannot be
/// guessed, so whoever knows it may ask. Gives how many ended.
pub async fn from_provider(app: &App, provider: &str, issuer: &str, session: String) -> Result<usize, Error> {
    let provider = app.providers.get(provider).ok_or(Error::NotFound("provider"))?;
    if provider.issuer() != issuer {
        return Ok(0);
    }
    let (issuer, now) = (issuer.to_owned(), now());
    app.write(move |conn| {
        async move {
            let which = Which::Issued {
                issuer: &issuer,
                session: &session,
            };
            Ok(sessions::end(conn, which, EndReason::SignedOut, now).await?)
        }
        .boxed()
    })
    .await
}

/// Where to go to end the provider's session too (OpenID Connect RP-Initiated Logout 1.0). A provider that does not
/// answer keeps nobody from signing out here.
pub async fn end_session_url(app: &App, session: Uuid) -> Result<Option<String>, Error> {
    let known = origins::issuer_of(&mut *app.db.read().await?, session).await?;
    let Some(provider) = known.and_then(|issuer| app.providers.by_issuer(&issuer)) else {
        return Ok(None);
    };
    let back = format!("{}/sign-in", app.http.public_url);
    match provider.end_session_url(&back).await {
        Ok(url) => Ok(url),
        Err(error) => {
            tracing::warn!(%error, provider = provider.id(), "the provider is not told of a sign-out");
            Ok(None)
        }
    }
}
