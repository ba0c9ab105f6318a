//! The benchmark: what the house does per second, against pgbench on the same server, and how soon a change is in
//! the audit log and its mail handed over.
//!
//! `cargo xtask bench` builds with optimisations, starts a Postgres with fsync on, and runs this. Everything is one
//! run on one machine: compare ratios, not figures of different machines.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing a table is what it is for"
)]

mod delays;
mod flood;
mod http;
mod memory;
mod pgbench;
mod reads;
mod report;
mod server;
mod stats;
mod writes;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::Parser;

use crate::report::Report;
use crate::server::House;

/// Measures a release build of Onus.
#[derive(Parser)]
struct Options {
    /// A superuser's URL of an otherwise unused Postgres.
    #[arg(long, env = "ONUS_BENCH_DATABASE_URL")]
    database_url: String,
    /// Where the binaries are.
    #[arg(long, env = "ONUS_BIN_DIR", default_value = "target/release")]
    binaries: PathBuf,
    /// The program pgbench.
    #[arg(long, env = "ONUS_PGBENCH", default_value = "pgbench")]
    pgbench: PathBuf,
    /// Seconds for each measurement of writes.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Connections.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Where the figures go as JSON.
    #[arg(long, default_value = "target/bench.json")]
    json: PathBuf,
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    let report = run(&options).await?;
    println!("{report}");
    std::fs::write(&options.json, serde_json::to_string_pretty(&report)?)?;
    println!("written to {}", options.json.display());
    Ok(())
}

async fn run(options: &Options) -> Result<Report> {
    let time = Duration::from_secs(options.seconds);
    eprintln!("starting onus");
    let house = House::start(options).await?;
    let database = server::connect(&options.database_url).await?;
    let mut idle = memory::of(&house)?;

    eprintln!("reading boards of 1,000 and 10,000 cards");
    let boards = reads::measure(&house, &database).await?;
    eprintln!("commit to audit entry and to mail, at 20 changes a second");
    let delays = delays::measure(&house, &database).await?;
    // Before the writes: what they leave behind to be relayed would still be under way.
    eprintln!("a flood of sign-ins");
    let mut floods = vec![flood::measure(&house, time).await?];
    eprintln!("writes through the whole house");
    let whole = writes::measure(&house.api, options.connections, time).await?;
    let mut loaded = memory::of(&house)?;
    house.stop().await?;

    eprintln!("writes through auth-service and task-service alone");
    let pair = House::start_pair(options).await?;
    let alone = writes::measure(&pair.api, options.connections, time).await?;
    pair.stop().await?;

    eprintln!("the memory of four services");
    let four = House::start_four(options).await?;
    idle.extend(memory::of(&four)?);
    eprintln!("a flood of sign-ins at four services");
    floods.push(flood::measure(&four, time).await?);
    writes::measure(&four.api, options.connections, time).await?;
    loaded.extend(memory::of(&four)?);
    four.stop().await?;

    eprintln!("the same SQL by pgbench");
    let pgbench = pgbench::measure(options, &database, time).await?;
    Ok(Report {
        connections: options.connections,
        boards,
        delays,
        whole,
        alone,
        pgbench,
        floods,
        idle,
        loaded,
    })
}
