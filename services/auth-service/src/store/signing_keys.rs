//! The keys that sign access tokens, sealed.

use chrono::{DateTime, Utc};
use diesel::{QueryDsl, prelude::*};
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError};

use super::schema::signing_key;
use crate::keys::NewKey;

/// Any number that no other lock uses by accident.
const KEYS_LOCK: i64 = 0x6F6E_7573_6B65_7973;

/// A stored key.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = signing_key, check_for_backend(diesel::pg::Pg))]
pub struct StoredKey {
    /// Its id.
    pub kid: String,
    /// Public modulus.
    pub modulus: Vec<u8>,
    /// Public exponent.
    pub exponent: Vec<u8>,
    /// The sealed private half.
    pub sealed_private: Vec<u8>,
    /// From when on it signs.
    pub signs_from: DateTime<Utc>,
}

/// Every key that is not retired, newest first.
pub async fn all(conn: &mut Connection) -> Result<Vec<StoredKey>, DbError> {
    Ok(signing_key::table
        .filter(signing_key::retired_at.is_null())
        .order((signing_key::signs_from.desc(), signing_key::kid))
        .select(StoredKey::as_select())
        .load(conn)
        .await?)
}

/// Keeps others from making or retiring a key until the transaction ends.
pub async fn lock(conn: &mut Connection) -> Result<(), DbError> {
    diesel::sql_query("select pg_advisory_xact_lock($1)")
        .bind::<diesel::sql_types::BigInt, _>(KEYS_LOCK)
        .execute(conn)
        .await?;
    Ok(())
}

/// Adds a key.
pub async fn insert(
    conn: &mut Connection,
    key: &NewKey,
    now: DateTime<Utc>,
    signs_from: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::insert_into(signing_key::table)
        .values((
            signing_key::kid.eq(&key.kid),
            signing_key::modulus.eq(&key.modulus),
            signing_key::exponent.eq(&key.exponent),
            signing_key::sealed_private.eq(&key.sealed_private),
            signing_key::created_at.eq(now),
            signing_key::signs_from.eq(signs_from),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes a key out of use.
pub async fn retire(conn: &mut Connection, kid: &str, now: DateTime<Utc>) -> Result<(), DbError> {
    diesel::update(signing_key::table.find(kid))
        .set(signing_key::retired_at.eq(now))
        .execute(conn)
        .await?;
    Ok(())
}
