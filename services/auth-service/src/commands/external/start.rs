//! Sending a browser to an identity provider.

use policy::Operation;
use secrecy::SecretString;

use super::{Gone, LIFE, Purpose, SENT};
use crate::{
    access, app::App, ceremony, domain::return_path::ReturnPath, error::Error, store::memberships::Bearer,
};

/// Where to go, and what the cookie holds.
pub struct Started {
    /// The provider's page.
    pub location: String,
    /// For the cookie.
    pub sealed: SecretString,
}

/// Begins to sign in.
pub async fn sign_in(app: &App, provider: &str, return_to: &ReturnPath) -> Result<Started, Error> {
    start(app, provider, Purpose::SignIn, return_to).await
}

/// Begins to link an identity to the caller's account. They prove here who they are, and there who they are there.
pub async fn link(
    app: &App,
    bearer: Bearer,
    provider: &str,
    return_to: &ReturnPath,
) -> Result<Started, Error> {
    let mut conn = app.db.read().await?;
    access::allowed(&mut conn, bearer, Operation::IdentityChange).await?;
    drop(conn);
    let purpose = Purpose::Link {
        person: bearer.person,
        session: bearer.session,
    };
    start(app, provider, purpose, return_to).await
}

async fn start(
    app: &App,
    provider: &str,
    purpose: Purpose,
    return_to: &ReturnPath,
) -> Result<Started, Error> {
    let provider = app.providers.get(provider).ok_or(Error::NotFound("provider"))?;
    let sent = provider.send().await?;
    let gone = Gone {
        provider: provider.id().to_owned(),
        purpose,
        return_to: return_to.as_str().to_owned(),
        expected: sent.expected,
    };
    Ok(Started {
        location: sent.location,
        sealed: ceremony::begin_for(&app.secrets, SENT, gone, LIFE)?,
    })
}
