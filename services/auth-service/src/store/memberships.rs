//! Membership of workspaces. Versions and epochs only ever grow, also across leaving and coming back.

use chrono::{DateTime, Utc};
use diesel::{OptionalExtension, QueryDsl, dsl, prelude::*};
use diesel_async::RunQueryDsl;
use policy::Role;
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::{
    kind::StoredKind,
    role::StoredRole,
    schema::{membership, person, session, workspace},
    sessions::PERSON,
};
use crate::domain::membership::MemberKind;

/// A person as one workspace knows them.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = membership, check_for_backend(diesel::pg::Pg))]
pub struct Member {
    /// The person.
    #[diesel(select_expression = person::id)]
    pub id: Uuid,
    /// Their address.
    #[diesel(select_expression = person::email)]
    pub email: String,
    /// Their name.
    #[diesel(select_expression = person::name)]
    pub name: String,
    /// `ko` or `en`.
    #[diesel(select_expression = person::language)]
    pub language: String,
    /// IANA name.
    #[diesel(select_expression = person::time_zone)]
    pub time_zone: String,
    /// Whether they are a person or a service account.
    #[diesel(select_expression = person::kind, deserialize_as = StoredKind)]
    pub kind: MemberKind,
    /// When they showed that the address is theirs.
    #[diesel(select_expression = person::email_verified_at)]
    pub email_verified_at: Option<DateTime<Utc>>,
    /// What tells their picture from others.
    #[diesel(select_expression = person::picture)]
    pub picture: Option<String>,
    /// The workspace.
    pub workspace_id: Uuid,
    /// The workspace's name.
    #[diesel(select_expression = workspace::name)]
    pub workspace_name: String,
    /// Whether the workspace wants everybody to have a second factor.
    #[diesel(select_expression = workspace::require_second_factor)]
    pub requires_second_factor: bool,
    /// What they may do.
    #[diesel(deserialize_as = StoredRole)]
    pub role: Role,
    /// Version of their stream.
    pub version: i64,
    /// Tokens with a smaller one are too old.
    pub epoch: i64,
    /// When they came (last).
    pub joined_at: DateTime<Utc>,
    /// When they left.
    pub removed_at: Option<DateTime<Utc>>,
}

/// The numbers of a membership row.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Standing {
    /// What they may do.
    #[diesel(deserialize_as = StoredRole)]
    pub role: Role,
    /// Version of their stream.
    pub version: i64,
    /// Whether they left.
    pub removed_at: Option<DateTime<Utc>>,
}

/// Whose access token is presented.
#[derive(Debug, Clone, Copy)]
pub struct Bearer {
    /// The person.
    pub person: Uuid,
    /// The workspace.
    pub workspace: Uuid,
    /// The session.
    pub session: Uuid,
    /// The epoch the token was made in.
    pub epoch: i64,
}

/// The member a token speaks for, as they are now; none when the session is over, the epoch is not today's, or they
/// are no member any more.
pub async fn acting(conn: &mut Connection, bearer: Bearer) -> Result<Option<Member>, DbError> {
    let live_session = session::table
        .filter(session::id.eq(bearer.session))
        .filter(session::workspace_id.eq(bearer.workspace))
        .filter(session::person_id.eq(bearer.person))
        .filter(session::ended_at.is_null());
    Ok(membership::table
        .inner_join(person::table)
        .inner_join(workspace::table)
        .filter(membership::workspace_id.eq(bearer.workspace))
        .filter(membership::person_id.eq(bearer.person))
        .filter(membership::removed_at.is_null())
        .filter(membership::epoch.eq(bearer.epoch))
        .filter(dsl::exists(live_session))
        .select(Member::as_select())
        .first(conn)
        .await
        .optional()?)
}

/// A member, whether they left or not.
pub async fn get(conn: &mut Connection, workspace: Uuid, person: Uuid) -> Result<Option<Member>, DbError> {
    Ok(membership::table
        .inner_join(person::table)
        .inner_join(workspace::table)
        .filter(membership::workspace_id.eq(workspace))
        .filter(membership::person_id.eq(person))
        .select(Member::as_select())
        .first(conn)
        .await
        .optional()?)
}

/// Members of a workspace, whether they left or not.
pub async fn some(conn: &mut Connection, workspace: Uuid, people: &[Uuid]) -> Result<Vec<Member>, DbError> {
    Ok(membership::table
        .inner_join(person::table)
        .inner_join(workspace::table)
        .filter(membership::workspace_id.eq(workspace))
        .filter(membership::person_id.eq_any(people))
        .select(Member::as_select())
        .load(conn)
        .await?)
}

/// Whether any workspace that the person belongs to wants everybody to have a second factor.
pub async fn any_requires_second_factor(conn: &mut Connection, person: Uuid) -> Result<bool, DbError> {
    let strict = membership::table
        .inner_join(workspace::table)
        .filter(membership::person_id.eq(person))
        .filter(membership::removed_at.is_null())
        .filter(workspace::require_second_factor);
    Ok(diesel::select(dsl::exists(strict)).get_result(conn).await?)
}

/// Locks a membership row.
pub async fn lock(conn: &mut Connection, workspace: Uuid, person: Uuid) -> Result<Option<Standing>, DbError> {
    Ok(membership::table
        .find((workspace, person))
        .select((membership::role, membership::version, membership::removed_at))
        .for_no_key_update()
        .first(conn)
        .await
        .optional()?)
}

