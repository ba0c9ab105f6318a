//! Reads of large boards.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use hyper::Method;
use serde::Serialize;
use tokio_postgres::Client;

use crate::http::{Connection, Headers};
use crate::server::House;
use crate::stats::Latency;

/// One board's reads.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Board {
    pub(crate) cards: i64,
    pub(crate) bytes: usize,
    #[serde(flatten)]
    pub(crate) latency: Latency,
}

/// Fills one board with 1,000 cards and one with 10,000, and reads each over one connection.
pub(crate) async fn measure(house: &House, database: &Client) -> Result<Vec<Board>> {
    let api = &house.api;
    let token = api.sign_in().await?;
    let mut connection = api.connect_tasks().await?;
    let mut boards = Vec::new();
    for (cards, rounds) in [(1_000_i64, 200), (10_000, 40)] {
        let (board, _) = api
            .board(&mut connection, &token, &format!("{cards} cards"))
            .await?;
        fill(database, &board, cards).await?;
        let path = format!("/api/boards/{board}");
        boards.push(read(&mut connection, &path, &token, (cards, rounds)).await?);
    }
    Ok(boards)
}

async fn read(
    connection: &mut Connection,
    path: &str,
    token: &str,
    (cards, rounds): (i64, usize),
) -> Result<Board> {
    let headers = Headers {
        token: Some(token),
        ..Headers::default()
    };
    let mut samples: Vec<Duration> = Vec::new();
    let mut bytes = 0;
    for round in 0..rounds {
        let started = Instant::now();
        let answer = connection.send(Method::GET, path, headers, None).await?;
        samples.push(started.elapsed());
        bytes = answer.body.len();
        if round == 0 {
            let found = answer.json()?["cards"].as_array().map_or(0, Vec::len);
            ensure!(i64::try_from(found)? == cards, "{found} cards instead of {cards}");
            // The first read fills caches; it is not counted.
            samples.clear();
        }
    }
    Ok(Board {
        cards,
        bytes,
        latency: Latency::of(&mut samples),
    })
}

/// Cards by SQL, since creating them one by one is measured elsewhere.
async fn fill(database: &Client, board: &str, cards: i64) -> Result<()> {
    database
        .batch_execute(&format!(
            "INSERT INTO task.task (id, workspace_id, board_id, column_id, rank, title, description, priority, labels,
                                    deadline, title_grams, description_grams, created_by)
             SELECT gen_random_uuid(), c.workspace_id, c.board_id, c.id, 'b' || lpad(n::text, 8, '0'),
                    'A card with a title of common length ' || n, 'Something to do', 'medium', ARRAY['bench'],
                    now() + make_interval(days => (n % 30)::int), ARRAY['ca'], '{{}}', gen_random_uuid()
             FROM generate_series(1, {cards}) AS n
             JOIN (SELECT *, row_number() OVER (ORDER BY rank) AS place FROM task.board_column
                   WHERE board_id = '{board}') AS c ON c.place = 1 + n % 3;
             UPDATE task.board_column AS c SET tasks =
                 (SELECT count(*) FROM task.task AS t WHERE t.column_id = c.id) WHERE c.board_id = '{board}';
             ANALYZE task.task;"
        ))
        .await?;
    Ok(())
}
