//! What this service keeps of a person, row by row as JSON.

use diesel::sql_types::{BigInt, Nullable, Text, Uuid as SqlUuid};
use postgres::{Connection, DbError, statement};
use uuid::Uuid;

use super::notifications::Owner;

/// What is taken along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Which mails the person wants.
    Preferences,
    /// Their inbox.
    Notifications,
    /// What became of the mails to them.
    Deliveries,
    /// Mails that are kept here instead of being sent.
    Mails,
}

impl List {
    fn sql(self) -> &'static str {
        match self {
            List::Preferences => {
                "SELECT p.person_id AS key, json_build_object('mail', p.mail, 'version', p.version)::text AS value
                 FROM preference p WHERE p.workspace_id = ? AND p.person_id = ? AND (p.person_id > ?) IS NOT FALSE
                 ORDER BY p.person_id LIMIT ?"
            }
            List::Notifications => {
                "SELECT n.id AS key, json_build_object(
                     'id', n.id, 'kind', n.kind, 'reason', n.reason, 'task_id', n.task_id, 'board_id', n.board_id,
                     'board', n.board_name, 'title', n.title, 'actor_id', n.actor_id, 'fields', n.fields,
                     'occurred_at', n.occurred_at, 'created_at', n.created_at, 'read_at', n.read_at)::text AS value
                 FROM notification n WHERE n.workspace_id = ? AND n.recipient_id = ? AND (n.id > ?) IS NOT FALSE
                 ORDER BY n.id LIMIT ?"
            }
            List::Deliveries => {
                "SELECT d.id AS key, json_build_object(
                     'id', d.id, 'task_id', d.task_id, 'state', d.state, 'via', d.via, 'created_at', d.created_at,
                     'settled_at', d.settled_at)::text AS value
                 FROM delivery d WHERE d.workspace_id = ? AND d.recipient_id = ? AND (d.id > ?) IS NOT FALSE
                 ORDER BY d.id LIMIT ?"
            }
            List::Mails => {
                "SELECT m.id AS key, json_build_object(
                     'id', m.id, 'purpose', m.purpose, 'address', m.address, 'subject', m.subject,
                     'text', m.body_text, 'created_at', m.created_at)::text AS value
                 FROM mail m WHERE m.workspace_id = ? AND m.recipient_id = ? AND (m.id > ?) IS NOT FALSE
                 ORDER BY m.id LIMIT ?"
            }
        }
    }
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    key: Uuid,
    #[diesel(sql_type = Text)]
    value: String,
}

/// A page of a list, with the keys of its rows.
pub async fn page(
    conn: &mut Connection,
    owner: Owner,
    list: List,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<(Uuid, String)>, DbError> {
    let rows: Vec<Row> = statement(list.sql())
        .bind::<SqlUuid, _>(owner.workspace)
        .bind::<SqlUuid, _>(owner.person)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.key, row.value)).collect())
}
