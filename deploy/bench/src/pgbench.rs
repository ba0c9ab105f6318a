//! The same SQL by pgbench: what the database could do if nothing stood before it.
//!
//! The scripts in `sql/` hold the statements of task-service's three writes, in the same order and in one
//! transaction each, with values that pgbench can make. Where the service works out a value between two statements
//! (a rank, an event's text), the script has a constant of the same size.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde::Serialize;
use tokio::process::Command;
use tokio_postgres::Client;

use crate::Options;

const SETUP: &str = include_str!("../sql/setup.sql");
const SCRIPTS: [(&str, &str); 3] = [
    ("create", include_str!("../sql/create.sql")),
    ("edit", include_str!("../sql/edit.sql")),
    ("move", include_str!("../sql/move.sql")),
];

/// Transactions per second.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Ceiling {
    pub(crate) create: f64,
    pub(crate) edit: f64,
    pub(crate) r#move: f64,
}

/// Runs each script for `time`.
pub(crate) async fn measure(options: &Options, database: &Client, time: Duration) -> Result<Ceiling> {
    database
        .batch_execute(&format!("SET search_path = task; {SETUP} ANALYZE task.task;"))
        .await?;
    let directory = std::env::temp_dir().join(format!("onus-bench-{}", std::process::id()));
    std::fs::create_dir_all(&directory)?;
    let mut rates = Vec::new();
    for (name, script) in SCRIPTS {
        let file = directory.join(format!("{name}.sql"));
        std::fs::write(&file, script)?;
        rates.push(
            run(options, &file, time)
                .await
                .with_context(|| format!("pgbench, {name}"))?,
        );
    }
    std::fs::remove_dir_all(&directory)?;
    match rates[..] {
        [create, edit, r#move] => Ok(Ceiling { create, edit, r#move }),
        _ => bail!("three scripts give three rates"),
    }
}

async fn run(options: &Options, script: &Path, time: Duration) -> Result<f64> {
    let output = Command::new(&options.pgbench)
        .args(["--no-vacuum", "--protocol=prepared", "--jobs=2"])
        .arg(format!("--client={}", options.connections))
        .arg(format!("--time={}", time.as_secs()))
        .arg("--file")
        .arg(script)
        .arg(&options.database_url)
        .env("PGOPTIONS", "-c search_path=task -c role=onus_task")
        .output()
        .await
        .with_context(|| format!("{} cannot be started", options.pgbench.display()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    ensure!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    text.lines()
        .find_map(|line| line.strip_prefix("tps = "))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|number| number.parse().ok())
        .with_context(|| format!("no rate in: {text}"))
}
