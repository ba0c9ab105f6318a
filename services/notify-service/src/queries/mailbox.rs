//! Which mails of the local mailbox somebody sees.

use auth_token::Caller;
use policy::{Operation, Role, may};

use crate::store::mailbox::Sight;

/// Who runs the workspace's boards sees the mails about changes; only an admin sees invitations, because
/// their links open the door; everybody else sees what was written to them.
pub fn sight(caller: &Caller) -> Sight {
    match caller.role {
        Role::Admin => Sight::Everything,
        role if may(role, Operation::MailboxRead) => Sight::Changes,
        _ => Sight::Own(caller.person),
    }
}
