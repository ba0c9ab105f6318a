//! Reads one page of the log, newest entries first.

use chrono::{DateTime, Utc};
use contracts::Stream;
use diesel::QueryableByName;
use diesel::pg::Pg;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary, HasSqlType, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use postgres::{Connection, DbError};
use uuid::Uuid;

use crate::domain::filter::{Filter, Log};

const SELECT: &str = "\
    SELECT entry.index, event_id, board_id, stream, version, type AS event_type, kind, actor_id, \
           occurred_at, record, particulars.particulars \
    FROM entry LEFT JOIN particulars ON particulars.index = entry.index \
    WHERE workspace_id = ";

/// One entry as it is stored.
#[derive(Debug, Clone, QueryableByName)]
pub struct Row {
    /// Place in the log.
    #[diesel(sql_type = BigInt)]
    pub index: i64,
    /// The event behind it.
    #[diesel(sql_type = SqlUuid)]
    pub event_id: Uuid,
    /// The board it belongs to.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub board_id: Option<Uuid>,
    /// The stream it belongs to.
    #[diesel(sql_type = Text)]
    pub stream: String,
    /// The version that the stream came to.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// Type of the event.
    #[diesel(sql_type = Text)]
    pub event_type: String,
    /// Kind of the change.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// Who did it.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub actor_id: Option<Uuid>,
    /// When it was done.
    #[diesel(sql_type = Timestamptz)]
    pub occurred_at: DateTime<Utc>,
    /// The exact bytes of the record.
    #[diesel(sql_type = Binary)]
    pub record: Vec<u8>,
    /// The values as JSON text; none once they are erased.
    #[diesel(sql_type = Nullable<Text>)]
    pub particulars: Option<String>,
}

/// Up to `limit` entries of a workspace that the filter lets through and that come before the index `before`.
pub async fn page(
    conn: &mut Connection,
    workspace: Uuid,
    filter: &Filter,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Row>, DbError> {
    Ok(statement("", workspace, filter, before, limit).load(conn).await?)
}

/// The query of one page. Only the conditions that are asked for stand in it, so that each can use its index.
pub(super) fn statement<'f>(
    prefix: &str,
    workspace: Uuid,
    filter: &'f Filter,
    before: Option<i64>,
    limit: i64,
) -> BoxedSqlQuery<'f, Pg, SqlQuery> {
    let mut query = Conditions::new(diesel::sql_query(format!("{prefix}{SELECT}")), workspace);
    // A literal and no placeholder, so that the partial index of the security log can be used.
    query = query.and_always(match filter.log {
        Log::Changes => " AND type <> 'security.logged'",
        Log::Security => " AND type = 'security.logged'",
    });
    if let Some(task) = filter.task {
        query = query.and::<Text, _>("stream = ", Stream::task(task).as_str().to_owned());
    }
    if let Some(board) = filter.board {
        query = query.and::<SqlUuid, _>("board_id = ", board);
    }
    if let Some(actor) = filter.actor {
        query = query.and::<SqlUuid, _>("actor_id = ", actor);
    }
    if let Some(account) = filter.account {
        query = query.and::<SqlUuid, _>("account_id = ", account);
    }
    if let Some(kind) = filter.kind.as_deref() {
        query = query.and::<Text, _>("kind = ", kind);
    }
    if let Some(from) = filter.from {
        query = query.and::<Timestamptz, _>("occurred_at >= ", from);
    }
    if let Some(to) = filter.to {
        query = query.and::<Timestamptz, _>("occurred_at < ", to);
    }
    if let Some(before) = before {
        query = query.and::<BigInt, _>("-entry.index > -", before);
    }
    query.newest_first(limit)
}

/// A WHERE clause that grows, with its numbered placeholders.
struct Conditions<'f> {
    query: BoxedSqlQuery<'f, Pg, SqlQuery>,
    binds: usize,
}

impl<'f> Conditions<'f> {
    fn new(select: SqlQuery, workspace: Uuid) -> Self {
        Self {
            query: select.into_boxed().sql("$1").bind::<SqlUuid, _>(workspace),
            binds: 1,
        }
    }

    fn and_always(self, condition: &str) -> Self {
        Self {
            query: self.query.sql(condition),
            ..self
        }
    }

    fn and<S, V>(self, condition: &str, value: V) -> Self
    where
        Pg: HasSqlType<S>,
        S: Send + 'f,
        V: ToSql<S, Pg> + Send + 'f,
    {
        let binds = self.binds + 1;
        let query = self
            .query
            .sql(format!(" AND {condition}${binds}"))
            .bind::<S, V>(value);
        Self { query, binds }
    }

    fn newest_first(self, limit: i64) -> BoxedSqlQuery<'f, Pg, SqlQuery> {
        let order = format!(" ORDER BY -entry.index LIMIT ${}", self.binds + 1);
        self.query.sql(order).bind::<BigInt, _>(limit)
    }
}
