//! API tokens: a row here and a session of their own kind, under one id.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{OptionalExtension, QueryDsl, prelude::*};
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::{
    schema::{api_token, session},
    sessions::TOKEN,
};

/// The last use is kept to the minute: not every exchange needs a write.
const LAST_USE: TimeDelta = TimeDelta::minutes(1);

/// A token to be added.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Its id, and its session's.
    pub id: Uuid,
    /// Where it is good for.
    pub workspace: Uuid,
    /// Whose it is.
    pub person: Uuid,
    /// SHA-256 of the token.
    pub hash: Vec<u8>,
    /// What its owner calls it.
    pub name: String,
    /// What it is good for, as words.
    pub scopes: String,
    /// Its last characters.
    pub hint: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// A live token as its owner sees it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = api_token, check_for_backend(diesel::pg::Pg))]
pub struct ApiToken {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    #[diesel(select_expression = session::person_id)]
    pub person: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// What it is good for, as words.
    pub scopes: String,
    /// Its last characters.
    pub hint: String,
    /// When it was made.
    #[diesel(select_expression = session::created_at)]
    pub created_at: DateTime<Utc>,
    /// When it ends.
    #[diesel(select_expression = session::expires_at)]
    pub expires_at: DateTime<Utc>,
    /// When it was used last, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// What a token that is presented stands for.
#[derive(Debug, Clone, Queryable)]
pub struct Presented {
    /// Its id, the claim `sid`.
    pub id: Uuid,
    /// Where it is good for.
    pub workspace: Uuid,
    /// Whose it is.
    pub person: Uuid,
    /// What it is good for, as words.
    pub scopes: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Adds a token.
pub async fn insert(conn: &mut Connection, new: &NewToken) -> Result<(), DbError> {
    diesel::insert_into(session::table)
        .values((
            session::id.eq(new.id),
            session::workspace_id.eq(new.workspace),
            session::person_id.eq(new.person),
            session::created_at.eq(new.created_at),
            session::expires_at.eq(new.expires_at),
            session::last_used_at.eq(new.created_at),
            // Whoever holds a token has proved nothing about who they are.
            session::proved_at.eq(DateTime::UNIX_EPOCH),
            session::kind.eq(TOKEN),
        ))
        .execute(conn)
        .await?;
    diesel::insert_into(api_token::table)
        .values((
            api_token::id.eq(new.id),
            api_token::token_hash.eq(&new.hash),
            api_token::name.eq(&new.name),
            api_token::scopes.eq(&new.scopes),
            api_token::hint.eq(&new.hint),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// The live token of a hash.
pub async fn find(
    conn: &mut Connection,
    hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<Presented>, DbError> {
    Ok(api_token::table
        .inner_join(session::table)
        .filter(api_token::token_hash.eq(hash))
        .filter(session::ended_at.is_null())
        .filter(session::expires_at.gt(now))
        .select((
            api_token::id,
            session::workspace_id,
            session::person_id,
            api_token::scopes,
            session::expires_at,
        ))
        .first(conn)
        .await
        .optional()?)
}

/// Notes that a token is in use, unless that was noted a moment ago.
pub async fn touch(conn: &mut Connection, id: Uuid, now: DateTime<Utc>) -> Result<(), DbError> {
    let stale = api_token::last_used_at
        .is_null()
        .or(api_token::last_used_at.lt(now - LAST_USE));
    diesel::update(api_token::table.find(id).filter(stale))
        .set(api_token::last_used_at.eq(now))
        .execute(conn)
        .await?;
    Ok(())
}

/// The live tokens of these members of a workspace, in the order in which they were made.
pub async fn of_members(
    conn: &mut Connection,
    workspace: Uuid,
    persons: &[Uuid],
    now: DateTime<Utc>,
) -> Result<Vec<ApiToken>, DbError> {
    Ok(api_token::table
        .inner_join(session::table)
        .filter(session::workspace_id.eq(workspace))
        .filter(session::person_id.eq_any(persons))
        .filter(session::ended_at.is_null())
        .filter(session::expires_at.gt(now))
        .order((session::created_at, api_token::id))
        .select(ApiToken::as_select())
        .load(conn)
        .await?)
}

/// Counts a member's live tokens. True until the transaction ends only under the membership's lock.
pub async fn count(
    conn: &mut Connection,
    workspace: Uuid,
    person: Uuid,
    now: DateTime<Utc>,
) -> Result<i64, DbError> {
    Ok(session::table
        .filter(session::workspace_id.eq(workspace))
        .filter(session::person_id.eq(person))
        .filter(session::kind.eq(TOKEN))
        .filter(session::ended_at.is_null())
        .filter(session::expires_at.gt(now))
        .count()
        .get_result(conn)
        .await?)
}

/// What a token's owner calls it.
pub async fn name(conn: &mut Connection, id: Uuid) -> Result<Option<String>, DbError> {
    Ok(api_token::table
        .find(id)
        .select(api_token::name)
        .first(conn)
        .await
        .optional()?)
}
