//! Links that people get by mail.

use chrono::{DateTime, Utc};
use diesel::{OptionalExtension, QueryDsl, prelude::*};
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::schema::account_link;

/// A link to be added, or as stored.
#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = account_link, check_for_backend(diesel::pg::Pg))]
pub struct AccountLink {
    /// Its id.
    pub id: Uuid,
    /// `reset`, `verify` or `sign-up`.
    pub purpose: String,
    /// Whose; nobody's as long as it is to sign up with.
    pub person_id: Option<Uuid>,
    /// Half of what makes the token.
    pub nonce: Vec<u8>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it stops to work.
    pub expires_at: DateTime<Utc>,
    /// When it was used, or replaced by a newer one.
    pub used_at: Option<DateTime<Utc>>,
    /// Whom it was sent to, where that is nobody's address yet.
    pub email: Option<String>,
}

/// Adds a link.
pub async fn insert(conn: &mut Connection, new: &AccountLink) -> Result<(), DbError> {
    diesel::insert_into(account_link::table)
        .values(new)
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads a link, whatever became of it.
pub async fn get(conn: &mut Connection, id: Uuid) -> Result<Option<AccountLink>, DbError> {
    Ok(account_link::table
        .find(id)
        .select(AccountLink::as_select())
        .first(conn)
        .await
        .optional()?)
}

/// Uses a link up. `false` when somebody was faster, or its time is over.
pub async fn consume(conn: &mut Connection, id: Uuid, now: DateTime<Utc>) -> Result<bool, DbError> {
    let open = account_link::table
        .find(id)
        .filter(account_link::used_at.is_null())
        .filter(account_link::expires_at.gt(now));
    let used = diesel::update(open)
        .set(account_link::used_at.eq(now))
        .execute(conn)
        .await?;
    Ok(used == 1)
}

/// Makes a link that was signed up with the new person's, whose address stands elsewhere then.
pub async fn settle(conn: &mut Connection, id: Uuid, person: Uuid) -> Result<(), DbError> {
    diesel::update(account_link::table.find(id))
        .set((
            account_link::person_id.eq(person),
            account_link::email.eq(None::<String>),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// How many links to sign up with were sent to an address since a moment.
pub async fn count_to(conn: &mut Connection, email: &str, since: DateTime<Utc>) -> Result<i64, DbError> {
    Ok(account_link::table
        .filter(account_link::email.eq(email))
        .filter(account_link::created_at.gt(since))
        .count()
        .get_result(conn)
        .await?)
}

/// Closes all open links of a person for a purpose.
pub async fn close_all(
    conn: &mut Connection,
    person: Uuid,
    purpose: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let open = account_link::table
        .filter(account_link::person_id.eq(person))
        .filter(account_link::purpose.eq(purpose))
        .filter(account_link::used_at.is_null());
    diesel::update(open)
        .set(account_link::used_at.eq(now))
        .execute(conn)
        .await?;
    Ok(())
}

/// How many links of a purpose a person was given since a moment.
pub async fn count_since(
    conn: &mut Connection,
    person: Uuid,
    purpose: &str,
    since: DateTime<Utc>,
) -> Result<i64, DbError> {
    Ok(account_link::table
        .filter(account_link::person_id.eq(person))
        .filter(account_link::purpose.eq(purpose))
        .filter(account_link::created_at.gt(since))
        .count()
        .get_result(conn)
        .await?)
}

/// Forgets links that expired before a moment.
pub async fn purge(conn: &mut Connection, before: DateTime<Utc>) -> Result<usize, DbError> {
    Ok(
        diesel::delete(account_link::table.filter(account_link::expires_at.lt(before)))
            .execute(conn)
            .await?,
    )
}
