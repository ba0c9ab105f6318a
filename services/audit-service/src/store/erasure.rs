//! Forgetting people in the particulars. The entries stay as they are; a granted function of the schema's owner does it.

use diesel::QueryableByName;
use diesel::sql_types::{Array, Uuid as SqlUuid};
use postgres::{Connection, DbError, statement};
use uuid::Uuid;

/// A person as one workspace knows them.
pub type Membership = (Uuid, Uuid);

#[derive(QueryableByName)]
struct Erased {
    #[diesel(sql_type = SqlUuid)]
    workspace_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    person_id: Uuid,
}

/// Which of these were erased. Ask after the append, whose lock makes sure that an erasure came before or sees the entries.
///
/// # Errors
/// The database's.
pub async fn erased(conn: &mut Connection, people: &[Membership]) -> Result<Vec<Membership>, DbError> {
    let (workspaces, people): (Vec<Uuid>, Vec<Uuid>) = people.iter().copied().unzip();
    let rows: Vec<Erased> = statement(
        "SELECT workspace_id, person_id FROM erased_person
         JOIN unnest(?, ?) AS asked (workspace_id, person_id) USING (workspace_id, person_id)",
    )
    .bind::<Array<SqlUuid>, _>(workspaces)
    .bind::<Array<SqlUuid>, _>(people)
    .all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.workspace_id, row.person_id))
        .collect())
}

/// Forgets a person in everything that one workspace's log says, now and whatever comes later. To do it twice changes
/// nothing.
///
/// # Errors
/// The database's.
pub async fn forget(conn: &mut Connection, (workspace, person): Membership) -> Result<(), DbError> {
    statement("SELECT forget(?, ?)")
        .bind::<SqlUuid, _>(workspace)
        .bind::<SqlUuid, _>(person)
        .run(conn)
        .await?;
    Ok(())
}
