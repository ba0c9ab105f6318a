//! Which mails of the local mailbox somebody sees.

use auth_token::Caller;
use policy::{Operation, Role, may};

use crate::store::mailbox::Sight;

/// Who runs the workspace's boards sees the mails about changes; only an admin sees invitations and the mails
/// about others' accounts, because their links open doors; everybody sees what was written to them.
pub fn sight(caller: &Caller) -> Sight {
    match caller.role {
        Role::Admin => Sight::Everything,
        role if may(role, Operation::MailboxRead) => Sight::Changes(caller.person),
        _ => Sight::Own(caller.person),
    }
}
