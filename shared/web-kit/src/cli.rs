//! The command line that every service has.

mod commands;

use crate::Service;
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use std::io::Write as _;
use std::process::ExitCode;

/// The exit code for settings that cannot be used.
const BAD_SETTINGS: u8 = 2;

#[derive(Debug, Parser)]
#[command(disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    overrides: Overrides,
}

#[derive(Debug, Args)]
struct Overrides {
    /// Sets one setting, such as http.port=8080; wins over the environment and the file.
    #[arg(long = "set", global = true, value_name = "NAME=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves HTTP.
    Serve {
        /// Runs relays, consumers and senders in the same process.
        #[arg(long)]
        with_work: bool,
    },
    /// Runs relays, consumers and senders.
    Work,
    /// Brings the database schema up to date.
    Migrate {
        /// A database URL of a role that may create schemas and roles; <PREFIX>_ADMIN_URL when absent.
        #[arg(long, value_name = "URL")]
        admin_url: Option<String>,
    },
    /// Prints the API document.
    Openapi,
    /// Asks the running service whether it lives; for container health checks.
    Healthcheck,
    /// Gives quarantined events another chance.
    Redrive {
        /// Only those of this stream, such as task/0198….
        #[arg(long)]
        stream: Option<String>,
    },
}

/// Runs the command line of a service; its `main` is nothing else.
pub fn run<S: Service>() -> ExitCode {
    let matches = Cli::command()
        .name(S::NAME)
        .bin_name(S::NAME)
        .version(env!("CARGO_PKG_VERSION"))
        .subcommands(S::tools())
        .get_matches();
    if let Some((tool, args)) = matches.subcommand()
        && S::tools().iter().any(|own| own.get_name() == tool)
    {
        return commands::tool::<S>(tool, args).unwrap_or_else(|error| report(&error));
    }
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    match commands::execute::<S>(cli) {
        Ok(code) => code,
        Err(error) => report(&error),
    }
}

fn report(error: &anyhow::Error) -> ExitCode {
    let mut out = std::io::stderr().lock();
    // Without a terminal there is nobody to tell that telling failed.
    if let Some(faults) = error.downcast_ref::<settings::Faults>() {
        let _ = write!(out, "{faults}");
        return ExitCode::from(BAD_SETTINGS);
    }
    let _ = writeln!(out, "error: {error:#}");
    ExitCode::FAILURE
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("must look like http.port=8080".to_owned()),
    }
}
