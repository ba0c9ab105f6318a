//! The copy of the people this service needs.

use auth_token::Caller;
use contracts::PersonState;
use diesel::sql_types::{Array, BigInt, Bool, Text, Uuid as SqlUuid};
use policy::Role;
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::rows::Verdict;
use crate::error::TaskError;
use postgres::statement;

/// True when the copy of the person says that the token no longer counts. `ask` has the columns `workspace`,
/// `caller` and `epoch`. Without a copy the token's word counts.
macro_rules! outdated {
    () => {
        "EXISTS (SELECT FROM person p WHERE p.workspace_id = ask.workspace AND p.id = ask.caller \
         AND (p.epoch > ask.epoch OR (p.removed AND p.epoch = ask.epoch)))"
    };
}

/// True when a person may be put in charge. `ask` has the columns `workspace`, `caller`, `pic`, `pic_roles` and
/// `self_may`: callers without a copy may put themselves in charge on the word of their token.
macro_rules! may_be_in_charge {
    () => {
        "CASE WHEN EXISTS (SELECT FROM person p WHERE p.workspace_id = ask.workspace AND p.id = ask.pic) \
         THEN EXISTS (SELECT FROM person p WHERE p.workspace_id = ask.workspace AND p.id = ask.pic \
                      AND NOT p.removed AND p.role = ANY (ask.pic_roles)) \
         ELSE ask.pic = ask.caller AND ask.self_may END"
    };
}

pub(super) use {may_be_in_charge, outdated};

/// The words of the roles that may be in charge.
pub(super) fn pic_roles() -> Vec<String> {
    [Role::Admin, Role::Supervisor, Role::Pic, Role::Observer]
        .into_iter()
        .filter(|role| policy::can_be_in_charge(*role))
        .map(|role| role.to_string())
        .collect()
}

/// Refuses a token that is older than the person's copy.
///
/// # Errors
/// [`TaskError::Outdated`], or the database's.
pub async fn check(connection: &mut Connection, caller: &Caller) -> Result<(), TaskError> {
    let row: Option<Verdict> = statement(concat!(
        "WITH ask AS (SELECT ? AS workspace, ? AS caller, ? AS epoch) SELECT ",
        outdated!(),
        " AS verdict FROM ask"
    ))
    .bind::<SqlUuid, _>(caller.workspace)
    .bind::<SqlUuid, _>(caller.person)
    .bind::<BigInt, _>(caller.epoch)
    .first_row(connection)
    .await?;
    if row.is_some_and(|row| row.verdict) {
        Err(TaskError::Outdated)
    } else {
        Ok(())
    }
}

/// Refuses a person who cannot be in charge: unknown here, removed, or of a role that only reads.
///
/// # Errors
/// [`TaskError::Invalid`] naming `pic_id`, or the database's.
pub async fn check_pic(connection: &mut Connection, caller: &Caller, pic: Uuid) -> Result<(), TaskError> {
    let row: Option<Verdict> = statement(concat!(
        "WITH ask AS (SELECT ? AS workspace, ? AS caller, ? AS pic, ? AS pic_roles, ? AS self_may) SELECT ",
        may_be_in_charge!(),
        " AS verdict FROM ask"
    ))
    .bind::<SqlUuid, _>(caller.workspace)
    .bind::<SqlUuid, _>(caller.person)
    .bind::<SqlUuid, _>(pic)
    .bind::<Array<Text>, _>(pic_roles())
    .bind::<Bool, _>(policy::can_be_in_charge(caller.role))
    .first_row(connection)
    .await?;
    if row.is_some_and(|row| row.verdict) {
        Ok(())
    } else {
        Err(not_a_pic())
    }
}

/// The refusal of a person who cannot be in charge.
#[must_use]
pub fn not_a_pic() -> TaskError {
    TaskError::invalid("pic_id", "must be a member of the workspace who can be in charge")
}

/// Takes over the state of a person, unless a later one is already here.
///
/// # Errors
/// The database's.
pub async fn remember(
    connection: &mut Connection,
    workspace: Uuid,
    person: &PersonState,
    version: i64,
) -> Result<(), DbError> {
    statement(
        "INSERT INTO person (workspace_id, id, name, role, epoch, removed, version) \
         VALUES (?, ?, ?, ?, ?, ?, ?) \
         ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name, role = excluded.role, \
         epoch = excluded.epoch, removed = excluded.removed, version = excluded.version \
         WHERE person.version < excluded.version",
    )
    .bind::<SqlUuid, _>(workspace)
    .bind::<SqlUuid, _>(person.id)
    .bind::<Text, _>(&person.name)
    .bind::<Text, _>(&person.role)
    .bind::<BigInt, _>(person.epoch)
    .bind::<Bool, _>(person.removed)
    .bind::<BigInt, _>(version)
    .run(connection)
    .await?;
    Ok(())
}
