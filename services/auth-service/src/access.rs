//! Who the caller is right now. A token says what was true when it was made, up to five minutes ago; here the database
//! knows better, so a lost role or an ended session counts at once.

use auth_token::Caller;
use policy::Operation;
use postgres::Connection;

use crate::{
    app::now,
    domain::proof,
    error::Error,
    store::{
        memberships::{self, Bearer, Member},
        second_factors, sessions,
    },
};

/// The caller as a present member. Inside a transaction this reads what the transaction sees.
pub async fn acting(conn: &mut Connection, bearer: Bearer) -> Result<Member, Error> {
    memberships::acting(conn, bearer).await?.ok_or(Error::SessionOver)
}

/// The caller as a present member whose role allows the operation; for a dangerous one they must have proved within
/// the last minutes who they are.
pub async fn allowed(conn: &mut Connection, bearer: Bearer, operation: Operation) -> Result<Member, Error> {
    let member = acting(conn, bearer).await?;
    if !policy::may(member.role, operation) {
        return Err(Error::Forbidden);
    }
    if policy::is_dangerous(operation) {
        require_proof(conn, bearer).await?;
    }
    Ok(member)
}

async fn require_proof(conn: &mut Connection, bearer: Bearer) -> Result<(), Error> {
    let proved_at = sessions::proved_at(conn, bearer.session)
        .await?
        .ok_or(Error::SessionOver)?;
    if proof::is_fresh(proved_at, now()) {
        return Ok(());
    }
    let means = second_factors::means(conn, bearer.person).await?;
    let methods = if means.any() {
        means.methods()
    } else {
        vec!["password"]
    };
    Err(Error::StepUpRequired { methods })
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
