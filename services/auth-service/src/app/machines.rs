//! What is there for programs: API tokens, service accounts, and the exchange of tokens.

use postgres::idempotency::Key;
use secrecy::SecretString;
use uuid::Uuid;

use super::App;
use crate::{
    commands::{
        self,
        act_for_person::Delegation,
        make_token::{self, WantedToken},
        revoke_token,
        service_account::{self, WantedAccount},
    },
    domain::arrival::Arrival,
    error::Error,
    queries::{self, PageRequest},
    store::memberships::Bearer,
    views::{AccountView, Exchanged, Granted, TokenMade, TokenView},
};

impl App {
    // One's own API tokens

    /// Lists the caller's API tokens.
    pub async fn tokens(&self, bearer: Bearer) -> Result<Vec<TokenView>, Error> {
        queries::list_tokens::list_tokens(self, bearer).await
    }

    /// Makes an API token for the caller.
    pub async fn make_token(
        &self,
        bearer: Bearer,
        wanted: WantedToken,
        arrival: Arrival,
    ) -> Result<TokenMade, Error> {
        make_token::make_own(self, bearer, wanted, arrival).await
    }

    /// Revokes one of the caller's API tokens.
    pub async fn revoke_token(&self, bearer: Bearer, token: Uuid, arrival: Arrival) -> Result<(), Error> {
        revoke_token::revoke_own(self, bearer, token, arrival).await
    }

    /// Makes an access token out of an API token.
    pub async fn exchange_api_token(&self, token: &SecretString) -> Result<Exchanged, Error> {
        commands::exchange_api_token::exchange_api_token(self, token).await
    }

    // Other services

    /// Gives a service a token of its own.
    pub async fn give_service_token(&self, client: &str) -> Result<Granted, Error> {
        commands::give_service_token::give_service_token(self, client).await
    }

    /// Gives a service a token with which it acts for a person at another service.
    pub async fn act_for_person(&self, wanted: Delegation) -> Result<Exchanged, Error> {
        commands::act_for_person::act_for_person(self, wanted).await
    }

    // Service accounts

    /// Lists the service accounts, and one more than a page where there is another page.
    pub async fn service_accounts(
        &self,
        bearer: Bearer,
        page: PageRequest,
    ) -> Result<Vec<AccountView>, Error> {
        queries::list_service_accounts::list_service_accounts(self, bearer, page).await
    }

    /// Makes a service account.
    pub async fn make_service_account(
        &self,
        bearer: Bearer,
        wanted: WantedAccount,
        arrival: Arrival,
        key: Option<Key>,
    ) -> Result<AccountView, Error> {
        service_account::make(self, bearer, wanted, arrival, key).await
    }

    /// Removes a service account.
    pub async fn remove_service_account(
        &self,
        bearer: Bearer,
        account: Uuid,
        arrival: Arrival,
    ) -> Result<(), Error> {
        service_account::remove(self, bearer, account, arrival).await
    }

    /// Makes an API token for a service account.
    pub async fn make_account_token(
        &self,
        bearer: Bearer,
        account: Uuid,
        wanted: WantedToken,
        arrival: Arrival,
    ) -> Result<TokenMade, Error> {
        make_token::make_for_account(self, bearer, account, wanted, arrival).await
    }

    /// Revokes an API token of a service account.
    pub async fn revoke_account_token(
        &self,
        bearer: Bearer,
        account: Uuid,
        token: Uuid,
        arrival: Arrival,
    ) -> Result<(), Error> {
        revoke_token::revoke_of_account(self, bearer, account, token, arrival).await
    }
}
