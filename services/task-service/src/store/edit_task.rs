//! The one statement that edits a task: lock, verdict, merge and write, with the values before.
//!
//! The row is locked first (`old`), so that the verdict on role, ownership and collisions is about exactly the
//! row that is written. A field is written only where it differs; its version follows the task's.

use auth_token::Caller;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::people::{may_be_in_charge, outdated, pic_roles};
use super::rows::{TaskRow, task_columns};
use crate::domain::edit::{Permission, TaskEdit};
use crate::domain::search::grams;
use postgres::{Statement, statement};

/// A task after an edit, and what it was before.
#[derive(Debug, QueryableByName)]
pub struct Edited {
    #[diesel(embed)]
    pub(crate) task: TaskRow,
    #[diesel(sql_type = Text)]
    pub(crate) board_name: String,
    #[diesel(sql_type = BigInt)]
    pub(crate) old_version: i64,
    #[diesel(sql_type = Text)]
    pub(crate) old_title: String,
    #[diesel(sql_type = Text)]
    pub(crate) old_description: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(crate) old_pic_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(crate) old_deadline: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) old_deadline_zone: Option<String>,
    #[diesel(sql_type = Text)]
    pub(crate) old_priority: String,
    #[diesel(sql_type = Array<Text>)]
    pub(crate) old_labels: Vec<String>,
}

const EDIT: &str = concat!(
    "WITH ask AS (SELECT ? AS id, ? AS workspace, ? AS caller, ? AS epoch, ? AS seen, ? AS own, ? AS other, \
       ? AS pic_roles, ? AS self_may, \
       ? AS set_title, ? AS title, ? AS title_grams, \
       ? AS set_description, ? AS description, ? AS description_grams, \
       ? AS set_pic, ? AS pic, ? AS set_deadline, ? AS deadline, ? AS set_zone, ? AS zone, \
       ? AS set_priority, ? AS priority, ? AS set_labels, ? AS labels), \
     old AS MATERIALIZED (SELECT t.*, c.status, b.name AS board_name \
       FROM ask JOIN task t ON t.id = ask.id AND t.workspace_id = ask.workspace \
       JOIN board b ON b.id = t.board_id AND b.deleted_at IS NULL \
       JOIN board_column c ON c.id = t.column_id FOR UPDATE OF t), \
     differs AS (SELECT old.id, \
       ask.set_title AND ask.title <> old.title AS title, \
       ask.set_description AND ask.description <> old.description AS description, \
       ask.set_pic AND ask.pic IS DISTINCT FROM old.pic_id AS pic, \
       ask.set_deadline AND ask.deadline IS DISTINCT FROM old.deadline AS deadline, \
       ask.set_zone AND ask.zone IS DISTINCT FROM old.deadline_zone AS zone, \
       ask.set_priority AND ask.priority <> old.priority AS priority, \
       ask.set_labels AND ask.labels <> old.labels AS labels FROM old, ask), \
     verdict AS (SELECT d.*, \
       (d.title OR d.description OR d.pic OR d.deadline OR d.zone OR d.priority OR d.labels) AS any_field, \
       old.version + 1 AS next \
       FROM ask, old, differs d WHERE old.deleted_at IS NULL AND NOT ",
    outdated!(),
    "  AND CASE WHEN old.pic_id = ask.caller THEN ask.own ELSE ask.other END \
       AND ask.seen <= old.version \
       AND NOT (d.title AND old.title_v > ask.seen) \
       AND NOT (d.description AND old.description_v > ask.seen) \
       AND NOT (d.pic AND old.pic_v > ask.seen) \
       AND NOT (d.deadline AND old.deadline_v > ask.seen) \
       AND NOT (d.zone AND old.deadline_zone_v > ask.seen) \
       AND NOT (d.priority AND old.priority_v > ask.seen) \
       AND NOT (d.labels AND old.labels_v > ask.seen) \
       AND (CASE WHEN d.deadline THEN ask.deadline ELSE old.deadline END IS NOT NULL \
            OR CASE WHEN d.zone THEN ask.zone ELSE old.deadline_zone END IS NULL) \
       AND (NOT d.pic OR ask.pic IS NULL OR ",
    may_be_in_charge!(),
    ")) \
     UPDATE task t SET \
       title = CASE WHEN v.title THEN ask.title ELSE old.title END, \
       title_grams = CASE WHEN v.title THEN ask.title_grams ELSE old.title_grams END, \
       title_v = CASE WHEN v.title THEN v.next ELSE old.title_v END, \
       description = CASE WHEN v.description THEN ask.description ELSE old.description END, \
       description_grams = CASE WHEN v.description THEN ask.description_grams ELSE old.description_grams END, \
       description_v = CASE WHEN v.description THEN v.next ELSE old.description_v END, \
       pic_id = CASE WHEN v.pic THEN ask.pic ELSE old.pic_id END, \
       pic_v = CASE WHEN v.pic THEN v.next ELSE old.pic_v END, \
       deadline = CASE WHEN v.deadline THEN ask.deadline ELSE old.deadline END, \
       deadline_v = CASE WHEN v.deadline THEN v.next ELSE old.deadline_v END, \
       deadline_zone = CASE WHEN v.zone THEN ask.zone ELSE old.deadline_zone END, \
       deadline_zone_v = CASE WHEN v.zone THEN v.next ELSE old.deadline_zone_v END, \
       priority = CASE WHEN v.priority THEN ask.priority ELSE old.priority END, \
       priority_v = CASE WHEN v.priority THEN v.next ELSE old.priority_v END, \
       labels = CASE WHEN v.labels THEN ask.labels ELSE old.labels END, \
       labels_v = CASE WHEN v.labels THEN v.next ELSE old.labels_v END, \
       version = CASE WHEN v.any_field THEN v.next ELSE old.version END, \
       updated_at = CASE WHEN v.any_field THEN now() ELSE old.updated_at END \
     FROM ask, old, verdict v, board_column c WHERE t.id = old.id AND v.id = old.id AND c.id = old.column_id \
     RETURNING ",
    task_columns!(),
    ", old.board_name, old.version AS old_version, old.title AS old_title, \
     old.description AS old_description, old.pic_id AS old_pic_id, old.deadline AS old_deadline, \
     old.deadline_zone AS old_deadline_zone, old.priority AS old_priority, old.labels AS old_labels"
);

