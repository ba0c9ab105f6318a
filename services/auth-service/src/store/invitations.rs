//! Invitations.

use chrono::{DateTime, Utc};
use diesel::{OptionalExtension, QueryDsl, prelude::*};
use diesel_async::RunQueryDsl;
use policy::Role;
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::{
    role::StoredRole,
    schema::{invitation, person, workspace},
};
use crate::domain::invitation::Moments;

/// An invitation to be added.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = invitation)]
pub struct NewInvitation {
    /// Its id.
    pub id: Uuid,
    /// Where to.
    pub workspace_id: Uuid,
    /// Whom.
    pub email: String,
    /// As what.
    #[diesel(serialize_as = StoredRole)]
    pub role: Role,
    /// Language of the mail.
    pub language: String,
    /// Who invites.
    pub invited_by: Uuid,
    /// Half of what makes the token.
    pub nonce: Vec<u8>,
    /// 1.
    pub version: i64,
    /// Now.
    pub created_at: DateTime<Utc>,
    /// When it stops to open the door.
    pub expires_at: DateTime<Utc>,
}

impl From<Role> for StoredRole {
    fn from(role: Role) -> Self {
        Self(role)
    }
}

/// An invitation with the names that go with it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = invitation, check_for_backend(diesel::pg::Pg))]
pub struct Invitation {
    /// Its id.
    pub id: Uuid,
    /// Where to.
    pub workspace_id: Uuid,
    /// The workspace's name.
    #[diesel(select_expression = workspace::name)]
    pub workspace_name: String,
    /// Whom.
    pub email: String,
    /// As what.
    #[diesel(deserialize_as = StoredRole)]
    pub role: Role,
    /// Language of the mail.
    pub language: String,
    /// Who invites.
    pub invited_by: Uuid,
    /// Their name.
    #[diesel(select_expression = person::name)]
    pub inviter_name: String,
    /// Half of what makes the token.
    pub nonce: Vec<u8>,
    /// Grows with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it stops to open the door.
    pub expires_at: DateTime<Utc>,
    /// When it was taken back.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// When somebody came in by it.
    pub accepted_at: Option<DateTime<Utc>>,
}

impl Invitation {
    /// The moments that decide about it.
    pub fn moments(&self) -> Moments {
        Moments {
            expires_at: self.expires_at,
            accepted_at: self.accepted_at,
            withdrawn_at: self.withdrawn_at,
        }
    }
}

/// Adds an invitation; `false` when one to the same address is still pending.
pub async fn insert(conn: &mut Connection, new: NewInvitation) -> Result<bool, DbError> {
    let added = diesel::insert_into(invitation::table)
        .values(new)
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(added == 1)
}

/// Withdraws what expired unused, to make room for another invitation to the same address.
pub async fn clear_expired(
    conn: &mut Connection,
    workspace: Uuid,
    email: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let expired = invitation::table
        .filter(invitation::workspace_id.eq(workspace))
        .filter(invitation::email.eq(email))
        .filter(invitation::accepted_at.is_null())
        .filter(invitation::withdrawn_at.is_null())
        .filter(invitation::expires_at.le(now));
    diesel::update(expired)
        .set((
            invitation::withdrawn_at.eq(now),
            invitation::version.eq(invitation::version + 1),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads an invitation, whatever became of it.
pub async fn get(conn: &mut Connection, id: Uuid) -> Result<Option<Invitation>, DbError> {
    Ok(invitation::table
        .inner_join(workspace::table)
        .inner_join(person::table)
        .filter(invitation::id.eq(id))
        .select(Invitation::as_select())
        .first(conn)
        .await
        .optional()?)
}

/// Locks an invitation; read it afterwards.
pub async fn lock(conn: &mut Connection, id: Uuid) -> Result<(), DbError> {
    invitation::table
        .find(id)
        .select(invitation::id)
        .for_no_key_update()
        .first::<Uuid>(conn)
        .await
        .optional()?;
    Ok(())
}

/// A page of a workspace's pending invitations, oldest first. Expired ones are among them until they are withdrawn.
pub async fn page(
    conn: &mut Connection,
    workspace: Uuid,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Invitation>, DbError> {
    let mut rows = invitation::table
        .inner_join(workspace::table)
        .inner_join(person::table)
        .filter(invitation::workspace_id.eq(workspace))
        .filter(invitation::accepted_at.is_null())
        .filter(invitation::withdrawn_at.is_null())
        .order((invitation::created_at, invitation::id))
        .limit(limit)
        .select(Invitation::as_select())
        .into_boxed();
    if let Some((created_at, id)) = after {
        let later = invitation::created_at.gt(created_at);
        rows = rows.filter(later.or(invitation::created_at.eq(created_at).and(invitation::id.gt(id))));
    }
    Ok(rows.load(conn).await?)
}

/// Takes an invitation back.
pub async fn withdraw(conn: &mut Connection, id: Uuid, now: DateTime<Utc>) -> Result<(), DbError> {
    diesel::update(invitation::table.find(id))
        .set((
            invitation::withdrawn_at.eq(now),
            invitation::version.eq(invitation::version + 1),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Marks an invitation as used.
pub async fn accept(
    conn: &mut Connection,
    id: Uuid,
    person: Uuid,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::update(invitation::table.find(id))
        .set((
            invitation::accepted_at.eq(now),
            invitation::accepted_by.eq(person),
            invitation::version.eq(invitation::version + 1),
        ))
        .execute(conn)
        .await?;
    Ok(())
}
