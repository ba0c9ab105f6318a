//! Looking for somebody's name and address in everything that the house keeps.

use std::time::Duration;

use test_kit::eventually;
use tokio_postgres::Client;

pub(crate) const SOON: Duration = Duration::from_secs(30);
pub(crate) const NAME: &str = "Zyxwvut Qponmlk";
pub(crate) const OLD_NAME: &str = "Hgfedcb Zyxwvut";
pub(crate) const ADDRESS: &str = "zyxwvut.qponmlk@distinctive.example";
/// What must not be found: names, address, and the beginning of the address.
const WORDS: [&str; 4] = [NAME, OLD_NAME, ADDRESS, "zyxwvut"];

/// The tables with a row that holds one of the words, in whatever type of column, as text or as bytes.
pub(crate) async fn hits(sql: &Client) -> Vec<String> {
    let tables = sql
        .query(
            "select table_schema, table_name from information_schema.tables
             where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')",
            &[],
        )
        .await
        .expect("tables");
    assert!(tables.len() > 40, "only {} tables", tables.len());
    let mut found = Vec::new();
    for table in tables {
        let name = format!("{}.{}", table.get::<_, String>(0), table.get::<_, String>(1));
        let query = format!(
            "select count(*), min(left(t::text, 900)) from {name} t, unnest($1::text[]) word
             where strpos(lower(t::text), lower(word)) > 0
                or strpos(t::text, encode(convert_to(word, 'UTF8'), 'hex')) > 0"
        );
        let row = sql.query_one(&query, &[&WORDS.as_slice()]).await.expect("a scan");
        if row.get::<_, i64>(0) > 0 {
            found.push(format!(
                "{name}: {}",
                row.get::<_, Option<String>>(1).unwrap_or_default()
            ));
        }
    }
    found
}

/// Every record of the audit log, in its order.
pub(crate) async fn records(sql: &Client) -> Vec<(i64, Vec<u8>)> {
    let rows = sql
        .query("select index, record from audit.entry order by index", &[])
        .await
        .expect("the log");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Nothing is under way any more: all is stamped, sent and taken in, and every mail has left.
pub(crate) async fn settled(sql: &Client) {
    let open = "select (select count(*) from bus.message)
        + (select count(*) from auth.event_log where position is null) + (select count(*) from auth.event_send)
        + (select count(*) from task.event_log where position is null) + (select count(*) from task.event_send)
        + (select count(*) from auth.address_note)
        + (select count(*) from notify.delivery where state in ('pending', 'sending'))";
    eventually(SOON, async || {
        let left: i64 = sql.query_one(open, &[]).await.expect("counts").get(0);
        (left == 0).then_some(())
    })
    .await;
}
