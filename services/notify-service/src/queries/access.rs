//! Whether a token still counts.

use auth_token::Caller;
use postgres::Connection;

use crate::error::Error;
use crate::store::notifications::Owner;
use crate::store::people;

/// The caller as the owner of an inbox. A token that was issued before the person's role changed, or before
/// they left, does not count. Where the person has not been heard of yet, the token does.
///
/// # Errors
/// [`Error::Stale`].
pub async fn owner(conn: &mut Connection, caller: &Caller) -> Result<Owner, Error> {
    let known = people::find(conn, caller.workspace, caller.person).await?;
    if known.is_some_and(|person| person.removed || caller.epoch < person.epoch) {
        return Err(Error::Stale);
    }
    Ok(Owner {
        workspace: caller.workspace,
        person: caller.person,
    })
}
