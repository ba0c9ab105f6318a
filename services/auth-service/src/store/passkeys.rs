//! Passkeys.

use chrono::{DateTime, Utc};
use diesel::{OptionalExtension, QueryDsl, prelude::*};
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::schema::passkey;

/// A passkey as stored.
#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = passkey, check_for_backend(diesel::pg::Pg))]
pub struct StoredPasskey {
    /// Its id here.
    pub id: Uuid,
    /// Whose it is.
    pub person_id: Uuid,
    /// Its id among all passkeys of the world.
    pub credential_id: Vec<u8>,
    /// Public key, counter and flags.
    pub credential: serde_json::Value,
    /// What its owner calls it.
    pub name: String,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// Adds a passkey; `false` when it is known already.
pub async fn insert(conn: &mut Connection, new: &StoredPasskey) -> Result<bool, DbError> {
    let added = diesel::insert_into(passkey::table)
        .values(new)
        .on_conflict(passkey::credential_id)
        .do_nothing()
        .execute(conn)
        .await?;
    Ok(added == 1)
}

/// A person's passkeys, the oldest first. Nobody has many.
pub async fn of_person(conn: &mut Connection, person: Uuid) -> Result<Vec<StoredPasskey>, DbError> {
    Ok(passkey::table
        .filter(passkey::person_id.eq(person))
        .order((passkey::created_at, passkey::id))
        .select(StoredPasskey::as_select())
        .load(conn)
        .await?)
}

/// Finds a passkey in order to use it; who uses it at the same time waits.
pub async fn lock(conn: &mut Connection, credential_id: &[u8]) -> Result<Option<StoredPasskey>, DbError> {
    Ok(passkey::table
        .filter(passkey::credential_id.eq(credential_id))
        .select(StoredPasskey::as_select())
        .for_no_key_update()
        .first(conn)
        .await
        .optional()?)
}

/// Notes that it was used, and what its counter is now.
pub async fn mark_used(
    conn: &mut Connection,
    id: Uuid,
    credential: &serde_json::Value,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::update(passkey::table.find(id))
        .set((passkey::credential.eq(credential), passkey::last_used_at.eq(now)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Removes one of a person's passkeys; `false` when it is not theirs.
pub async fn remove(conn: &mut Connection, person: Uuid, id: Uuid) -> Result<bool, DbError> {
    let own = passkey::table.find(id).filter(passkey::person_id.eq(person));
    Ok(diesel::delete(own).execute(conn).await? == 1)
}
