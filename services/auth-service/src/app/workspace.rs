//! What concerns a whole workspace or a whole account: rules, the end, and what one takes along.

use postgres::idempotency::Key;
use uuid::Uuid;

use super::App;
use crate::{
    access,
    commands::{self, edit_workspace::EditWorkspace},
    domain::{address::Address, arrival::Arrival, profile::Name},
    error::Error,
    queries,
    store::{export::List, memberships::Bearer},
    views::WorkspaceSettings,
};

impl App {
    /// Reads the caller's workspace.
    pub async fn workspace(&self, bearer: Bearer) -> Result<WorkspaceSettings, Error> {
        queries::workspace::workspace(self, bearer).await
    }

    /// Changes the name and the rules of the caller's workspace.
    pub async fn edit_workspace(
        &self,
        bearer: Bearer,
        wanted: EditWorkspace,
        arrival: Arrival,
        key: Option<Key>,
    ) -> Result<WorkspaceSettings, Error> {
        commands::edit_workspace::edit_workspace(self, bearer, wanted, arrival, key).await
    }

    /// Deletes the caller's workspace.
    pub async fn delete_workspace(&self, bearer: Bearer, typed: Name, arrival: Arrival) -> Result<(), Error> {
        commands::delete_workspace::delete_workspace(self, bearer, typed, arrival).await
    }

    /// Erases the caller.
    pub async fn erase_me(&self, bearer: Bearer, typed: Address) -> Result<(), Error> {
        commands::erase_me::erase_me(self, bearer, typed).await
    }

    /// Refuses who may not take along what is kept of them.
    pub async fn check_export(&self, bearer: Bearer) -> Result<(), Error> {
        queries::export_me::check(self, bearer).await
    }

    /// A page of what is kept of a person.
    pub async fn export(
        &self,
        list: List,
        person: Uuid,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<(Uuid, String)>, Error> {
        queries::export_me::page(self, list, person, after, limit).await
    }

    /// A page of what the security log says of a person's account.
    pub async fn export_incidents(
        &self,
        person: Uuid,
        after: Option<i64>,
        limit: i64,
    ) -> Result<Vec<(i64, String)>, Error> {
        queries::export_me::incidents(self, person, after, limit).await
    }

    /// Tells another service whether a session has proved lately who its person is, and otherwise by what it can.
    pub async fn proof(&self, session: Uuid) -> Result<(bool, Vec<&'static str>), Error> {
        access::proof(&mut *self.db.read().await?, session).await
    }
}
