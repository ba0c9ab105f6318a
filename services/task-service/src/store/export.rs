//! What this service keeps of a person, row by row as JSON.

use auth_token::Caller;
use diesel::sql_types::{BigInt, Nullable, Text, Uuid as SqlUuid};
use postgres::{Connection, DbError, statement};
use uuid::Uuid;

/// What is taken along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Tasks the person is in charge of.
    InCharge,
    /// Tasks they created.
    Created,
    /// Comments they wrote.
    Comments,
}

macro_rules! tasks_of {
    ($person:literal) => {
        concat!(
            "SELECT t.id AS key, json_build_object(
                 'id', t.id, 'board_id', t.board_id, 'board', b.name, 'column', c.name, 'status', c.status,
                 'title', t.title, 'description', t.description, 'pic_id', t.pic_id, 'created_by', t.created_by,
                 'deadline', t.deadline, 'deadline_zone', t.deadline_zone, 'priority', t.priority,
                 'labels', t.labels, 'created_at', t.created_at, 'updated_at', t.updated_at,
                 'deleted_at', t.deleted_at)::text AS value
             FROM task t JOIN board b ON b.id = t.board_id JOIN board_column c ON c.id = t.column_id
             WHERE t.workspace_id = ? AND t.",
            $person,
            " = ? AND (t.id > ?) IS NOT FALSE ORDER BY t.id LIMIT ?"
        )
    };
}

impl List {
    fn sql(self) -> &'static str {
        match self {
            List::InCharge => tasks_of!("pic_id"),
            List::Created => tasks_of!("created_by"),
            List::Comments => {
                "SELECT c.id AS key, json_build_object(
                     'id', c.id, 'task_id', c.task_id, 'task', t.title, 'body', c.body,
                     'created_at', c.created_at)::text AS value
                 FROM comment c JOIN task t ON t.id = c.task_id
                 WHERE t.workspace_id = ? AND c.author_id = ? AND (c.id > ?) IS NOT FALSE ORDER BY c.id LIMIT ?"
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
///
/// # Errors
/// The database's.
pub async fn page(
    connection: &mut Connection,
    caller: &Caller,
    list: List,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<(Uuid, String)>, DbError> {
    let rows: Vec<Row> = statement(list.sql())
        .bind::<SqlUuid, _>(caller.workspace)
        .bind::<SqlUuid, _>(caller.person)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.key, row.value)).collect())
}
