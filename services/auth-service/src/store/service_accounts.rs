//! Service accounts: rows of `person` of their own kind, and where they belong.

use chrono::{DateTime, Utc};
use diesel::{QueryDsl, prelude::*};
use diesel_async::RunQueryDsl;
use policy::Role;
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::{
    role::StoredRole,
    schema::{membership, person, service_account},
};

/// A service account to be added.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Its id.
    pub id: Uuid,
    /// Where it belongs.
    pub workspace: Uuid,
    /// An address that mail never reaches.
    pub email: String,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// A service account that is still a member.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = service_account, check_for_backend(diesel::pg::Pg))]
pub struct Account {
    /// Its id.
    #[diesel(column_name = person_id)]
    pub id: Uuid,
    /// Its name.
    #[diesel(select_expression = person::name)]
    pub name: String,
    /// What it may do.
    #[diesel(select_expression = membership::role, deserialize_as = StoredRole)]
    pub role: Role,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// Adds a service account; its membership is added apart.
pub async fn insert(conn: &mut Connection, new: &NewAccount) -> Result<(), DbError> {
    diesel::insert_into(person::table)
        .values((
            person::id.eq(new.id),
            person::email.eq(&new.email),
            person::name.eq(&new.name),
            person::language.eq("en"),
            person::time_zone.eq("UTC"),
            person::created_at.eq(new.created_at),
            person::kind.eq("service"),
        ))
        .execute(conn)
        .await?;
    diesel::insert_into(service_account::table)
        .values((
            service_account::person_id.eq(new.id),
            service_account::workspace_id.eq(new.workspace),
            service_account::created_at.eq(new.created_at),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// A page of a workspace's present service accounts, in the order in which they were made.
pub async fn page(
    conn: &mut Connection,
    workspace: Uuid,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Account>, DbError> {
    let here = membership::person_id
        .eq(service_account::person_id)
        .and(membership::workspace_id.eq(service_account::workspace_id))
        .and(membership::removed_at.is_null());
    let mut rows = service_account::table
        .inner_join(person::table)
        .inner_join(membership::table.on(here))
        .filter(service_account::workspace_id.eq(workspace))
        .order((service_account::created_at, service_account::person_id))
        .limit(limit)
        .select(Account::as_select())
        .into_boxed();
    if let Some((created_at, id)) = after {
        let later = service_account::created_at.gt(created_at);
        let same_moment = service_account::created_at
            .eq(created_at)
            .and(service_account::person_id.gt(id));
        rows = rows.filter(later.or(same_moment));
    }
    Ok(rows.load(conn).await?)
}
