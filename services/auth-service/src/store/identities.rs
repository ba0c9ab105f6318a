//! Who signs in by which identity provider.

use chrono::{DateTime, Utc};
use diesel::{OptionalExtension, QueryDsl, prelude::*};
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::schema::external_identity;

/// An identity as stored.
#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = external_identity, check_for_backend(diesel::pg::Pg))]
pub struct Identity {
    /// Its id here.
    pub id: Uuid,
    /// Whose it is.
    pub person_id: Uuid,
    /// Who vouches for it.
    pub issuer: String,
    /// Who it is there.
    pub subject: String,
    /// The address that the provider knows.
    pub email: Option<String>,
    /// The name that the provider knows.
    pub name: Option<String>,
    /// Where the picture is.
    pub picture: Option<String>,
    /// When it was linked.
    pub linked_at: DateTime<Utc>,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// What a provider said last.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = external_identity, treat_none_as_null = true)]
pub struct Seen {
    /// The address.
    pub email: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The picture.
    pub picture: Option<String>,
    /// When.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// Adds an identity; `false` when somebody has it.
pub async fn insert(conn: &mut Connection, new: &Identity) -> Result<bool, DbError> {
    let added = diesel::insert_into(external_identity::table)
        .values(new)
        .on_conflict((external_identity::issuer, external_identity::subject))
        .do_nothing()
        .execute(conn)
        .await?;
    Ok(added == 1)
}

/// Finds and locks an identity.
pub async fn lock(conn: &mut Connection, issuer: &str, subject: &str) -> Result<Option<Identity>, DbError> {
    Ok(external_identity::table
        .filter(external_identity::issuer.eq(issuer))
        .filter(external_identity::subject.eq(subject))
        .select(Identity::as_select())
        .for_no_key_update()
        .first(conn)
        .await
        .optional()?)
}

/// Notes what the provider said.
pub async fn see(conn: &mut Connection, id: Uuid, seen: &Seen) -> Result<(), DbError> {
    diesel::update(external_identity::table.find(id))
        .set(seen)
        .execute(conn)
        .await?;
    Ok(())
}

/// A person's identities, the oldest first; nobody has many.
pub async fn of_person(conn: &mut Connection, person: Uuid) -> Result<Vec<Identity>, DbError> {
    Ok(external_identity::table
        .filter(external_identity::person_id.eq(person))
        .order((external_identity::linked_at, external_identity::id))
        .select(Identity::as_select())
        .load(conn)
        .await?)
}

/// Removes one of a person's identities; `false` when it is not theirs.
pub async fn remove(conn: &mut Connection, person: Uuid, id: Uuid) -> Result<bool, DbError> {
    let own = external_identity::table
        .find(id)
        .filter(external_identity::person_id.eq(person));
    Ok(diesel::delete(own).execute(conn).await? == 1)
}
