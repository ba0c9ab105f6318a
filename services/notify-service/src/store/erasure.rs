//! Forgetting who somebody was: what was for them goes, and what names them to others gets a pseudonym.

use std::collections::HashSet;

use contracts::PSEUDONYM;
use diesel::sql_types::{Array, Bool, Text, Uuid as SqlUuid};
use postgres::{Connection, DbError, idempotency, statement};
use uuid::Uuid;

/// Number of the advisory lock between an erasure and whoever takes events in: either these are seen by the erasure, or
/// they see it.
const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtextextended('notify.erasure', 0))";
const SHARED: &str = "SELECT pg_advisory_xact_lock_shared(hashtextextended('notify.erasure', 0))";

/// Keeps erasures away until the transaction ends; or, to erase somebody, everybody else.
pub async fn lock(conn: &mut Connection, erases: bool) -> Result<(), DbError> {
    statement(if erases { LOCK } else { SHARED }).run(conn).await?;
    Ok(())
}

/// Forgets a person in one workspace, and everywhere the mails that these events asked for. To do it twice changes
/// nothing.
pub async fn forget(
    conn: &mut Connection,
    workspace: Uuid,
    person: Uuid,
    mails: &[Uuid],
) -> Result<(), DbError> {
    forget_mails(conn, mails).await?;
    forget_named(conn, workspace, person).await?;
    forget_own(conn, workspace, person).await?;
    let id = person.to_string();
    idempotency::forget(conn, &id, &[]).await
}

/// The mails of an account, and those that the person asked to be sent to others.
async fn forget_mails(conn: &mut Connection, mails: &[Uuid]) -> Result<(), DbError> {
    for forget in [
        "INSERT INTO forgotten_mail (event_id) SELECT unnest(?) ON CONFLICT DO NOTHING",
        "DELETE FROM delivery WHERE id = ANY (?)",
        "DELETE FROM mail WHERE id = ANY (?)",
    ] {
        statement(forget)
            .bind::<Array<SqlUuid>, _>(mails)
            .run(conn)
            .await?;
    }
    Ok(())
}

/// What tells others of what the person did, or who they were. A kept mail loses its text, since nobody can tell where in
/// it the name stands.
async fn forget_named(conn: &mut Connection, workspace: Uuid, person: Uuid) -> Result<(), DbError> {
    statement(
        "UPDATE mail SET subject = ?, body_text = ?, body_html = ?
         WHERE id IN (
             SELECT c.delivery_id FROM notification n JOIN carried c ON c.notification_id = n.id
             WHERE n.workspace_id = ? AND (n.actor_id = ? OR strpos(n.fields::text, ?) > 0))",
    )
    .bind::<Text, _>("–")
    .bind::<Text, _>(GONE)
    .bind::<Text, _>(GONE)
    .bind::<SqlUuid, _>(workspace)
    .bind::<SqlUuid, _>(person)
    .bind::<Text, _>(person.to_string())
    .run(conn)
    .await?;
    statement(
        "UPDATE notification SET actor_name = ? WHERE workspace_id = ? AND actor_id = ? AND actor_name <> ?",
    )
    .bind::<Text, _>(PSEUDONYM)
    .bind::<SqlUuid, _>(workspace)
    .bind::<SqlUuid, _>(person)
    .bind::<Text, _>(PSEUDONYM)
    .run(conn)
    .await?;
    Ok(())
}

/// What a kept mail says that named somebody.
const GONE: &str = "This mail named somebody whose particulars were erased.";

/// What was for the person.
async fn forget_own(conn: &mut Connection, workspace: Uuid, person: Uuid) -> Result<(), DbError> {
    for forget in [
        "DELETE FROM mail WHERE workspace_id = ? AND recipient_id = ?",
        "DELETE FROM delivery WHERE workspace_id = ? AND recipient_id = ?",
        "DELETE FROM notification WHERE workspace_id = ? AND recipient_id = ?",
        "DELETE FROM preference WHERE workspace_id = ? AND person_id = ?",
        "UPDATE person SET erased = true WHERE workspace_id = ? AND person_id = ?",
    ] {
        statement(forget)
            .bind::<SqlUuid, _>(workspace)
            .bind::<SqlUuid, _>(person)
            .run(conn)
            .await?;
    }
    Ok(())
}

#[derive(diesel::QueryableByName)]
struct Known {
    #[diesel(sql_type = Bool)]
    known: bool,
}

/// Whether the mail that an event asks for is one of which nobody may keep a copy.
pub async fn is_forgotten_mail(conn: &mut Connection, event: Uuid) -> Result<bool, DbError> {
    let row: Option<Known> =
        statement("SELECT EXISTS (SELECT FROM forgotten_mail WHERE event_id = ?) AS known")
            .bind::<SqlUuid, _>(event)
            .first_row(conn)
            .await?;
    Ok(row.is_some_and(|row| row.known))
}

#[derive(diesel::QueryableByName)]
struct Erased {
    #[diesel(sql_type = SqlUuid)]
    workspace_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    person_id: Uuid,
}

/// Which of these people, each in a workspace, were erased.
pub async fn erased(
    conn: &mut Connection,
    people: impl Iterator<Item = (Uuid, Uuid)>,
) -> Result<HashSet<(Uuid, Uuid)>, DbError> {
    let (workspaces, people): (Vec<Uuid>, Vec<Uuid>) = people.unzip();
    let rows: Vec<Erased> = statement(
        "SELECT workspace_id, person_id FROM person
         JOIN unnest(?, ?) AS asked (workspace_id, person_id) USING (workspace_id, person_id) WHERE erased",
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
