//! Sessions and the chains of their refresh tokens.

use chrono::{DateTime, Utc};
use diesel::{OptionalExtension, QueryDsl, dsl, prelude::*};
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::{
    revocations,
    schema::{refresh_token, session, workspace},
};

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
    /// On which device.
    pub device: String,
    /// From which network it was used last.
    pub place: String,
    /// When it was opened or renewed last.
    pub last_used_at: DateTime<Utc>,
    /// When the person last proved who they are.
    pub proved_at: DateTime<Utc>,
    /// The identity provider that vouched for the person.
    pub issuer: Option<String>,
    /// The provider's own session.
    pub issuer_session: Option<String>,
}

/// A session with the name of its workspace.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = session, check_for_backend(diesel::pg::Pg))]
pub struct Listed {
    /// Its id.
    pub id: Uuid,
    /// Where it is signed in to.
    pub workspace_id: Uuid,
    /// The workspace's name.
    #[diesel(select_expression = workspace::name)]
    pub workspace_name: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// On which device.
    pub device: String,
    /// From which network it was used last.
    pub place: String,
    /// When it was opened or renewed last.
    pub last_used_at: DateTime<Utc>,
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
    /// The person ended it from another one.
    Ended,
    /// The password was changed or reset.
    Password,
    /// A refresh token came back long after it was replaced.
    Reused,
    /// The person left the workspace.
    Removed,
    /// An API token was revoked.
    Revoked,
}

impl EndReason {
    fn word(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::Ended => "ended",
            Self::Password => "password",
            Self::Reused => "reused",
            Self::Removed => "removed",
            Self::Revoked => "revoked",
        }
    }
}

/// The kind of a session that somebody signed in to.
pub const PERSON: &str = "person";
/// The kind of an API token's session.
pub const TOKEN: &str = "token";

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

/// Notes that a session is in use, and from where.
pub async fn touch(conn: &mut Connection, id: Uuid, place: &str, now: DateTime<Utc>) -> Result<(), DbError> {
    diesel::update(session::table.find(id))
        .set((session::last_used_at.eq(now), session::place.eq(place)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that the person has just proved who they are.
pub async fn prove(conn: &mut Connection, id: Uuid, now: DateTime<Utc>) -> Result<(), DbError> {
    diesel::update(session::table.find(id))
        .set(session::proved_at.eq(now))
        .execute(conn)
        .await?;
    Ok(())
}

/// When the person last proved who they are.
pub async fn proved_at(conn: &mut Connection, id: Uuid) -> Result<Option<DateTime<Utc>>, DbError> {
    Ok(session::table
        .find(id)
        .select(session::proved_at)
        .first(conn)
        .await
        .optional()?)
}

/// Whose live session it is, and when they last proved who they are.
pub async fn prover(conn: &mut Connection, id: Uuid) -> Result<Option<(Uuid, DateTime<Utc>)>, DbError> {
    Ok(session::table
        .find(id)
        .filter(session::ended_at.is_null())
        .select((session::person_id, session::proved_at))
        .first(conn)
        .await
        .optional()?)
}

/// The live sessions of a person in every workspace, the latest used first; `limit` of them at most.
pub async fn live(
    conn: &mut Connection,
    person: Uuid,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Listed>, DbError> {
    Ok(session::table
        .inner_join(workspace::table)
        .filter(session::person_id.eq(person))
        .filter(session::kind.eq(PERSON))
        .filter(session::ended_at.is_null())
        .filter(session::expires_at.gt(now))
        .order((session::last_used_at.desc(), session::id))
        .limit(limit)
        .select(Listed::as_select())
        .load(conn)
        .await?)
}

/// The live sessions of a member: their tokens are what a change of role makes too old.
pub async fn of_member(conn: &mut Connection, workspace: Uuid, person: Uuid) -> Result<Vec<Uuid>, DbError> {
    Ok(session::table
        .filter(session::workspace_id.eq(workspace))
        .filter(session::person_id.eq(person))
        .filter(session::ended_at.is_null())
        .select(session::id)
        .load(conn)
        .await?)
}

/// Which sessions to end.
#[derive(Debug, Clone, Copy)]
pub enum Which<'a> {
    /// This one.
    One(Uuid),
    /// This one, if this person signed in to it.
    Own {
        /// The session.
        session: Uuid,
        /// The person.
        person: Uuid,
    },
    /// This API token, if it is this member's.
    Token {
        /// The token.
        token: Uuid,
        /// The workspace.
        workspace: Uuid,
        /// The member.
        person: Uuid,
    },
    /// All of a person's, API tokens too; or, where one stays, all others that they signed in to.
    AllOf {
        /// The person.
        person: Uuid,
        /// What stays.
        except: Option<Uuid>,
    },
    /// Those that came from a provider's session.
    Issued {
        /// The provider.
        issuer: &'a str,
        /// Its session.
        session: &'a str,
    },
    /// A person's in one workspace, API tokens too.
    Member {
        /// The workspace.
        workspace: Uuid,
        /// The person.
        person: Uuid,
    },
}

/// Ends sessions that are not over already, and revokes their tokens. Gives how many ended.
pub async fn end(
    conn: &mut Connection,
    which: Which<'_>,
    reason: EndReason,
    now: DateTime<Utc>,
) -> Result<usize, DbError> {
    let live = session::table.filter(session::ended_at.is_null()).into_boxed();
    let chosen = match which {
        Which::One(session) => live.filter(session::id.eq(session)),
        Which::Own { session, person } => live
            .filter(session::id.eq(session))
            .filter(session::person_id.eq(person))
            .filter(session::kind.eq(PERSON)),
        Which::Token {
            token,
            workspace,
            person,
        } => live
            .filter(session::id.eq(token))
            .filter(session::workspace_id.eq(workspace))
            .filter(session::person_id.eq(person))
            .filter(session::kind.eq(TOKEN)),
        Which::AllOf { person, except } => {
            let theirs = live.filter(session::person_id.eq(person));
            match except {
                Some(stays) => theirs
                    .filter(session::id.ne(stays))
                    .filter(session::kind.eq(PERSON)),
                None => theirs,
            }
        }
        Which::Issued { issuer, session } => live
            .filter(session::issuer.eq(issuer))
            .filter(session::issuer_session.eq(session)),
        Which::Member { workspace, person } => live
            .filter(session::workspace_id.eq(workspace))
            .filter(session::person_id.eq(person)),
    };
    let chosen: Vec<Uuid> = chosen.select(session::id).load(conn).await?;
    // Locked in one order, so that two who end the same sessions wait for each other instead of blocking both.
    let _locked: Vec<Uuid> = session::table
        .filter(session::id.eq_any(&chosen))
        .order(session::id)
        .select(session::id)
        .for_no_key_update()
        .load(conn)
        .await?;
    let still_live = session::table
        .filter(session::id.eq_any(&chosen))
        .filter(session::ended_at.is_null());
    let ids: Vec<Uuid> = diesel::update(still_live)
        .set((session::ended_at.eq(now), session::end_reason.eq(reason.word())))
        .returning(session::id)
        .get_results(conn)
        .await?;
    revocations::insert(conn, &ids, revocations::OVER, now).await?;
    Ok(ids.len())
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
