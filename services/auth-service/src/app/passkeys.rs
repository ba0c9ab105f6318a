//! What people do with passkeys.

use secrecy::SecretString;
use serde_json::Value;
use uuid::Uuid;

use super::App;
use crate::{
    commands::{enrol_passkey, open_session::Opened, present_passkey},
    domain::{arrival::Arrival, profile::Name},
    error::Error,
    queries,
    store::memberships::Bearer,
    views::{PasskeyAdded, Question, SignInOptions},
};

impl App {
    /// What the page for signing in can offer.
    pub async fn sign_in_options(&self) -> Result<SignInOptions, Error> {
        queries::sign_in_options::sign_in_options(self).await
    }

    /// Asks the caller's browser for a new passkey.
    pub async fn begin_passkey(&self, bearer: Bearer) -> Result<Question, Error> {
        enrol_passkey::begin(self, bearer).await
    }

    /// Adds the passkey that the browser made.
    pub async fn add_passkey(
        &self,
        bearer: Bearer,
        ceremony: &SecretString,
        name: Name,
        credential: Value,
        arrival: Arrival,
    ) -> Result<PasskeyAdded, Error> {
        enrol_passkey::finish(self, bearer, ceremony, name, credential, arrival).await
    }

    /// Removes one of the caller's passkeys.
    pub async fn remove_passkey(&self, bearer: Bearer, id: Uuid, arrival: Arrival) -> Result<(), Error> {
        enrol_passkey::remove(self, bearer, id, arrival).await
    }

    /// Asks for a passkey, to sign in with it.
    pub async fn begin_passkey_sign_in(&self, ticket: Option<SecretString>) -> Result<Question, Error> {
        present_passkey::begin(self, ticket).await
    }

    /// Opens a session by a passkey.
    pub async fn passkey_sign_in(
        &self,
        ceremony: &SecretString,
        credential: Value,
        arrival: Arrival,
    ) -> Result<Opened, Error> {
        present_passkey::sign_in(self, ceremony, credential, arrival).await
    }

    /// Asks for one of the caller's passkeys, to prove who they are.
    pub async fn begin_passkey_proof(&self, bearer: Bearer) -> Result<Question, Error> {
        present_passkey::begin_proof(self, bearer).await
    }
}
