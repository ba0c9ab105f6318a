//! What a delivery's mail says: read when it is about to be sent.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError};
use serde_json::Value;
use uuid::Uuid;

use super::deliveries::Purpose;
use super::schema::{account_mail, invitation_mail};

/// One change that a mail tells of.
#[derive(Clone, Debug, QueryableByName)]
pub struct ChangeRow {
    /// What was done.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// Why the recipient is told.
    #[diesel(sql_type = Text)]
    pub reason: String,
    /// The board.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub board_id: Option<Uuid>,
    /// The board's name.
    #[diesel(sql_type = Nullable<Text>)]
    pub board_name: Option<String>,
    /// The task's title after the change.
    #[diesel(sql_type = Text)]
    pub title: String,
    /// Who did it.
    #[diesel(sql_type = Nullable<Text>)]
    pub actor_name: Option<String>,
    /// Values before and after.
    #[diesel(sql_type = Jsonb)]
    pub fields: Value,
    /// When it was done.
    #[diesel(sql_type = Timestamptz)]
    pub occurred_at: DateTime<Utc>,
}

/// An invitation's mail.
#[derive(Clone, Debug, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = invitation_mail)]
pub struct InvitationRow {
    /// The delivery that carries it; its id is that of the event that asked for it, so that an event
    /// makes one delivery however often it comes.
    pub delivery_id: Uuid,
    /// The invitation, by which the link is fetched.
    pub invitation_id: Uuid,
    /// Whom to write to.
    pub email: String,
    /// `ko` or `en`.
    pub language: String,
    /// The workspace's name.
    pub workspace_name: String,
    /// Who invites.
    pub invited_by: String,
}

/// What a mail about an account says.
#[derive(Clone, Debug, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = account_mail)]
pub struct AccountRow {
    /// The delivery that carries it; its id is that of the event that asked for it, so that an event
    /// makes one delivery however often it comes.
    pub delivery_id: Uuid,
    /// The word of an [`AccountKind`](crate::domain::account::AccountKind).
    pub kind: String,
    /// By which the link is fetched; none for a security notice.
    pub link_id: Option<Uuid>,
    /// What a security notice tells of.
    pub notice: Option<String>,
    /// Whom to write to.
    pub email: String,
    /// `ko` or `en`.
    pub language: String,
    /// The person's name.
    pub name: String,
    /// The IANA zone in which a security notice tells the moment.
    pub time_zone: Option<String>,
    /// From which device, if known.
    pub device: Option<String>,
    /// From which network, if known.
    pub place: Option<String>,
    /// When it was asked for, which for a security notice is when it happened.
    pub occurred_at: DateTime<Utc>,
}

/// The changes a delivery carries, oldest first.
pub async fn changes(conn: &mut Connection, delivery: Uuid) -> Result<Vec<ChangeRow>, DbError> {
    let rows = diesel::sql_query(
        "SELECT notification.kind, notification.reason, notification.board_id, notification.board_name,
             notification.title, notification.actor_name, notification.fields, notification.occurred_at
         FROM carried JOIN notification ON notification.id = carried.notification_id
         WHERE carried.delivery_id = $1
         ORDER BY notification.id",
    )
    .bind::<SqlUuid, _>(delivery)
    .load(conn)
    .await?;
    Ok(rows)
}

/// The invitation a delivery carries.
pub async fn invitation(conn: &mut Connection, delivery: Uuid) -> Result<Option<InvitationRow>, DbError> {
    let row = invitation_mail::table
        .find(delivery)
        .select(InvitationRow::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(row)
}

/// The mail about an account that a delivery carries.
pub async fn account(conn: &mut Connection, delivery: Uuid) -> Result<Option<AccountRow>, DbError> {
    let row = account_mail::table
        .find(delivery)
        .select(AccountRow::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(row)
}

/// Makes the delivery of an invitation, due at once; a second time changes nothing.
pub async fn invite(conn: &mut Connection, workspace: Uuid, row: &InvitationRow) -> Result<(), DbError> {
    deliver(conn, row.delivery_id, Purpose::Invitation, workspace).await?;
    diesel::insert_into(invitation_mail::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(())
}

/// Makes the delivery of a mail about an account, due at once; a second time changes nothing.
pub async fn write_to_account(
    conn: &mut Connection,
    workspace: Uuid,
    row: &AccountRow,
) -> Result<(), DbError> {
    deliver(conn, row.delivery_id, Purpose::Account, workspace).await?;
    diesel::insert_into(account_mail::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(())
}

async fn deliver(conn: &mut Connection, id: Uuid, purpose: Purpose, workspace: Uuid) -> Result<(), DbError> {
    diesel::sql_query(
        "INSERT INTO delivery (id, purpose, workspace_id, due_at) VALUES ($1, $2, $3, now())
         ON CONFLICT (id) DO NOTHING",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(purpose.as_str())
    .bind::<SqlUuid, _>(workspace)
    .execute(conn)
    .await?;
    Ok(())
}
