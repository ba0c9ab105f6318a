//! Authenticator apps, recovery codes, and the tickets of sign-ins that await one of them.

use chrono::{DateTime, Utc};
use diesel::{OptionalExtension, QueryDsl, dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::{
    origins::Origin,
    schema::{passkey, recovery_code, sign_in_ticket, totp},
};
use crate::domain::second_factor::Means;

/// An authenticator app as stored.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = totp, check_for_backend(diesel::pg::Pg))]
pub struct Totp {
    /// The secret, sealed.
    pub sealed_secret: Vec<u8>,
    /// When its first code was confirmed; before that it does not count.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// A person's app, confirmed or not.
pub async fn totp(conn: &mut Connection, person: Uuid) -> Result<Option<Totp>, DbError> {
    Ok(totp::table
        .find(person)
        .select(Totp::as_select())
        .first(conn)
        .await
        .optional()?)
}

/// Which second factors the person has.
pub async fn means(conn: &mut Connection, person: Uuid) -> Result<Means, DbError> {
    let app = totp::table.find(person).filter(totp::confirmed_at.is_not_null());
    let (app, passkey, recovery_code) = diesel::select((
        exists(app),
        exists(passkey::table.filter(passkey::person_id.eq(person))),
        exists(unused_codes(person)),
    ))
    .get_result(conn)
    .await?;
    Ok(Means {
        app,
        passkey,
        recovery_code,
    })
}

#[diesel::dsl::auto_type(no_type_alias)]
fn unused_codes(person: Uuid) -> _ {
    recovery_code::table
        .filter(recovery_code::person_id.eq(person))
        .filter(recovery_code::used_at.is_null())
}

/// Since when the person's app counts; none where there is no such app.
pub async fn app_since(conn: &mut Connection, person: Uuid) -> Result<Option<DateTime<Utc>>, DbError> {
    Ok(totp(conn, person).await?.and_then(|totp| totp.confirmed_at))
}

/// Whether the person has any second factor that counts. Whoever adds another kind of factor adds it here.
pub async fn has_any(conn: &mut Connection, person: Uuid) -> Result<bool, DbError> {
    Ok(means(conn, person).await?.any())
}

/// Stores a secret that awaits its first code, in place of one that awaits it too. `false` when one counts already.
pub async fn propose(
    conn: &mut Connection,
    person: Uuid,
    sealed_secret: &[u8],
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    diesel::delete(totp::table.find(person).filter(totp::confirmed_at.is_null()))
        .execute(conn)
        .await?;
    let added = diesel::insert_into(totp::table)
        .values((
            totp::person_id.eq(person),
            totp::sealed_secret.eq(sealed_secret),
            totp::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(added == 1)
}

/// From now on the app counts. `false` when it did already.
pub async fn confirm(conn: &mut Connection, person: Uuid, now: DateTime<Utc>) -> Result<bool, DbError> {
    let waiting = totp::table.find(person).filter(totp::confirmed_at.is_null());
    let confirmed = diesel::update(waiting)
        .set(totp::confirmed_at.eq(now))
        .execute(conn)
        .await?;
    Ok(confirmed == 1)
}

/// Uses up a time step. `false` when this one or a later one was used before: of two that race, one wins.
pub async fn use_step(conn: &mut Connection, person: Uuid, step: i64) -> Result<bool, DbError> {
    let unused = totp::table.find(person).filter(totp::last_step.lt(step));
    let used = diesel::update(unused)
        .set(totp::last_step.eq(step))
        .execute(conn)
        .await?;
    Ok(used == 1)
}

/// Forgets the app. `false` when there was none that counted.
pub async fn remove_app(conn: &mut Connection, person: Uuid) -> Result<bool, DbError> {
    let confirmed = totp::table.find(person).filter(totp::confirmed_at.is_not_null());
    Ok(diesel::delete(confirmed).execute(conn).await? == 1)
}

/// Forgets the recovery codes.
pub async fn remove_codes(conn: &mut Connection, person: Uuid) -> Result<(), DbError> {
    diesel::delete(recovery_code::table.filter(recovery_code::person_id.eq(person)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Puts these recovery codes in the place of those before.
pub async fn replace_codes(conn: &mut Connection, person: Uuid, hashes: &[Vec<u8>]) -> Result<(), DbError> {
    remove_codes(conn, person).await?;
    let rows: Vec<_> = hashes
        .iter()
        .map(|hash| {
            (
                recovery_code::person_id.eq(person),
                recovery_code::code_hash.eq(hash),
            )
        })
        .collect();
    diesel::insert_into(recovery_code::table)
        .values(rows)
        .execute(conn)
        .await?;
    Ok(())
}

/// Uses up a recovery code. `false` when there is none such, or it was used before.
pub async fn use_code(
    conn: &mut Connection,
    person: Uuid,
    hash: &[u8],
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let unused = recovery_code::table
        .find((person, hash))
        .filter(recovery_code::used_at.is_null());
    let used = diesel::update(unused)
        .set(recovery_code::used_at.eq(now))
        .execute(conn)
        .await?;
    Ok(used == 1)
}

/// How many recovery codes are left.
pub async fn codes_left(conn: &mut Connection, person: Uuid) -> Result<i64, DbError> {
    Ok(unused_codes(person).count().get_result(conn).await?)
}

/// A sign-in that awaits its second factor.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = sign_in_ticket, check_for_backend(diesel::pg::Pg))]
pub struct Ticket {
    /// Who gave the right password.
    pub person_id: Uuid,
    /// Codes that were tried.
    pub tries: i32,
    /// When it is too late.
    pub expires_at: DateTime<Utc>,
    /// The identity provider that vouched first, if it was one.
    pub issuer: Option<String>,
    /// Its session, where it names it.
    pub issuer_session: Option<String>,
}

impl Ticket {
    /// Where a session comes from that is opened with it.
    pub fn origin(self) -> Option<Origin> {
        let session = self.issuer_session;
        self.issuer.map(|issuer| Origin { issuer, session })
    }
}

/// Adds a ticket.
pub async fn insert_ticket(
    conn: &mut Connection,
    hash: &[u8],
    person: Uuid,
    expires_at: DateTime<Utc>,
    origin: Option<&Origin>,
) -> Result<(), DbError> {
    diesel::insert_into(sign_in_ticket::table)
        .values((
            sign_in_ticket::ticket_hash.eq(hash),
            sign_in_ticket::person_id.eq(person),
            sign_in_ticket::expires_at.eq(expires_at),
            sign_in_ticket::issuer.eq(origin.map(|origin| origin.issuer.as_str())),
            sign_in_ticket::issuer_session.eq(origin.and_then(|origin| origin.session.as_deref())),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Reads a ticket without counting a try.
pub async fn ticket(conn: &mut Connection, hash: &[u8]) -> Result<Option<Ticket>, DbError> {
    Ok(sign_in_ticket::table
        .find(hash)
        .select(Ticket::as_select())
        .first(conn)
        .await
        .optional()?)
}

/// Reads a ticket and counts a try; who comes at the same time waits.
pub async fn try_ticket(conn: &mut Connection, hash: &[u8]) -> Result<Option<Ticket>, DbError> {
    Ok(diesel::update(sign_in_ticket::table.find(hash))
        .set(sign_in_ticket::tries.eq(sign_in_ticket::tries + 1))
        .returning(Ticket::as_returning())
        .get_result(conn)
        .await
        .optional()?)
}

/// Takes a ticket away: it was used.
pub async fn delete_ticket(conn: &mut Connection, hash: &[u8]) -> Result<(), DbError> {
    diesel::delete(sign_in_ticket::table.find(hash))
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets tickets whose time is over.
pub async fn purge_tickets(conn: &mut Connection, before: DateTime<Utc>) -> Result<usize, DbError> {
    Ok(
        diesel::delete(sign_in_ticket::table.filter(sign_in_ticket::expires_at.lt(before)))
            .execute(conn)
            .await?,
    )
}
