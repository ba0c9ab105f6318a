//! People and their passwords.

use chrono::{DateTime, Utc};
use diesel::{OptionalExtension, QueryDsl, prelude::*};
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::schema::{password_credential, person};

/// A person to be added, or as stored.
#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = person, check_for_backend(diesel::pg::Pg))]
pub struct Person {
    /// Their id.
    pub id: Uuid,
    /// Normal form of their address.
    pub email: String,
    /// Display name.
    pub name: String,
    /// `ko` or `en`.
    pub language: String,
    /// IANA name.
    pub time_zone: String,
    /// When they signed up.
    pub created_at: DateTime<Utc>,
    /// When they showed that the address is theirs.
    pub email_verified_at: Option<DateTime<Utc>>,
}

/// Who an address belongs to, and what their password is checked against.
#[derive(Debug, Queryable)]
pub struct Credentials {
    /// The person.
    pub person: Uuid,
    /// PHC string; absent where they have no password.
    pub hash: Option<String>,
}

/// Changes to a profile; what is `None` stays.
#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = person)]
pub struct Edits {
    /// New display name.
    pub name: Option<String>,
    /// New language.
    pub language: Option<String>,
    /// New time zone.
    pub time_zone: Option<String>,
}

/// Adds a person; `false` when the address is taken.
pub async fn insert(conn: &mut Connection, new: &Person) -> Result<bool, DbError> {
    let added = diesel::insert_into(person::table)
        .values(new)
        .on_conflict(person::email)
        .do_nothing()
        .execute(conn)
        .await?;
    Ok(added == 1)
}

/// Finds by address.
pub async fn credentials(conn: &mut Connection, email: &str) -> Result<Option<Credentials>, DbError> {
    Ok(person::table
        .left_join(password_credential::table)
        .filter(person::email.eq(email))
        // A service account has an address only because every member has one.
        .filter(person::kind.eq("person"))
        .select((person::id, password_credential::hash.nullable()))
        .first(conn)
        .await
        .optional()?)
}

/// Reads a person and keeps their profile from changing until the transaction ends.
pub async fn share(conn: &mut Connection, id: Uuid) -> Result<Option<Person>, DbError> {
    Ok(person::table
        .find(id)
        .select(Person::as_select())
        .for_share()
        .first(conn)
        .await
        .optional()?)
}

/// Reads a person in order to change them.
pub async fn lock(conn: &mut Connection, id: Uuid) -> Result<Option<Person>, DbError> {
    Ok(person::table
        .find(id)
        .select(Person::as_select())
        .for_no_key_update()
        .first(conn)
        .await
        .optional()?)
}

/// Changes a profile. `edits` must change something.
pub async fn edit(conn: &mut Connection, id: Uuid, edits: &Edits) -> Result<(), DbError> {
    diesel::update(person::table.find(id))
        .set(edits)
        .execute(conn)
        .await?;
    Ok(())
}

/// What tells a person's picture from others; none where they have none.
pub async fn picture(conn: &mut Connection, id: Uuid) -> Result<Option<String>, DbError> {
    let known: Option<Option<String>> = person::table
        .find(id)
        .select(person::picture)
        .first(conn)
        .await
        .optional()?;
    Ok(known.flatten())
}

/// Changes which picture a person has.
pub async fn set_picture(conn: &mut Connection, id: Uuid, version: Option<&str>) -> Result<(), DbError> {
    diesel::update(person::table.find(id))
        .set(person::picture.eq(version))
        .execute(conn)
        .await?;
    Ok(())
}

/// Replaces a hash by one of the same password with newer parameters, unless the password was changed meanwhile.
pub async fn renew_hash(conn: &mut Connection, id: Uuid, old: &str, new: &str) -> Result<(), DbError> {
    diesel::update(
        password_credential::table
            .find(id)
            .filter(password_credential::hash.eq(old)),
    )
    .set(password_credential::hash.eq(new))
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether a person can sign in by a password.
pub async fn has_password(conn: &mut Connection, id: Uuid) -> Result<bool, DbError> {
    let credential = password_credential::table.find(id);
    Ok(diesel::select(diesel::dsl::exists(credential))
        .get_result(conn)
        .await?)
}

/// A person's address.
pub async fn email(conn: &mut Connection, id: Uuid) -> Result<Option<String>, DbError> {
    Ok(person::table
        .find(id)
        .select(person::email)
        .first(conn)
        .await
        .optional()?)
}

/// What a password of this person had better not be: their address and name.
pub async fn about(conn: &mut Connection, id: Uuid) -> Result<Vec<String>, DbError> {
    let known: Option<(String, String)> = person::table
        .find(id)
        .select((person::email, person::name))
        .first(conn)
        .await
        .optional()?;
    Ok(known.map(|(email, name)| vec![email, name]).unwrap_or_default())
}

/// Stores a new password's hash, the first one or another.
pub async fn set_password(
    conn: &mut Connection,
    id: Uuid,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::insert_into(password_credential::table)
        .values((
            password_credential::person_id.eq(id),
            password_credential::hash.eq(hash),
            password_credential::changed_at.eq(now),
        ))
        .on_conflict(password_credential::person_id)
        .do_update()
        .set((
            password_credential::hash.eq(hash),
            password_credential::changed_at.eq(now),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that the address is the person's, unless that is known.
pub async fn verify_email(conn: &mut Connection, id: Uuid, now: DateTime<Utc>) -> Result<(), DbError> {
    let unverified = person::table.find(id).filter(person::email_verified_at.is_null());
    diesel::update(unverified)
        .set(person::email_verified_at.eq(now))
        .execute(conn)
        .await?;
    Ok(())
}
