//! The command line.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::{Parser, Subcommand};
use web_kit::stop_on_signals;

use crate::app::{App, ServiceSettings, migrate};
use crate::config::{DEFAULTS, MigrateSettings, PREFIX, Settings};
use crate::seed::{self, SeedOptions, Seeded};

/// The exit code for settings that cannot be used.
const BAD_SETTINGS: u8 = 2;
/// The exit code of `seed` when somebody has a workspace already.
const OCCUPIED: u8 = 3;
/// How long a health check waits.
const HEALTH: Duration = Duration::from_secs(2);

/// A task board on which a task never has more than one person in charge, and every change can be proved.
#[derive(Debug, Parser)]
#[command(name = "onus", version, disable_help_subcommand = true)]
struct Cli {
    /// Without one: serve.
    #[command(subcommand)]
    command: Option<Command>,
    /// Sets one setting, such as http.port=8080; wins over the environment and the file.
    #[arg(long = "set", global = true, value_name = "NAME=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the four services, their workers and the web app.
    Serve,
    /// Brings every database schema up to date.
    Migrate,
    /// Makes a demo workspace in a running Onus.
    Seed(SeedOptions),
    /// Asks the running process whether it lives; for container health checks.
    Healthcheck,
}

/// Settings that cannot be used, with all their faults.
#[derive(Debug, thiserror::Error)]
#[error("the settings cannot be used:\n  - {}", .0.join("\n  - "))]
struct Faulty(Vec<String>);

/// Runs the command line.
pub fn run() -> ExitCode {
    match execute(Cli::parse()) {
        Ok(code) => code,
        Err(error) => report(&error),
    }
}

fn report(error: &anyhow::Error) -> ExitCode {
    let mut out = std::io::stderr().lock();
    // Without a terminal there is nobody to tell that telling failed.
    if let Some(faulty) = error.downcast_ref::<Faulty>() {
        let _ = writeln!(out, "{faulty}");
        return ExitCode::from(BAD_SETTINGS);
    }
    let _ = writeln!(out, "error: {error:#}");
    ExitCode::FAILURE
}

fn execute(cli: Cli) -> anyhow::Result<ExitCode> {
    let overrides: Vec<(&str, String)> = cli
        .set
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve(load(&overrides)?),
        Command::Migrate => {
            let settings: MigrateSettings = settings::load(PREFIX, DEFAULTS, &overrides).map_err(faulty)?;
            let ran = runtime()?.block_on(migrate(&settings.database.url))?;
            print(&if ran.is_empty() {
                "up to date".to_owned()
            } else {
                ran.join("\n")
            })
        }
        Command::Seed(options) => match runtime()?.block_on(seed::seed(&options))? {
            Seeded::Made => print("the demo workspace is there"),
            Seeded::Occupied => {
                print("somebody has signed up already: no demo workspace was made")?;
                Ok(ExitCode::from(OCCUPIED))
            }
        },
        Command::Healthcheck => healthcheck(&load(&overrides)?),
    }
}

fn load(overrides: &[(&str, String)]) -> anyhow::Result<Settings> {
    Ok(settings::load(PREFIX, DEFAULTS, overrides).map_err(faulty)?)
}

fn faulty(faults: settings::Faults) -> Faulty {
    Faulty(faults.lines().to_vec())
}

fn serve(settings: Settings) -> anyhow::Result<ExitCode> {
    let settings = settings.settle().context("no free port")?;
    let of_services = ServiceSettings::load(&settings).map_err(Faulty)?;
    let _guard = telemetry::init("onus", &settings.telemetry);
    runtime()?.block_on(async {
        let stop = stop_on_signals()?;
        let app = App::build(&settings, of_services).await?;
        let healthy = app.run(stop).await?;
        Ok(if healthy {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    })
}

fn healthcheck(settings: &Settings) -> anyhow::Result<ExitCode> {
    let mut address = settings.http.internal_address();
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    let status = runtime()?.block_on(async {
        let answer = web_kit::client::internal(HEALTH)?
            .get(format!("http://{address}/livez"))
            .send()
            .await?;
        anyhow::Ok(answer.status())
    });
    let status = status.with_context(|| format!("nobody answers at {address}"))?;
    if !status.is_success() {
        bail!("answered with {status}");
    }
    print("ok")
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("no runtime")
}

fn print(text: &str) -> anyhow::Result<ExitCode> {
    writeln!(std::io::stdout().lock(), "{text}")?;
    Ok(ExitCode::SUCCESS)
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("must look like http.port=8080".to_owned()),
    }
}
