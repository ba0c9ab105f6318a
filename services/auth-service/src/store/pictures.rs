//! Pictures of people, and those that are still to be fetched.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{
    OptionalExtension, QueryDsl,
    prelude::*,
    sql_types::{BigInt, Integer, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError, statement};
use uuid::Uuid;

use super::schema::{membership, person, picture};
use crate::domain::picture::Picture;

/// A picture that was fetched longer ago is fetched again when its person signs in: it may be another one by now.
const AGED: TimeDelta = TimeDelta::days(1);

/// A picture as it is sent.
#[derive(Debug, Queryable)]
pub struct Stored {
    /// What tells it from others.
    pub version: Option<String>,
    /// How it is to be read.
    pub media_type: Option<String>,
    /// The picture.
    pub bytes: Option<Vec<u8>>,
}

/// A picture that is to be fetched.
#[derive(Debug, Clone, QueryableByName)]
pub struct Due {
    /// Whose it is.
    #[diesel(sql_type = SqlUuid)]
    pub person_id: Uuid,
    /// Who says so.
    #[diesel(sql_type = Text)]
    pub issuer: String,
    /// Where it is.
    #[diesel(sql_type = Text)]
    pub url: String,
    /// How often it was tried, this time included.
    #[diesel(sql_type = Integer)]
    pub tries: i32,
}

/// The picture of a member of a workspace.
pub async fn of_member(conn: &mut Connection, workspace: Uuid, who: Uuid) -> Result<Option<Stored>, DbError> {
    let here = membership::table
        .filter(membership::workspace_id.eq(workspace))
        .filter(membership::person_id.eq(who))
        .filter(membership::removed_at.is_null());
    Ok(person::table
        .inner_join(picture::table)
        .filter(person::id.eq(who))
        .filter(diesel::dsl::exists(here))
        .select((person::picture, picture::media_type, picture::bytes))
        .first(conn)
        .await
        .optional()?)
}

/// Notes where a provider says that somebody's picture is, unless they have chosen.
pub async fn want(
    conn: &mut Connection,
    who: Uuid,
    issuer: &str,
    url: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    statement(
        "INSERT INTO picture AS known (person_id, chosen, issuer, url, due_at) VALUES (?, false, ?, ?, ?)
         ON CONFLICT (person_id) DO UPDATE
         SET issuer = excluded.issuer, url = excluded.url, due_at = excluded.due_at, tries = 0
         WHERE NOT known.chosen
           AND (known.url IS DISTINCT FROM excluded.url OR known.fetched_at < ?)",
    )
    .bind::<SqlUuid, _>(who)
    .bind::<Text, _>(issuer)
    .bind::<Text, _>(url)
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(now - AGED)
    .run(conn)
    .await?;
    Ok(())
}

/// Takes some that are due. Nobody else takes them before `until`; whoever does not come back by then has failed.
pub async fn take(
    conn: &mut Connection,
    limit: i64,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<Due>, DbError> {
    statement(
        "UPDATE picture SET due_at = ?, tries = tries + 1
         WHERE person_id IN (SELECT person_id FROM picture WHERE due_at <= ? ORDER BY due_at LIMIT ?
                             FOR UPDATE SKIP LOCKED)
         RETURNING person_id, issuer, url, tries",
    )
    .bind::<Timestamptz, _>(until)
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(limit)
    .all(conn)
    .await
}

/// Notes that one could not be fetched, and when to try again, if at all.
pub async fn fail(conn: &mut Connection, due: &Due, again: Option<DateTime<Utc>>) -> Result<(), DbError> {
    let same = picture::table
        .find(due.person_id)
        .filter(picture::url.eq(&due.url));
    diesel::update(same)
        .set(picture::due_at.eq(again))
        .execute(conn)
        .await?;
    Ok(())
}

/// Stores what was fetched; false where it is no longer wanted. The person must be locked.
pub async fn keep(
    conn: &mut Connection,
    due: &Due,
    fetched: &Picture,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let same = picture::table
        .find(due.person_id)
        .filter(picture::url.eq(&due.url))
        .filter(picture::chosen.eq(false));
    let kept = diesel::update(same)
        .set((
            picture::media_type.eq(fetched.media_type()),
            picture::bytes.eq(fetched.bytes()),
            picture::due_at.eq(None::<DateTime<Utc>>),
            picture::tries.eq(0),
            picture::fetched_at.eq(now),
        ))
        .execute(conn)
        .await?;
    Ok(kept == 1)
}

/// Stores what the person chose: a picture, or none. No provider's takes its place. The person must be locked.
pub async fn choose(conn: &mut Connection, who: Uuid, chosen: Option<&Picture>) -> Result<(), DbError> {
    let content = (
        picture::chosen.eq(true),
        picture::media_type.eq(chosen.map(Picture::media_type)),
        picture::bytes.eq(chosen.map(Picture::bytes)),
    );
    diesel::insert_into(picture::table)
        .values((picture::person_id.eq(who), content))
        .on_conflict(picture::person_id)
        .do_update()
        .set((
            content,
            picture::issuer.eq(None::<String>),
            picture::url.eq(None::<String>),
            picture::due_at.eq(None::<DateTime<Utc>>),
            picture::tries.eq(0),
            picture::fetched_at.eq(None::<DateTime<Utc>>),
        ))
        .execute(conn)
        .await?;
    Ok(())
}
