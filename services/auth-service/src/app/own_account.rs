//! What people do with their own account: password, address, second factor, workspaces.

use postgres::idempotency::Key;
use secrecy::SecretString;
use uuid::Uuid;

use super::App;
use crate::{
    commands::{self, open_session::Opened},
    domain::{
        address::Address,
        arrival::Arrival,
        code::Code,
        password::Password,
        picture::Picture,
        profile::{Language, Name},
    },
    error::Error,
    queries::{self, picture::Shown, second_factors::OwnFactors},
    second_factor::Proposal,
    store::memberships::Bearer,
    views::{Me, WorkspaceItem},
};

impl App {
    // One's own password, address and second factor

    /// Chooses another password.
    pub async fn change_password(
        &self,
        bearer: Bearer,
        new: Password,
        arrival: Arrival,
    ) -> Result<(), Error> {
        commands::change_password::change_password(self, bearer, new, arrival).await
    }

    /// Asks for a link to choose another password.
    pub async fn ask_for_reset(&self, email: Address, arrival: Arrival) -> Result<(), Error> {
        commands::ask_for_link::ask_for_reset(self, email, arrival).await
    }

    /// Asks for a link to sign up.
    pub async fn ask_for_sign_up(
        &self,
        email: Address,
        language: Language,
        arrival: Arrival,
    ) -> Result<(), Error> {
        commands::ask_for_link::ask_for_sign_up(self, email, language, arrival).await
    }

    /// Chooses one's picture, or to have none.
    pub async fn set_picture(&self, bearer: Bearer, chosen: Option<Picture>) -> Result<Me, Error> {
        commands::set_picture::set_picture(self, bearer, chosen).await
    }

    /// A member's picture.
    pub async fn picture(&self, bearer: Bearer, person: Uuid) -> Result<Shown, Error> {
        queries::picture::picture(self, bearer, person).await
    }

    /// Fetches pictures that providers told of; gives how many were tried.
    pub async fn fetch_pictures(&self) -> Result<usize, Error> {
        commands::fetch_pictures::fetch_pictures(self).await
    }

    /// Looks up the accounts of noted addresses, and does what was noted; gives how many notes there were.
    pub async fn settle_notes(&self) -> Result<usize, Error> {
        commands::settle_notes::settle_notes(self).await
    }

    /// Chooses another password by a link.
    pub async fn reset_password(
        &self,
        token: &SecretString,
        new: Password,
        arrival: Arrival,
    ) -> Result<(), Error> {
        commands::reset_password::reset_password(self, token, new, arrival).await
    }

    /// Sends the caller a link to verify their address.
    pub async fn send_verification(&self, bearer: Bearer) -> Result<(), Error> {
        commands::verify_address::send_verification(self, bearer).await
    }

    /// Verifies an address by a link.
    pub async fn verify_address(&self, token: &SecretString) -> Result<(), Error> {
        commands::verify_address::verify_address(self, token).await
    }

    /// Gives notify-service the link for an account's mail.
    pub async fn account_link(&self, id: Uuid) -> Result<String, Error> {
        queries::account_link::account_link(self, id).await
    }

    /// The caller's second factors.
    pub async fn second_factors(&self, bearer: Bearer) -> Result<OwnFactors, Error> {
        queries::second_factors::second_factors(self, bearer).await
    }

    /// Makes a secret for the caller's authenticator app.
    pub async fn propose_app(&self, bearer: Bearer) -> Result<Proposal, Error> {
        commands::second_factor::propose(self, bearer).await
    }

    /// Switches the second factor on; gives the recovery codes.
    pub async fn confirm_app(
        &self,
        bearer: Bearer,
        code: Code,
        arrival: Arrival,
    ) -> Result<Vec<String>, Error> {
        commands::second_factor::confirm(self, bearer, code, arrival).await
    }

    /// Switches the second factor off.
    pub async fn remove_app(&self, bearer: Bearer, arrival: Arrival) -> Result<(), Error> {
        commands::second_factor::remove(self, bearer, arrival).await
    }

    /// Makes new recovery codes.
    pub async fn renew_recovery_codes(&self, bearer: Bearer, arrival: Arrival) -> Result<Vec<String>, Error> {
        commands::second_factor::renew_codes(self, bearer, arrival).await
    }

    // Workspaces of a person

    /// Lists the caller's workspaces.
    pub async fn workspaces(&self, bearer: Bearer) -> Result<Vec<WorkspaceItem>, Error> {
        queries::list_workspaces::list_workspaces(self, bearer).await
    }

    /// Makes another workspace and goes on in it.
    pub async fn found_workspace(
        &self,
        bearer: Bearer,
        name: Name,
        arrival: Arrival,
        key: Option<Key>,
    ) -> Result<Opened, Error> {
        commands::found_workspace::found_workspace(self, bearer, name, arrival, key).await
    }

    /// Goes on in another workspace.
    pub async fn switch_workspace(
        &self,
        bearer: Bearer,
        workspace: Uuid,
        arrival: Arrival,
    ) -> Result<Opened, Error> {
        commands::switch_workspace::switch_workspace(self, bearer, workspace, arrival).await
    }

    /// Leaves a workspace.
    pub async fn leave_workspace(&self, bearer: Bearer, workspace: Uuid) -> Result<(), Error> {
        commands::leave_workspace::leave_workspace(self, bearer, workspace).await
    }
}
