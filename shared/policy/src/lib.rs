//! Who may do what: one pure table of operation × role × ownership.
//!
//! Every service asks [`allows`]; nothing else in the workspace knows what a role may do. The table has a
//! row per operation, and per field where the field matters, so that "a person in charge may move their
//! task but not set its deadline" is one cell and not a sentence in a handler.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumMessage, EnumString, IntoStaticStr};
use utoipa::ToSchema;

mod scope;
pub mod table;

pub use scope::{Scope, Scopes, UnknownScope};

/// What a person is in a workspace.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    EnumIter,
    IntoStaticStr,
    JsonSchema,
    ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// Runs the workspace: members and their roles, and all a supervisor may.
    Admin,
    /// Runs the boards: tasks, persons in charge, deadlines, content.
    Supervisor,
    /// Works on the tasks they are in charge of.
    Pic,
    /// Reads and comments.
    Observer,
}

/// Something a caller wants to do.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter, EnumMessage, EnumString, IntoStaticStr,
)]
#[strum(serialize_all = "snake_case")]
pub enum Operation {
    /// See boards, tasks, comments.
    BoardRead,
    /// Create a board.
    BoardCreate,
    /// Rename a board.
    BoardEdit,
    /// Delete or restore a board.
    BoardDelete,
    /// Create, edit, move or delete a column.
    ColumnEdit,
    /// Create a task.
    TaskCreate,
    /// Put a task into the trash.
    TaskDelete,
    /// Take a task out of the trash.
    TaskRestore,
    /// Move a task, and with it set its status.
    TaskMove,
    /// Set a task's title.
    TaskTitle,
    /// Set a task's description.
    TaskDescription,
    /// Put a person in charge; for the person in charge: hand the task over.
    TaskPic,
    /// Set a task's deadline.
    TaskDeadline,
    /// Set a task's priority.
    TaskPriority,
    /// Set a task's labels.
    TaskLabels,
    /// Write a comment.
    CommentCreate,
    /// Read the audit log.
    AuditRead,
    /// Read the security log: who signed in from where, who was refused.
    SecurityRead,
    /// See who belongs to the workspace.
    MembersRead,
    /// Invite somebody, or withdraw an invitation.
    MembersInvite,
    /// Change a member's role.
    MembersRole,
    /// Remove a member.
    MembersRemove,
    /// See every mail of the workspace in the local mailbox, not only one's own.
    MailboxRead,
    /// See and change one's own profile, and see and end one's own sessions.
    OwnAccount,
    /// Leave a workspace.
    WorkspaceLeave,
    /// Read one's own notifications, and say which mails one wants.
    OwnInbox,
    /// Choose another password for oneself.
    PasswordChange,
    /// Switch one's own second factor on or off.
    SecondFactorChange,
    /// Link an identity of a provider to one's own account, or unlink it.
    IdentityChange,
    /// See the workspace's name and rules.
    WorkspaceRead,
    /// Change the workspace's name and rules.
    WorkspaceSettings,
    /// Delete the workspace.
    WorkspaceDelete,
    /// Take along what is kept of oneself.
    OwnExport,
    /// Have everything erased that says who one is.
    OwnErasure,
    /// See one's own API tokens.
    TokenRead,
    /// Make an API token for oneself.
    TokenCreate,
    /// Revoke one of one's own API tokens.
    TokenRevoke,
    /// See the service accounts of the workspace and their tokens.
    ServiceAccountsRead,
    /// Make or remove a service account or one of its tokens.
    ServiceAccountsChange,
}

/// Whether the caller is the task's person in charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Ownership {
    /// The caller is in charge of it.
    Own,
    /// Somebody else is, or nobody.
    Other,
}

/// Whether a caller of this role may do this.
pub fn allows(role: Role, operation: Operation, ownership: Ownership) -> bool {
    use Operation::*;
    match operation {
        BoardRead | AuditRead | MembersRead | CommentCreate => true,
        OwnAccount | OwnInbox | PasswordChange | SecondFactorChange | IdentityChange | WorkspaceLeave => true,
        WorkspaceRead | OwnExport | OwnErasure => true,
        TokenRead | TokenCreate | TokenRevoke => true,
        BoardCreate | BoardEdit | BoardDelete | ColumnEdit | MailboxRead => runs_boards(role),
        TaskCreate | TaskDelete | TaskRestore | TaskTitle | TaskDescription | TaskDeadline | TaskPriority
        | TaskLabels => runs_boards(role),
        TaskMove | TaskPic => runs_boards(role) || works_on(role, ownership),
        MembersInvite | MembersRole | MembersRemove | SecurityRead => role == Role::Admin,
        WorkspaceSettings | WorkspaceDelete => role == Role::Admin,
        ServiceAccountsRead | ServiceAccountsChange => role == Role::Admin,
    }
}

/// Whether a caller of this role may do this to something they are not in charge of. For operations
/// that know no ownership this is the whole answer.
pub fn may(role: Role, operation: Operation) -> bool {
    allows(role, operation, Ownership::Other)
}

/// Whether an act is so dangerous that the caller must have proved within the last minutes who they are, and that a
/// token counts only while it is certain that it was not revoked.
pub fn is_dangerous(operation: Operation) -> bool {
    use Operation::*;
    matches!(
        operation,
        MembersRole
            | MembersRemove
            | PasswordChange
            | SecondFactorChange
            | IdentityChange
            | WorkspaceLeave
            | WorkspaceSettings
            | WorkspaceDelete
            | OwnExport
            | OwnErasure
            | TokenCreate
            | ServiceAccountsChange
    )
}

