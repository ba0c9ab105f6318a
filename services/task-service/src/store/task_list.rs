//! Lists of tasks. The text of the statement follows the filters that are given, so that the planner sees exactly
//! the conditions that count and finds the index for them.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::query_builder::BoxedSqlQuery;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use postgres::{Connection, DbError};
use uuid::Uuid;

use super::rows::{SummaryRow, summary_columns};
use crate::domain::search::Needle;
use crate::domain::words::Status;

/// Which tasks are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// On this board.
    pub board: Option<Uuid>,
    /// With this person in charge.
    pub pic: Option<Uuid>,
    /// In a column of this status.
    pub status: Option<Status>,
    /// With a deadline at or after this.
    pub deadline_from: Option<DateTime<Utc>>,
    /// With a deadline before this.
    pub deadline_to: Option<DateTime<Utc>>,
    /// With this label.
    pub label: Option<String>,
    /// With this text in title or description.
    pub text: Option<Needle>,
    /// In the trash instead of on the board.
    pub deleted: bool,
}

/// The order of a list, with the key of the last task of the page before.
#[derive(Debug, Clone, Copy)]
pub enum Order {
    /// The latest created first.
    Newest(Option<Uuid>),
    /// The nearest deadline first; tasks without one are left out.
    Deadline(Option<(DateTime<Utc>, Uuid)>),
}

/// A statement under construction: its text and its values, always in step.
struct Draft<'a> {
    query: BoxedSqlQuery<'a, Pg, diesel::query_builder::SqlQuery>,
    values: usize,
}

impl<'a> Draft<'a> {
    fn sql(mut self, text: &str) -> Self {
        self.query = self.query.sql(text);
        self
    }

    /// Appends a value between two texts.
    fn with<Type, Value>(mut self, before: &str, value: Value, after: &str) -> Self
    where
        Type: Send + 'a,
        Pg: diesel::sql_types::HasSqlType<Type>,
        Value: diesel::serialize::ToSql<Type, Pg> + Send + 'a,
    {
        self.values += 1;
        let place = self.values;
        self.query = self
            .query
            .sql(format!("{before}${place}{after}"))
            .bind::<Type, _>(value);
        self
    }

    fn maybe<Type, Value>(self, before: &str, value: Option<Value>, after: &str) -> Self
    where
        Type: Send + 'a,
        Pg: diesel::sql_types::HasSqlType<Type>,
        Value: diesel::serialize::ToSql<Type, Pg> + Send + 'a,
    {
        match value {
            Some(value) => self.with::<Type, Value>(before, value, after),
            None => self,
        }
    }
}

/// A page of the workspace's tasks.
///
/// # Errors
/// The database's.
pub async fn page(
    connection: &mut Connection,
    workspace: Uuid,
    filter: &Filter,
    order: Order,
    limit: i64,
) -> Result<Vec<SummaryRow>, DbError> {
    let draft = conditions(workspace, filter);
    let draft = match order {
        Order::Newest(last) => draft
            .maybe::<SqlUuid, _>(" AND t.id < ", last, "")
            .sql(" ORDER BY t.id DESC"),
        Order::Deadline(last) => {
            let draft = draft.sql(" AND t.deadline IS NOT NULL");
            let draft = match last {
                Some((deadline, id)) => draft
                    .with::<Timestamptz, _>(" AND (t.deadline, t.id) > (", deadline, "")
                    .with::<SqlUuid, _>(", ", id, ")"),
                None => draft,
            };
            draft.sql(" ORDER BY t.deadline, t.id")
        }
    };
    let draft = draft.with::<BigInt, _>(" LIMIT ", limit, "");
    Ok(draft.query.load::<SummaryRow>(connection).await?)
}

fn conditions(workspace: Uuid, filter: &Filter) -> Draft<'_> {
    let text = concat!(
        "SELECT ",
        summary_columns!(),
        " FROM task t JOIN board_column c ON c.id = t.column_id WHERE"
    );
    let draft = Draft {
        query: sql_query(text).into_boxed(),
        values: 0,
    };
    let needle = filter.text.as_ref();
    draft
        .with::<SqlUuid, _>(" t.workspace_id = ", workspace, "")
        .sql(if filter.deleted {
            " AND t.deleted_at IS NOT NULL"
        } else {
            " AND t.deleted_at IS NULL"
        })
        .sql(" AND EXISTS (SELECT FROM board b WHERE b.id = t.board_id AND b.deleted_at IS NULL)")
        .maybe::<SqlUuid, _>(" AND t.board_id = ", filter.board, "")
        .maybe::<SqlUuid, _>(" AND t.pic_id = ", filter.pic, "")
        .maybe::<Text, _>(" AND c.status = ", filter.status.map(Status::as_str), "")
        .maybe::<Timestamptz, _>(" AND t.deadline >= ", filter.deadline_from, "")
        .maybe::<Timestamptz, _>(" AND t.deadline < ", filter.deadline_to, "")
        .maybe::<Array<Text>, _>(
            " AND t.labels @> ",
            filter.label.as_ref().map(|label| vec![label]),
            "",
        )
        .maybe::<Array<Text>, _>(" AND (t.title_grams @> ", needle.map(|needle| &needle.grams), "")
        .maybe::<Array<Text>, _>(
            " OR t.description_grams @> ",
            needle.map(|needle| &needle.grams),
            ")",
        )
        .maybe::<Text, _>(
            " AND (strpos(lower(t.title), lower(",
            needle.map(|needle| &needle.text),
            ")) > 0",
        )
        .maybe::<Text, _>(
            " OR strpos(lower(t.description), lower(",
            needle.map(|needle| &needle.text),
            ")) > 0)",
        )
}
