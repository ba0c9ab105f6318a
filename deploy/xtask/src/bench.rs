//! `cargo xtask bench`: everything the benchmark needs, and then the benchmark.

use std::process::Command;

use anyhow::{Result, bail};

use crate::cli::BenchOptions;
use crate::packages::{self, COMPILER, PGBENCH};
use crate::postgres::binaries;
use crate::postgres::cluster::{Cluster, DATABASE, Durability};
use crate::processes::Processes;
use crate::run::exists;
use crate::session::Session;
use crate::ui::Steps;
use crate::up::build_all;

/// Builds with optimisations, starts a Postgres of its own and hands over to the binary `bench`, whose output is ours.
pub(crate) fn bench(options: &BenchOptions) -> Result<()> {
    let session = Session::open_with_state()?;
    let mut steps = Steps::new();
    let mut processes = Processes::new(&session.stop, true);
    steps.step("System packages", |progress| {
        packages::ensure(&session, &[COMPILER, PGBENCH], progress)
    })?;
    steps.step("Build", |progress| {
        build_all(&session, true, progress)?;
        Ok(String::new())
    })?;
    let url = steps.step_with("Postgres", |progress| {
        let cluster = Cluster::open(&session, "bench", Durability::Fresh, progress)?;
        cluster.start(&session, &mut processes, "bench-postgres")?;
        Ok((cluster.url(DATABASE), cluster.describe()))
    })?;
    let pgbench = if exists("pgbench") {
        Some("pgbench".into())
    } else {
        binaries::pgbench()
    };
    let mut command = Command::new(session.binary("bench", true));
    command.args(&options.arguments).current_dir(&session.root);
    command
        .env("ONUS_BENCH_DATABASE_URL", url)
        .env("ONUS_BIN_DIR", session.binaries(true));
    if let Some(pgbench) = pgbench {
        command.env("ONUS_PGBENCH", pgbench);
    }
    let status = command.status()?;
    processes.stop_all();
    if !status.success() {
        bail!("the benchmark ended with {status}");
    }
    Ok(())
}