/// Whether somebody may do this whose workspace requires a second factor that they do not have yet: what it takes to
/// set one up, or to go elsewhere.
pub fn needs_no_second_factor(operation: Operation) -> bool {
    use Operation::*;
    matches!(
        operation,
        OwnAccount | PasswordChange | SecondFactorChange | WorkspaceLeave
    )
}

/// Whether somebody of this role can be put in charge of a task.
pub fn can_be_in_charge(role: Role) -> bool {
    role != Role::Observer
}

fn runs_boards(role: Role) -> bool {
    matches!(role, Role::Admin | Role::Supervisor)
}

fn works_on(role: Role, ownership: Ownership) -> bool {
    role == Role::Pic && ownership == Ownership::Own
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator as _;

    use super::*;

    /// The whole table, written out by hand: admin, supervisor, pic on their own task, pic on another's,
    /// observer. A change of the rule must be made in both places.
    const TABLE: &[(Operation, [bool; 5])] = &[
        (Operation::BoardRead, [true, true, true, true, true]),
        (Operation::BoardCreate, [true, true, false, false, false]),
        (Operation::BoardEdit, [true, true, false, false, false]),
        (Operation::BoardDelete, [true, true, false, false, false]),
        (Operation::ColumnEdit, [true, true, false, false, false]),
        (Operation::TaskCreate, [true, true, false, false, false]),
        (Operation::TaskDelete, [true, true, false, false, false]),
        (Operation::TaskRestore, [true, true, false, false, false]),
        (Operation::TaskMove, [true, true, true, false, false]),
        (Operation::TaskTitle, [true, true, false, false, false]),
        (Operation::TaskDescription, [true, true, false, false, false]),
        (Operation::TaskPic, [true, true, true, false, false]),
        (Operation::TaskDeadline, [true, true, false, false, false]),
        (Operation::TaskPriority, [true, true, false, false, false]),
        (Operation::TaskLabels, [true, true, false, false, false]),
        (Operation::CommentCreate, [true, true, true, true, true]),
        (Operation::AuditRead, [true, true, true, true, true]),
        (Operation::SecurityRead, [true, false, false, false, false]),
        (Operation::MembersRead, [true, true, true, true, true]),
        (Operation::MembersInvite, [true, false, false, false, false]),
        (Operation::MembersRole, [true, false, false, false, false]),
        (Operation::MembersRemove, [true, false, false, false, false]),
        (Operation::MailboxRead, [true, true, false, false, false]),
        (Operation::OwnAccount, [true, true, true, true, true]),
        (Operation::OwnInbox, [true, true, true, true, true]),
        (Operation::WorkspaceLeave, [true, true, true, true, true]),
        (Operation::PasswordChange, [true, true, true, true, true]),
        (Operation::SecondFactorChange, [true, true, true, true, true]),
        (Operation::IdentityChange, [true, true, true, true, true]),
        (Operation::WorkspaceRead, [true, true, true, true, true]),
        (Operation::WorkspaceSettings, [true, false, false, false, false]),
        (Operation::WorkspaceDelete, [true, false, false, false, false]),
        (Operation::OwnExport, [true, true, true, true, true]),
        (Operation::OwnErasure, [true, true, true, true, true]),
        (Operation::TokenRead, [true, true, true, true, true]),
        (Operation::TokenCreate, [true, true, true, true, true]),
        (Operation::TokenRevoke, [true, true, true, true, true]),
        (Operation::ServiceAccountsRead, [true, false, false, false, false]),
        (
            Operation::ServiceAccountsChange,
            [true, false, false, false, false],
        ),
    ];

    #[test]
    fn the_table_has_a_row_for_every_operation() {
        for operation in Operation::iter() {
            assert_eq!(
                TABLE.iter().filter(|(row, _)| *row == operation).count(),
                1,
                "{operation}"
            );
        }
    }

    #[test]
    fn every_cell_is_as_written() {
        for (operation, [admin, supervisor, own, other, observer]) in TABLE {
            for ownership in Ownership::iter() {
                let pic = if ownership == Ownership::Own { *own } else { *other };
                for (role, expected) in [
                    (Role::Admin, *admin),
                    (Role::Supervisor, *supervisor),
                    (Role::Pic, pic),
                    (Role::Observer, *observer),
                ] {
                    assert_eq!(
                        allows(role, *operation, ownership),
                        expected,
                        "{role} {operation} {ownership}"
                    );
                }
            }
        }
    }

    #[test]
    fn without_a_needed_second_factor_one_sets_it_up_or_goes() {
        let open: Vec<Operation> = Operation::iter()
            .filter(|row| needs_no_second_factor(*row))
            .collect();
        use Operation::*;
        assert_eq!(
            open,
            [OwnAccount, WorkspaceLeave, PasswordChange, SecondFactorChange]
        );
    }

    #[test]
    fn what_one_is_not_in_charge_of_is_anothers() {
        assert!(may(Role::Admin, Operation::BoardCreate));
        assert!(may(Role::Supervisor, Operation::TaskMove));
        assert!(!may(Role::Pic, Operation::TaskMove));
        assert!(!may(Role::Observer, Operation::BoardCreate));
    }

    #[test]
    fn only_an_observer_cannot_be_in_charge() {
        let able: Vec<Role> = Role::iter().filter(|role| can_be_in_charge(*role)).collect();
        assert_eq!(able, [Role::Admin, Role::Supervisor, Role::Pic]);
    }
}
