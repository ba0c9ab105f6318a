//! The mails of the channel `mailbox`, which keeps them instead of sending them.

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::schema::{mail, person};

/// A mail about to be kept.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = mail)]
pub struct NewMail {
    /// The delivery's id.
    pub id: Uuid,
    /// The workspace.
    pub workspace_id: Uuid,
    /// `change`, `invitation` or `account`.
    pub purpose: &'static str,
    /// The member it is for; none for an invitation and for a mail about an account.
    pub recipient_id: Option<Uuid>,
    /// Where it would have gone.
    pub address: String,
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub body_text: String,
    /// The HTML.
    pub body_html: String,
}

/// A line of the mailbox.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = mail)]
pub struct MailLine {
    /// Its id.
    pub id: Uuid,
    /// Where it would have gone.
    pub address: String,
    /// The subject.
    pub subject: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// A whole mail.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = mail)]
pub struct MailRow {
    /// Its id.
    pub id: Uuid,
    /// Where it would have gone.
    pub address: String,
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub body_text: String,
    /// The HTML.
    pub body_html: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// Which mails of a workspace somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// All, with the links of invitations and of mails about accounts too.
    Everything,
    /// All that are about changes, and what was written to this person.
    Changes(Uuid),
    /// The ones written to this person.
    Own(Uuid),
}

/// Keeps a mail; a second time changes nothing.
pub async fn keep(conn: &mut Connection, row: &NewMail) -> Result<(), DbError> {
    diesel::insert_into(mail::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(())
}

type Filter = Box<dyn BoxableExpression<mail::table, diesel::pg::Pg, SqlType = diesel::sql_types::Bool>>;

fn visible(workspace: Uuid, sight: Sight) -> Filter {
    let here = mail::workspace_id.eq(workspace);
    match sight {
        Sight::Everything => Box::new(here),
        Sight::Changes(person) => Box::new(here.and(mail::purpose.eq("change").or(about_account_of(person)))),
        // A null recipient compares to nothing: an invitation is nobody's own.
        Sight::Own(person) => Box::new(
            here.and(
                mail::recipient_id
                    .is_not_distinct_from(Some(person))
                    .or(about_account_of(person)),
            ),
        ),
    }
}

/// A mail about an account names no member, because it was asked for with an address. It is the person's own if
/// that is the address that the workspace knows them by.
fn about_account_of(id: Uuid) -> Filter {
    let person = person::table
        .filter(person::workspace_id.eq(mail::workspace_id))
        .filter(person::person_id.eq(id))
        .filter(person::email.eq(mail::address));
    Box::new(mail::purpose.eq("account").and(exists(person)))
}

/// A page of the mailbox, newest first, of what is older than `before`.
pub async fn page(
    conn: &mut Connection,
    workspace: Uuid,
    sight: Sight,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<MailLine>, DbError> {
    let mut query = mail::table
        .filter(visible(workspace, sight))
        .select(MailLine::as_select())
        .order(mail::id.desc())
        .limit(limit)
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(mail::id.lt(before));
    }
    Ok(query.load(conn).await?)
}

/// One mail, if it may be seen.
pub async fn find(
    conn: &mut Connection,
    workspace: Uuid,
    sight: Sight,
    id: Uuid,
) -> Result<Option<MailRow>, DbError> {
    let row = mail::table
        .filter(visible(workspace, sight))
        .filter(mail::id.eq(id))
        .select(MailRow::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(row)
}
