//! Comments. A comment is a version of its task, so that the stream has no gap.

use auth_token::Caller;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text, Uuid as SqlUuid};
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::people::outdated;
use super::rows::{CommentRow, TaskRow, task_columns};
use postgres::statement;

/// A task that has just been commented on.
#[derive(Debug, QueryableByName)]
pub struct CommentedTask {
    #[diesel(embed)]
    pub(crate) task: TaskRow,
    #[diesel(sql_type = Text)]
    pub(crate) board_name: String,
}

/// Counts one more comment on a live task, which locks it. None when it is not there, in the trash, or the token
/// is outdated.
///
/// # Errors
/// The database's.
pub async fn count(
    connection: &mut Connection,
    caller: &Caller,
    task: Uuid,
) -> Result<Option<CommentedTask>, DbError> {
    statement(concat!(
        "WITH ask AS (SELECT ? AS id, ? AS workspace, ? AS caller, ? AS epoch) \
         UPDATE task t SET comments = t.comments + 1, version = t.version + 1, updated_at = now() \
         FROM ask, board b, board_column c WHERE t.id = ask.id AND t.workspace_id = ask.workspace \
         AND t.deleted_at IS NULL AND b.id = t.board_id AND b.deleted_at IS NULL AND c.id = t.column_id AND NOT ",
        outdated!(),
        " RETURNING ",
        task_columns!(),
        ", b.name AS board_name"
    ))
    .bind::<SqlUuid, _>(task)
    .bind::<SqlUuid, _>(caller.workspace)
    .bind::<SqlUuid, _>(caller.person)
    .bind::<BigInt, _>(caller.epoch)
    .first_row(connection)
    .await
}

/// Writes a comment.
///
/// # Errors
/// The database's.
pub async fn insert(
    connection: &mut Connection,
    caller: &Caller,
    task: Uuid,
    body: &str,
) -> Result<Option<CommentRow>, DbError> {
    statement(
        "INSERT INTO comment (id, task_id, author_id, author_name, body) VALUES (?, ?, ?, ?, ?) \
         RETURNING id, task_id, author_id, author_name, body, created_at",
    )
    .bind::<SqlUuid, _>(Uuid::now_v7())
    .bind::<SqlUuid, _>(task)
    .bind::<SqlUuid, _>(caller.person)
    .bind::<Text, _>(&caller.name)
    .bind::<Text, _>(body)
    .first_row(connection)
    .await
}

/// A page of a task's comments, the oldest first.
///
/// # Errors
/// The database's.
pub async fn page(
    connection: &mut Connection,
    task: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<CommentRow>, DbError> {
    statement(
        "SELECT id, task_id, author_id, author_name, body, created_at FROM comment \
         WHERE task_id = ? AND id > coalesce(?, '00000000-0000-0000-0000-000000000000') ORDER BY id LIMIT ?",
    )
    .bind::<SqlUuid, _>(task)
    .bind::<Nullable<SqlUuid>, _>(after)
    .bind::<BigInt, _>(limit)
    .all(connection)
    .await
}
