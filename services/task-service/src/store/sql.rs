//! Hand-written SQL that is prepared once per connection.
//!
//! `diesel::sql_query` tells the connection never to keep the prepared statement, which costs a round trip and
//! a plan each time. A [`Statement`] has a fixed text, so it may be kept. Each `?` in the text stands for the next
//! bound value.

use std::marker::PhantomData;

use diesel::deserialize::QueryableByName;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::{Error, QueryResult};
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Untyped};
use diesel_async::RunQueryDsl as _;
use postgres::{Connection, DbError};

/// A statement of fixed text with its values. `Row` is the SQL type of its rows where they are read by position.
pub(super) struct Statement<'a, Row = Untyped> {
    sql: &'static str,
    binds: Vec<Box<dyn QueryFragment<Pg> + Send + 'a>>,
    row: PhantomData<fn() -> Row>,
}

/// A statement whose rows are read by column name.
pub(super) fn statement<'a>(sql: &'static str) -> Statement<'a> {
    Statement {
        sql,
        binds: Vec::new(),
        row: PhantomData,
    }
}

impl<'a, Row> Statement<'a, Row> {
    /// Gives the next `?` its value.
    pub(super) fn bind<Type, Value>(mut self, value: Value) -> Self
    where
        Type: 'a,
        Value: ToSql<Type, Pg> + Send + 'a,
        Pg: HasSqlType<Type>,
    {
        self.binds.push(Box::new(Bound {
            value,
            kind: PhantomData::<fn() -> Type>,
        }));
        self
    }

    /// Says that the rows are read by position and are of this SQL type.
    pub(super) fn typed<Other>(self) -> Statement<'a, Other> {
        Statement {
            sql: self.sql,
            binds: self.binds,
            row: PhantomData,
        }
    }

    /// Runs it for its effect; gives the number of rows it touched.
    pub(super) async fn run(self, connection: &mut Connection) -> Result<usize, DbError>
    where
        Row: 'a,
    {
        Ok(self.execute(connection).await?)
    }
}

impl<'a> Statement<'a> {
    /// All rows.
    pub(super) async fn all<T>(self, connection: &mut Connection) -> Result<Vec<T>, DbError>
    where
        T: QueryableByName<Pg> + Send + 'static,
    {
        Ok(self.load::<T>(connection).await?)
    }

    /// The first row, if there is one.
    pub(super) async fn first_row<T>(self, connection: &mut Connection) -> Result<Option<T>, DbError>
    where
        T: QueryableByName<Pg> + Send + 'static,
    {
        Ok(self.all(connection).await?.into_iter().next())
    }
}

impl<Row> QueryFragment<Pg> for Statement<'_, Row> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let mut binds = self.binds.iter();
        for (index, piece) in self.sql.split('?').enumerate() {
            if index > 0 {
                let bind = binds
                    .next()
                    .ok_or_else(|| Error::QueryBuilderError("a value is missing".into()))?;
                bind.walk_ast(out.reborrow())?;
            }
            out.push_sql(piece);
        }
        match binds.next() {
            None => Ok(()),
            Some(_) => Err(Error::QueryBuilderError("a value has no place".into())),
        }
    }
}

impl<Row> QueryId for Statement<'_, Row> {
    type QueryId = ();

    // The text identifies it.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Row> Query for Statement<'_, Row> {
    type SqlType = Row;
}

struct Bound<Type, Value> {
    value: Value,
    kind: PhantomData<fn() -> Type>,
}

impl<Type, Value> QueryFragment<Pg> for Bound<Type, Value>
where
    Pg: HasSqlType<Type>,
    Value: ToSql<Type, Pg>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_bind_param::<Type, Value>(&self.value)
    }
}
