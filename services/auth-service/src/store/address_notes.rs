//! What was done at addresses by people who are not signed in, until it is settled.

use chrono::{DateTime, Utc};
use diesel::{QueryDsl, prelude::*};
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::schema::address_note;

/// Somebody wants a new password.
pub const RESET: &str = "reset";
/// Somebody wants to sign up.
pub const SIGN_UP: &str = "sign_up";
/// Somebody gave a wrong password.
pub const REFUSED: &str = "refused";

/// A note about an address; nobody has looked yet whether it has an account.
#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = address_note, check_for_backend(diesel::pg::Pg))]
pub struct AddressNote {
    /// Its id.
    pub id: Uuid,
    /// [`RESET`], [`SIGN_UP`] or [`REFUSED`].
    pub kind: String,
    /// The address.
    pub email: String,
    /// On which device.
    pub device: String,
    /// From which network.
    pub place: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// `ko` or `en`: which language was on the page.
    pub language: String,
}

/// Adds a note.
pub async fn insert(conn: &mut Connection, new: &AddressNote) -> Result<(), DbError> {
    diesel::insert_into(address_note::table)
        .values(new)
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes notes to settle them in this transaction, oldest first; those that another replica has taken are left.
pub async fn take(conn: &mut Connection, limit: i64) -> Result<Vec<AddressNote>, DbError> {
    let taken: Vec<AddressNote> = address_note::table
        .order(address_note::id)
        .limit(limit)
        .select(AddressNote::as_select())
        .for_update()
        .skip_locked()
        .load(conn)
        .await?;
    let ids: Vec<Uuid> = taken.iter().map(|note| note.id).collect();
    diesel::delete(address_note::table.filter(address_note::id.eq_any(ids)))
        .execute(conn)
        .await?;
    Ok(taken)
}
