//! What is settled for a whole workspace, and its end. Bulk statements: a workspace may have ten thousand members.

use chrono::{DateTime, Utc};
use diesel::{
    OptionalExtension, QueryDsl,
    prelude::*,
    sql_types::{BigInt, Nullable, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError, statement};
use uuid::Uuid;

use super::{
    revocations,
    schema::{invitation, membership, workspace},
};

/// A workspace and its rules.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = workspace, check_for_backend(diesel::pg::Pg))]
pub struct Settings {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Whether everybody must have a second factor.
    pub require_second_factor: bool,
    /// Grows with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// Changes to a workspace; what is `None` stays.
#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = workspace)]
pub struct Edits {
    /// New name.
    pub name: Option<String>,
    /// New rule.
    pub require_second_factor: Option<bool>,
}

/// Reads a workspace.
pub async fn get(conn: &mut Connection, id: Uuid) -> Result<Option<Settings>, DbError> {
    Ok(workspace::table
        .find(id)
        .select(Settings::as_select())
        .first(conn)
        .await
        .optional()?)
}

/// Changes a workspace, which must be locked, and gives it as it is now. `edits` must change something.
pub async fn edit(conn: &mut Connection, id: Uuid, edits: &Edits) -> Result<Settings, DbError> {
    Ok(diesel::update(workspace::table.find(id))
        .set((edits, workspace::version.eq(workspace::version + 1)))
        .returning(Settings::as_returning())
        .get_result(conn)
        .await?)
}

/// Makes all access tokens of a workspace too old but those of one person, so that the next ones say what holds now.
/// Versions stay: nothing that others keep of the members has changed.
pub async fn raise_epochs(
    conn: &mut Connection,
    workspace: Uuid,
    except: Uuid,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    statement(
        "WITH raised AS (
             UPDATE membership SET epoch = epoch + 1
             WHERE workspace_id = ? AND person_id <> ? AND removed_at IS NULL
             RETURNING workspace_id, person_id, epoch)
         INSERT INTO revocation (session_id, minimum_epoch, made_at)
         SELECT s.id, r.epoch, ?
         FROM raised r JOIN session s USING (workspace_id, person_id) WHERE s.ended_at IS NULL",
    )
    .bind::<SqlUuid, _>(workspace)
    .bind::<SqlUuid, _>(except)
    .bind::<Timestamptz, _>(now)
    .run(conn)
    .await?;
    Ok(())
}

/// Ends every session of a workspace and revokes its tokens. Locked in one order, like wherever sessions end.
pub async fn end_sessions(conn: &mut Connection, workspace: Uuid, now: DateTime<Utc>) -> Result<(), DbError> {
    statement(
        "WITH live AS (
             SELECT id FROM session WHERE workspace_id = ? AND ended_at IS NULL ORDER BY id FOR NO KEY UPDATE),
         ended AS (
             UPDATE session s SET ended_at = ?, end_reason = 'removed' FROM live WHERE s.id = live.id RETURNING s.id)
         INSERT INTO revocation (session_id, minimum_epoch, made_at) SELECT id, ?, ? FROM ended",
    )
    .bind::<SqlUuid, _>(workspace)
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(revocations::OVER)
    .bind::<Timestamptz, _>(now)
    .run(conn)
    .await?;
    Ok(())
}

/// Ends every membership of a workspace.
pub async fn end_memberships(
    conn: &mut Connection,
    workspace: Uuid,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let present = membership::table
        .filter(membership::workspace_id.eq(workspace))
        .filter(membership::removed_at.is_null());
    diesel::update(present)
        .set((
            membership::removed_at.eq(now),
            membership::version.eq(membership::version + 1),
            membership::epoch.eq(membership::epoch + 1),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Withdraws every open invitation to these workspaces, and notes that the workspaces are over.
pub async fn close(conn: &mut Connection, workspaces: &[Uuid], now: DateTime<Utc>) -> Result<(), DbError> {
    let open = invitation::table
        .filter(invitation::workspace_id.eq_any(workspaces))
        .filter(invitation::accepted_at.is_null())
        .filter(invitation::withdrawn_at.is_null());
    diesel::update(open)
        .set((
            invitation::withdrawn_at.eq(now),
            invitation::version.eq(invitation::version + 1),
        ))
        .execute(conn)
        .await?;
    diesel::update(workspace::table.filter(workspace::id.eq_any(workspaces)))
        .set((
            workspace::deleted_at.eq(now),
            workspace::version.eq(workspace::version + 1),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

#[derive(QueryableByName)]
struct Parted {
    #[diesel(sql_type = SqlUuid)]
    person_id: Uuid,
}

/// The people whose membership ended at this very moment, after one of them, by id; `limit` of them at most.
pub async fn ended_at(
    conn: &mut Connection,
    workspace: Uuid,
    moment: DateTime<Utc>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Uuid>, DbError> {
    let rows: Vec<Parted> = statement(
        "SELECT person_id FROM membership
         WHERE workspace_id = ? AND removed_at = ? AND (person_id > ?) IS NOT FALSE
         ORDER BY person_id LIMIT ?",
    )
    .bind::<SqlUuid, _>(workspace)
    .bind::<Timestamptz, _>(moment)
    .bind::<Nullable<SqlUuid>, _>(after)
    .bind::<BigInt, _>(limit)
    .all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.person_id).collect())
}
