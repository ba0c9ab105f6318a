//! The copy of the people.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::schema::person;
use crate::domain::planning::{People, Person, Wish, is_nobodys};

/// A row of the copy.
#[derive(Clone, Debug, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = person)]
pub struct PersonRow {
    /// The workspace that knows them.
    pub workspace_id: Uuid,
    /// Their id.
    pub person_id: Uuid,
    /// The name to show.
    pub name: String,
    /// Where to write to; empty once they have left.
    pub email: String,
    /// `ko` or `en`.
    pub language: String,
    /// An IANA time zone.
    pub time_zone: String,
    /// Their role's word.
    pub role: String,
    /// Tokens of an older epoch do not count.
    pub epoch: i64,
    /// Whether they have left the workspace.
    pub removed: bool,
    /// The version of their stream that this row shows.
    pub version: i64,
}

/// Writes the whole person, unless the copy is newer already.
pub async fn upsert(conn: &mut Connection, row: &PersonRow) -> Result<(), DbError> {
    use diesel::query_dsl::methods::FilterDsl as _;
    diesel::insert_into(person::table)
        .values(row)
        .on_conflict((person::workspace_id, person::person_id))
        .do_update()
        .set((
            person::name.eq(excluded(person::name)),
            person::email.eq(excluded(person::email)),
            person::language.eq(excluded(person::language)),
            person::time_zone.eq(excluded(person::time_zone)),
            person::role.eq(excluded(person::role)),
            person::epoch.eq(excluded(person::epoch)),
            person::removed.eq(excluded(person::removed)),
            person::version.eq(excluded(person::version)),
        ))
        .filter(person::version.lt(excluded(person::version)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that somebody has left, where the event says no more than that.
pub async fn mark_removed(
    conn: &mut Connection,
    workspace: Uuid,
    id: Uuid,
    version: i64,
) -> Result<(), DbError> {
    diesel::update(person::table.find((workspace, id)))
        .filter(person::version.lt(version))
        .set((
            person::removed.eq(true),
            person::email.eq(""),
            person::version.eq(version),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// One person.
pub async fn find(conn: &mut Connection, workspace: Uuid, id: Uuid) -> Result<Option<PersonRow>, DbError> {
    let row = person::table
        .find((workspace, id))
        .select(PersonRow::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(row)
}

/// The names of some people of a workspace, of those who have left too.
pub async fn names(
    conn: &mut Connection,
    workspace: Uuid,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, String>, DbError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String)> = person::table
        .filter(person::workspace_id.eq(workspace))
        .filter(person::person_id.eq_any(ids))
        .select((person::person_id, person::name))
        .load(conn)
        .await?;
    Ok(rows.into_iter().collect())
}

#[derive(QueryableByName)]
struct WishRow {
    #[diesel(sql_type = sql_types::Uuid)]
    workspace_id: Uuid,
    #[diesel(sql_type = sql_types::Uuid)]
    person_id: Uuid,
    #[diesel(sql_type = sql_types::Bool)]
    removed: bool,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    mail: Option<String>,
    #[diesel(sql_type = sql_types::Text)]
    email: String,
}

/// What the planner needs to know of the given people, by workspace.
pub async fn for_planning(
    conn: &mut Connection,
    workspaces: &[Uuid],
    ids: &[Uuid],
) -> Result<HashMap<Uuid, People>, DbError> {
    let rows: Vec<WishRow> = diesel::sql_query(
        "SELECT person.workspace_id, person.person_id, person.removed, person.email, preference.mail
         FROM person LEFT JOIN preference USING (workspace_id, person_id)
         WHERE person.workspace_id = ANY($1) AND person.person_id = ANY($2)",
    )
    .bind::<sql_types::Array<sql_types::Uuid>, _>(workspaces)
    .bind::<sql_types::Array<sql_types::Uuid>, _>(ids)
    .load(conn)
    .await?;
    let mut found: HashMap<Uuid, People> = HashMap::new();
    for row in rows {
        let wish = row.mail.as_deref().and_then(Wish::from_word).unwrap_or_default();
        let person = Person {
            workspace: row.workspace_id,
            removed: row.removed || is_nobodys(&row.email),
            wish,
        };
        found
            .entry(row.workspace_id)
            .or_default()
            .insert(row.person_id, person);
    }
    Ok(found)
}
