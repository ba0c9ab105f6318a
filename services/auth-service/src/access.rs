//! Who the caller is right now. A token says what was true when it was made, up to five minutes ago; here the database
//! knows better, so a lost role or an ended session counts at once.

use auth_token::Caller;
use policy::Operation;
use postgres::Connection;
use uuid::Uuid;

use crate::{
    app::now,
    domain::{membership::MemberKind, proof},
    error::Error,
    store::{
        identities,
        memberships::{self, Bearer, Member},
        passkeys, people, second_factors, sessions,
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
    if !policy::needs_no_second_factor(operation) && lacks_second_factor(conn, &member).await? {
        return Err(Error::SecondFactorNeeded);
    }
    if policy::is_dangerous(operation) {
        require_proof(conn, bearer).await?;
    }
    Ok(member)
}

/// Whether the workspace wants a second factor that the member does not have.
pub async fn lacks_second_factor(conn: &mut Connection, member: &Member) -> Result<bool, Error> {
    // A program has none; it never signs in.
    Ok(member.requires_second_factor
        && member.kind == MemberKind::Person
        && !second_factors::has_any(conn, member.id).await?)
}

/// Refuses what took the last second factor of somebody away whose workspace wants one. Ask when it is gone, in the
/// transaction that takes it.
pub async fn check_still_guarded(conn: &mut Connection, person: Uuid) -> Result<(), Error> {
    if second_factors::has_any(conn, person).await?
        || !memberships::any_requires_second_factor(conn, person).await?
    {
        return Ok(());
    }
    Err(Error::SecondFactorKept)
}

/// Refuses what took somebody's last way in. Ask when it is gone, under the lock of the person.
pub async fn check_way_in(conn: &mut Connection, person: Uuid) -> Result<(), Error> {
    let left = people::has_password(conn, person).await?
        || !passkeys::of_person(conn, person).await?.is_empty()
        || !identities::of_person(conn, person).await?.is_empty();
    if left { Ok(()) } else { Err(Error::LastWayIn) }
}

/// Whether the session has proved lately who its person is; and otherwise by what that can be done.
pub async fn proof(conn: &mut Connection, session: Uuid) -> Result<(bool, Vec<&'static str>), Error> {
    let (person, proved_at) = sessions::prover(conn, session)
        .await?
        .ok_or(Error::NotFound("session"))?;
    Ok((proof::is_fresh(proved_at, now()), methods(conn, person).await?))
}

async fn require_proof(conn: &mut Connection, bearer: Bearer) -> Result<(), Error> {
    let proved_at = sessions::proved_at(conn, bearer.session)
        .await?
        .ok_or(Error::SessionOver)?;
    if proof::is_fresh(proved_at, now()) {
        return Ok(());
    }
    Err(Error::StepUpRequired {
        methods: methods(conn, bearer.person).await?,
    })
}

async fn methods(conn: &mut Connection, person: Uuid) -> Result<Vec<&'static str>, Error> {
    let means = second_factors::means(conn, person).await?;
    if means.any() {
        return Ok(means.methods());
    }
    // Whoever has no password signs in at their provider once more.
    let has_password = people::has_password(conn, person).await?;
    Ok(vec![if has_password { "password" } else { "external" }])
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
