//! Looks into the tables, and sets the scene where no route leads.

use std::collections::BTreeMap;

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel_async::{RunQueryDsl as _, SimpleAsyncConnection as _};
use test_kit::TestDb;

#[derive(QueryableByName)]
struct StateRow {
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct TextRow {
    #[diesel(sql_type = Nullable<Text>)]
    text: Option<String>,
}

/// How many deliveries there are in each state.
pub(crate) async fn states(db: &TestDb) -> BTreeMap<String, i64> {
    let mut conn = db.admin("notify").await;
    let rows: Vec<StateRow> =
        diesel::sql_query("SELECT state, count(*) AS count FROM delivery GROUP BY state")
            .load(&mut conn)
            .await
            .unwrap();
    rows.into_iter().map(|row| (row.state, row.count)).collect()
}

/// The single text that a query gives; its column is called `text`.
pub(crate) async fn text(db: &TestDb, query: &str) -> Option<String> {
    let mut conn = db.admin("notify").await;
    let rows: Vec<TextRow> = diesel::sql_query(query).load(&mut conn).await.unwrap();
    rows.into_iter().next().and_then(|row| row.text)
}

/// Runs a statement as the administrator.
pub(crate) async fn run(db: &TestDb, statement: &str) {
    db.admin("notify").await.batch_execute(statement).await.unwrap();
}