/// Edits a task where everything allows it. None says that something did not: look at its standing then.
///
/// # Errors
/// The database's.
pub async fn edit(
    connection: &mut Connection,
    caller: &Caller,
    id: Uuid,
    seen: i64,
    edit: &TaskEdit,
) -> Result<Option<Edited>, DbError> {
    let operations: Vec<_> = edit.fields().iter().map(|field| field.operation()).collect();
    let permission = Permission::of(caller.role, &operations);
    let asked = statement(EDIT)
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(caller.workspace)
        .bind::<SqlUuid, _>(caller.person)
        .bind::<BigInt, _>(caller.epoch)
        .bind::<BigInt, _>(seen)
        .bind::<Bool, _>(permission.own)
        .bind::<Bool, _>(permission.other)
        .bind::<Array<Text>, _>(pic_roles())
        .bind::<Bool, _>(policy::can_be_in_charge(caller.role));
    bind_fields(asked, edit).first_row(connection).await
}

fn bind_fields<'a>(asked: Statement<'a>, edit: &'a TaskEdit) -> Statement<'a> {
    asked
        .bind::<Bool, _>(edit.title.is_some())
        .bind::<Nullable<Text>, _>(&edit.title)
        .bind::<Nullable<Array<Text>>, _>(edit.title.as_deref().map(grams))
        .bind::<Bool, _>(edit.description.is_some())
        .bind::<Nullable<Text>, _>(&edit.description)
        .bind::<Nullable<Array<Text>>, _>(edit.description.as_deref().map(grams))
        .bind::<Bool, _>(edit.pic.is_some())
        .bind::<Nullable<SqlUuid>, _>(edit.pic.flatten())
        .bind::<Bool, _>(edit.deadline.is_some())
        .bind::<Nullable<Timestamptz>, _>(edit.deadline.flatten())
        .bind::<Bool, _>(edit.deadline_zone.is_some())
        .bind::<Nullable<Text>, _>(edit.deadline_zone.as_ref().and_then(Option::as_ref))
        .bind::<Bool, _>(edit.priority.is_some())
        .bind::<Nullable<Text>, _>(edit.priority.map(|priority| priority.as_str()))
        .bind::<Bool, _>(edit.labels.is_some())
        .bind::<Nullable<Array<Text>>, _>(&edit.labels)
}