/// Counts a workspace's admins. True until the transaction ends only under the workspace's lock.
pub async fn count_admins(conn: &mut Connection, workspace: Uuid) -> Result<i64, DbError> {
    Ok(membership::table
        .filter(membership::workspace_id.eq(workspace))
        .filter(membership::role.eq(StoredRole(Role::Admin)))
        .filter(membership::removed_at.is_null())
        .count()
        .get_result(conn)
        .await?)
}

/// Adds a member who never was one.
pub async fn insert(
    conn: &mut Connection,
    workspace: Uuid,
    person: Uuid,
    role: Role,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::insert_into(membership::table)
        .values((
            membership::workspace_id.eq(workspace),
            membership::person_id.eq(person),
            membership::role.eq(StoredRole(role)),
            membership::version.eq(1),
            membership::epoch.eq(1),
            membership::joined_at.eq(now),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes a former member back.
pub async fn rejoin(
    conn: &mut Connection,
    workspace: Uuid,
    person: Uuid,
    role: Role,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::update(membership::table.find((workspace, person)))
        .set((
            membership::role.eq(StoredRole(role)),
            membership::version.eq(membership::version + 1),
            membership::epoch.eq(membership::epoch + 1),
            membership::joined_at.eq(now),
            membership::removed_at.eq(None::<DateTime<Utc>>),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Gives a member another role; tokens of the old one become too old.
pub async fn set_role(
    conn: &mut Connection,
    workspace: Uuid,
    person: Uuid,
    role: Role,
) -> Result<(), DbError> {
    diesel::update(membership::table.find((workspace, person)))
        .set((
            membership::role.eq(StoredRole(role)),
            membership::version.eq(membership::version + 1),
            membership::epoch.eq(membership::epoch + 1),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends a membership; the person's tokens for this workspace become too old.
pub async fn remove(
    conn: &mut Connection,
    workspace: Uuid,
    person: Uuid,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::update(membership::table.find((workspace, person)))
        .set((
            membership::removed_at.eq(now),
            membership::version.eq(membership::version + 1),
            membership::epoch.eq(membership::epoch + 1),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Raises the version of every present membership of a person after their profile changed, and gives the members as
/// they are now. Rows are locked in the order of their workspaces.
pub async fn touch_all(conn: &mut Connection, person: Uuid) -> Result<Vec<Member>, DbError> {
    let workspaces: Vec<Uuid> = membership::table
        .filter(membership::person_id.eq(person))
        .filter(membership::removed_at.is_null())
        .order(membership::workspace_id)
        .select(membership::workspace_id)
        .for_no_key_update()
        .load(conn)
        .await?;
    let present = membership::table
        .filter(membership::person_id.eq(person))
        .filter(membership::workspace_id.eq_any(workspaces));
    diesel::update(present)
        .set(membership::version.eq(membership::version + 1))
        .execute(conn)
        .await?;
    Ok(membership::table
        .inner_join(person::table)
        .inner_join(workspace::table)
        .filter(membership::person_id.eq(person))
        .filter(membership::removed_at.is_null())
        .order(membership::workspace_id)
        .select(Member::as_select())
        .load(conn)
        .await?)
}

/// A page of the present members in the order in which they joined.
pub async fn page(
    conn: &mut Connection,
    workspace: Uuid,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Member>, DbError> {
    let mut rows = membership::table
        .inner_join(person::table)
        .inner_join(workspace::table)
        .filter(membership::workspace_id.eq(workspace))
        .filter(membership::removed_at.is_null())
        .order((membership::joined_at, membership::person_id))
        .limit(limit)
        .select(Member::as_select())
        .into_boxed();
    if let Some((joined_at, person)) = after {
        let later = membership::joined_at.gt(joined_at);
        let same_moment = membership::joined_at
            .eq(joined_at)
            .and(membership::person_id.gt(person));
        rows = rows.filter(later.or(same_moment));
    }
    Ok(rows.load(conn).await?)
}

/// The present memberships of a person, by the workspace's name; `limit` of them at most.
pub async fn of_person(conn: &mut Connection, person: Uuid, limit: i64) -> Result<Vec<Member>, DbError> {
    Ok(membership::table
        .inner_join(person::table)
        .inner_join(workspace::table)
        .filter(membership::person_id.eq(person))
        .filter(membership::removed_at.is_null())
        .order((workspace::name, workspace::id))
        .limit(limit)
        .select(Member::as_select())
        .load(conn)
        .await?)
}

/// The workspace to sign in to: the one of the latest session, or else the one joined first.
pub async fn usual_workspace(conn: &mut Connection, person: Uuid) -> Result<Option<Uuid>, DbError> {
    let last_used = session::table
        .filter(session::person_id.eq(membership::person_id))
        .filter(session::workspace_id.eq(membership::workspace_id))
        .filter(session::kind.eq(PERSON))
        .select(dsl::max(session::created_at))
        .single_value();
    Ok(membership::table
        .filter(membership::person_id.eq(person))
        .filter(membership::removed_at.is_null())
        .order((last_used.desc().nulls_last(), membership::joined_at.asc()))
        .select(membership::workspace_id)
        .first(conn)
        .await
        .optional()?)
}
