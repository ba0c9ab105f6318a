//! Sessions and the chains of their refresh tokens.

use chrono::{DateTime, Utc};
use diesel::{OptionalExtension, QueryDsl, dsl, prelude::*};
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::schema::{refresh_token, session};

/// A session to be added, or as stored.
#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = session, check_for_backend(diesel::pg::Pg))]
pub struct Session {
    /// Its id, the claim `sid`.
    pub id: Uuid,
    /// Where it is signed in to.
    pub workspace_id: Uuid,
    /// Who is signed in.
    pub person_id: Uuid,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it ends whatever happens.
    pub expires_at: DateTime<Utc>,
    /// When it was ended before that.
    pub ended_at: Option<DateTime<Utc>>,
}

/// A refresh token, by its hash.
#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = refresh_token, check_for_backend(diesel::pg::Pg))]
pub struct RefreshToken {
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// Whose chain it belongs to.
    pub session_id: Uuid,
    /// When it was made.
    pub issued_at: DateTime<Utc>,
    /// When it is too old to be used.
    pub expires_at: DateTime<Utc>,
    /// When it was replaced.
    pub used_at: Option<DateTime<Utc>>,
}

/// Why a session ended before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndReason {
    /// The person signed out.
    SignedOut,
    /// A refresh token came back long after it was replaced.
    Reused,
    /// The person left the workspace.
    Removed,
}

impl EndReason {
    fn word(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::Reused => "reused",
            Self::Removed => "removed",
        }
    }
}

/// Adds a session.
pub async fn insert(conn: &mut Connection, new: &Session) -> Result<(), DbError> {
    diesel::insert_into(session::table)
        .values(new)
        .execute(conn)
        .await?;
    Ok(())
}

/// Adds a link to a chain.
pub async fn insert_token(conn: &mut Connection, new: &RefreshToken) -> Result<(), DbError> {
    diesel::insert_into(refresh_token::table)
        .values(new)
        .execute(conn)
        .await?;
    Ok(())
}

/// Which session a token belongs to.
pub async fn of_token(conn: &mut Connection, token_hash: &[u8]) -> Result<Option<Uuid>, DbError> {
    Ok(refresh_token::table
        .find(token_hash)
        .select(refresh_token::session_id)
        .first(conn)
        .await
        .optional()?)
}

/// Locks a session: its chain grows under this lock, so it never forks.
pub async fn lock(conn: &mut Connection, id: Uuid) -> Result<Option<Session>, DbError> {
    Ok(session::table
        .find(id)
        .select(Session::as_select())
        .for_no_key_update()
        .first(conn)
        .await
        .optional()?)
}

/// A token as it is now.
pub async fn token(conn: &mut Connection, token_hash: &[u8]) -> Result<Option<RefreshToken>, DbError> {
    Ok(refresh_token::table
        .find(token_hash)
        .select(RefreshToken::as_select())
        .first(conn)
        .await
        .optional()?)
}

/// Marks a token as replaced.
pub async fn mark_used(conn: &mut Connection, token_hash: &[u8], now: DateTime<Utc>) -> Result<(), DbError> {
    diesel::update(refresh_token::table.find(token_hash))
        .set(refresh_token::used_at.eq(now))
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends a session, unless it is over already.
pub async fn end(
    conn: &mut Connection,
    id: Uuid,
    reason: EndReason,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::update(session::table.find(id).filter(session::ended_at.is_null()))
        .set((session::ended_at.eq(now), session::end_reason.eq(reason.word())))
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends every session of a person in one workspace.
pub async fn end_of_member(
    conn: &mut Connection,
    workspace: Uuid,
    person: Uuid,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let theirs = session::table
        .filter(session::workspace_id.eq(workspace))
        .filter(session::person_id.eq(person))
        .filter(session::ended_at.is_null());
    diesel::update(theirs)
        .set((
            session::ended_at.eq(now),
            session::end_reason.eq(EndReason::Removed.word()),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets at most `limit` tokens and as many sessions that are past their time. A replaced token is kept until it
/// would have expired: so long it can betray a thief. Gives how many rows went.
pub async fn sweep(conn: &mut Connection, now: DateTime<Utc>, limit: i64) -> Result<usize, DbError> {
    let stale = refresh_token::table
        .filter(refresh_token::expires_at.lt(now))
        .select(refresh_token::token_hash)
        .limit(limit)
        .into_boxed();
    let tokens: Vec<Vec<u8>> = stale.load(conn).await?;
    let gone = diesel::delete(refresh_token::table.filter(refresh_token::token_hash.eq_any(tokens)))
        .execute(conn)
        .await?;
    let left = refresh_token::table.filter(refresh_token::session_id.eq(session::id));
    let over: Vec<Uuid> = session::table
        .filter(session::expires_at.lt(now))
        .filter(dsl::not(dsl::exists(left)))
        .select(session::id)
        .limit(limit)
        .load(conn)
        .await?;
    Ok(gone
        + diesel::delete(session::table.filter(session::id.eq_any(over)))
            .execute(conn)
            .await?)
}
