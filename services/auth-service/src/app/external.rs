//! What people do with identity providers.

use secrecy::SecretString;
use uuid::Uuid;

use super::App;
use crate::{
    commands::external::{
        callback::{self, Brought, Fault},
        complete::{self, Completed},
        log_out,
        start::{self, Started},
        unlink,
    },
    domain::{arrival::Arrival, return_path::ReturnPath},
    error::Error,
    queries,
    store::memberships::Bearer,
    views::IdentityView,
};

impl App {
    /// Sends a browser to a provider to sign in.
    pub async fn start_external(&self, provider: &str, return_to: &ReturnPath) -> Result<Started, Error> {
        start::sign_in(self, provider, return_to).await
    }

    /// Sends the caller's browser to a provider to link an identity.
    pub async fn link_external(
        &self,
        bearer: Bearer,
        provider: &str,
        return_to: &ReturnPath,
    ) -> Result<Started, Error> {
        start::link(self, bearer, provider, return_to).await
    }

    /// Takes a browser back from a provider.
    pub async fn external_callback(
        &self,
        sealed: Option<SecretString>,
        brought: Brought,
    ) -> Result<SecretString, Fault> {
        callback::callback(self, sealed, brought).await
    }

    /// Completes what a browser began.
    pub async fn complete_external(
        &self,
        sealed: &SecretString,
        arrival: Arrival,
    ) -> Result<Completed, Error> {
        complete::complete(self, sealed, arrival).await
    }

    /// The caller's identities at providers.
    pub async fn identities(&self, bearer: Bearer) -> Result<Vec<IdentityView>, Error> {
        queries::list_identities::list_identities(self, bearer).await
    }

    /// Unlinks one of the caller's identities.
    pub async fn unlink_identity(&self, bearer: Bearer, id: Uuid, arrival: Arrival) -> Result<(), Error> {
        unlink::unlink(self, bearer, id, arrival).await
    }

    /// Ends the sessions that came from a provider's session.
    pub async fn provider_logged_out(
        &self,
        provider: &str,
        issuer: &str,
        session: String,
    ) -> Result<usize, Error> {
        log_out::from_provider(self, provider, issuer, session).await
    }

    /// Where to go to end the provider's session too.
    pub async fn end_session_url(&self, session: Uuid) -> Result<Option<String>, Error> {
        log_out::end_session_url(self, session).await
    }
}
