//! What people look at.

pub mod account_link;
pub mod export_me;
pub mod follow_revocations;
pub mod inspect_invitation;
pub mod invitation_link;
pub mod list_identities;
pub mod list_invitations;
pub mod list_members;
pub mod list_service_accounts;
pub mod list_sessions;
pub mod list_tokens;
pub mod list_workspaces;
pub mod me;
pub mod picture;
pub mod second_factors;
pub mod sign_in_options;
pub mod workspace;

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Where a page begins, and how long it may be.
#[derive(Debug, Clone, Copy)]
pub struct PageRequest {
    /// The last row of the page before: its moment and its id.
    pub after: Option<(DateTime<Utc>, Uuid)>,
    /// Most rows.
    pub limit: i64,
}
