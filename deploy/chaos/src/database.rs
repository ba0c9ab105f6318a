//! A database of one's own per test, and what the log in it must look like.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use crate::wait::until;

/// Within this time everything published must be in the log, whatever happened to the queue.
pub const COMPLETE_WITHIN: Duration = Duration::from_secs(120);

/// Events of the producers that the audit-service should have.
const PUBLISHED: &str = "\
    SELECT event_id, stream, version, record FROM task.event_log \
    UNION ALL \
    SELECT event_id, stream, version, record FROM auth.event_log WHERE type IN ('user.changed', 'security.logged')";

/// The number of the lock that lets one house stand at a time: two at once would starve each other of processors, and
/// the deadlines would tell about that instead of about the house.
const ONE_AT_A_TIME: i64 = 0x6f6e_7573_6368_616f;

/// A database for one house, and the turn to run it.
#[derive(Debug)]
pub struct TestDatabase {
    server: String,
    name: String,
    turn: Client,
}

/// What is wrong with the log; all zero in a house in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Published events that are not in the log.
    pub missing: i64,
    /// Entries that nobody published.
    pub invented: i64,
    /// Entries with other bytes than were published.
    pub altered: i64,
    /// Indexes that were left out.
    pub gaps: i64,
    /// Versions that are left out within a stream.
    pub holes: i64,
    /// Events that stand in the log more than once.
    pub duplicates: i64,
    /// Events that stand before an earlier version of their stream.
    pub disorder: i64,
}

impl TestDatabase {
    /// Makes an empty database on the server named by ONUS_TEST_DATABASE_URL.
    pub async fn create() -> Result<Self> {
        let server = std::env::var("ONUS_TEST_DATABASE_URL")
            .context("ONUS_TEST_DATABASE_URL must name a Postgres server; cargo xtask test sets it")?;
        let name = format!("chaos_{}", Uuid::new_v4().simple());
        // Korean text needs an encoding that knows it, whatever the cluster's own locale is.
        let create = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'");
        let turn = connect(&server).await?;
        turn.execute("SELECT pg_advisory_lock($1)", &[&ONE_AT_A_TIME])
            .await?;
        turn.batch_execute(&create).await?;
        Ok(Self { server, name, turn })
    }

    /// Its address for the administrator.
    pub fn admin_url(&self) -> Result<String> {
        at(&self.server, &self.name)
    }

    /// A connection as the administrator.
    pub async fn connect(&self) -> Result<Client> {
        connect(&self.admin_url()?).await
    }

    /// Drops it, with whoever is still connected, and lets the next one have its turn.
    pub async fn remove(self) -> Result<()> {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        Ok(self.turn.batch_execute(&drop).await?)
    }
}

/// Waits until the log holds every published event, then says what is wrong with it and how many it holds.
pub async fn complete_log(database: &Client) -> Result<(Faults, i64)> {
    let missing = format!(
        "SELECT count(*) FROM ({PUBLISHED}) p WHERE event_id NOT IN (SELECT event_id FROM audit.entry)"
    );
    until("the log to be complete", COMPLETE_WITHIN, || {
        let missing = missing.clone();
        async move { Ok((number(database, &missing).await? == 0).then_some(())) }
    })
    .await?;
    let entries = number(database, "SELECT count(*) FROM audit.entry").await?;
    ensure!(entries > 0, "nothing was published at all");
    let faults = Faults {
        missing: number(database, &missing).await?,
        invented: count(database, &format!("audit.entry WHERE event_id NOT IN (SELECT event_id FROM ({PUBLISHED}) p)"))
            .await?,
        altered: count(
            database,
            &format!("audit.entry e JOIN ({PUBLISHED}) p USING (event_id) WHERE e.record <> convert_to(p.record, 'UTF8')"),
        )
        .await?,
        gaps: number(database, "SELECT max(index) + 1 - count(*) FROM audit.entry").await?,
        holes: number(
            database,
            "SELECT coalesce(sum(versions - entries), 0)::bigint \
             FROM (SELECT max(version) AS versions, count(*) AS entries FROM audit.entry GROUP BY stream) s",
        )
        .await?,
        duplicates: number(database, "SELECT count(*) - count(DISTINCT event_id) FROM audit.entry").await?,
        disorder: count(
            database,
            "(SELECT version < lag(version) OVER (PARTITION BY stream ORDER BY index) AS late FROM audit.entry) s \
             WHERE late",
        )
        .await?,
    };
    Ok((faults, entries))
}

/// How many rows there are in a FROM clause.
pub async fn count(database: &Client, from: &str) -> Result<i64> {
    number(database, &format!("SELECT count(*) FROM {from}")).await
}

async fn number(database: &Client, sql: &str) -> Result<i64> {
    Ok(database
        .query_one(sql, &[])
        .await
        .with_context(|| sql.to_owned())?
        .try_get(0)?)
}

async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    // Ends with the client; its errors come out of the client's calls as well.
    tokio::spawn(connection);
    Ok(client)
}

/// The URL with another database.
fn at(server: &str, database: &str) -> Result<String> {
    let mut url = reqwest::Url::parse(server)?;
    url.set_path(database);
    Ok(url.into())
}
