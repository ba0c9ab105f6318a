//! Who the caller is right now. A token says what was true when it was made, up to five minutes ago; here the database
//! knows better, so a lost role or an ended session counts at once.

use auth_token::Caller;
use policy::Operation;
use postgres::Connection;

use crate::{
    error::Error,
    store::memberships::{self, Bearer, Member},
};

/// The caller as a present member. Inside a transaction this reads what the transaction sees.
pub async fn acting(conn: &mut Connection, bearer: Bearer) -> Result<Member, Error> {
    memberships::acting(conn, bearer).await?.ok_or(Error::SessionOver)
}

/// The caller as a present member whose role allows the operation.
pub async fn allowed(conn: &mut Connection, bearer: Bearer, operation: Operation) -> Result<Member, Error> {
    let member = acting(conn, bearer).await?;
    if policy::may(member.role, operation) {
        Ok(member)
    } else {
        Err(Error::Forbidden)
    }
}

impl From<&Caller> for Bearer {
    fn from(caller: &Caller) -> Self {
        Self {
            person: caller.person,
            workspace: caller.workspace,
            session: caller.session,
            epoch: caller.epoch,
        }
    }
}
