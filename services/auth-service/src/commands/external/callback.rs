//! Taking a browser back from an identity provider.

use futures::FutureExt;
use secrecy::{ExposeSecret, SecretString};

use super::{BACK, Back, Gone, LIFE, SENT};
use crate::{app::App, ceremony, error::Error, providers::ProviderError};

/// What the browser brings.
pub struct Brought {
    /// Stands for the tokens.
    pub code: Option<SecretString>,
    /// What we gave the browser along.
    pub state: Option<SecretString>,
    /// Who answers (RFC 9207).
    pub issuer: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

/// Why there is nothing to complete.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The person did not want to, or may not.
    #[error("the provider refuses: {0}")]
    Denied(String),
    /// It took too long, was completed already, or began in another browser.
    #[error("there is nothing that began in this browser")]
    Expired,
    /// The provider's answer is not to be believed, or does not come.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// Something of ours failed.
    #[error(transparent)]
    Ours(#[from] Error),
}

/// Exchanges the code; gives what the cookie holds from now on.
pub async fn callback(
    app: &App,
    sealed: Option<SecretString>,
    brought: Brought,
) -> Result<SecretString, Fault> {
    let sealed = sealed.ok_or(Fault::Expired)?;
    let ceremony = ceremony::open::<Gone>(&app.secrets, SENT, &sealed).map_err(|_over| Fault::Expired)?;
    let ours = brought
        .state
        .is_some_and(|state| same(state.expose_secret(), &ceremony.about.expected.state));
    if !ours {
        return Err(Fault::Expired);
    }
    // Before anything is asked of the provider: one answer, one exchange.
    let ceremony = app
        .write(move |conn| {
            async move {
                ceremony.use_up(conn).await?;
                Ok(ceremony)
            }
            .boxed()
        })
        .await
        .map_err(|error| match error {
            Error::CeremonyOver => Fault::Expired,
            other => Fault::Ours(other),
        })?;
    let gone = ceremony.about;
    if let Some(error) = brought.error {
        return Err(Fault::Denied(error.chars().take(64).collect()));
    }
    let code = brought.code.ok_or(Fault::Expired)?;
    let provider = app.providers.get(&gone.provider).ok_or(Fault::Expired)?;
    let profile = provider
        .identify(code, brought.issuer.as_deref(), gone.expected)
        .await?;
    let back = Back {
        purpose: gone.purpose,
        return_to: gone.return_to,
        profile,
    };
    Ok(ceremony::begin_for(&app.secrets, BACK, back, LIFE)?)
}

/// Compared in constant time.
fn same(left: &str, right: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(left.as_bytes(), right.as_bytes()).is_ok()
}
