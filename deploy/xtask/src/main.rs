//! `cargo xtask`: run the house, test it, regenerate what is generated.

#![expect(clippy::print_stdout, reason = "printing is what a command line tool is for")]
#![expect(
    clippy::print_stderr,
    reason = "the error of a command belongs on the standard error"
)]

mod account;
mod bench;
mod cli;
mod cloud;
mod generated;
mod http;
mod lint;
mod migrate;
mod packages;
mod ports;
mod postgres;
mod processes;
mod reset;
mod routes;
mod run;
mod session;
mod stop;
mod test;
mod tools;
mod ui;
mod up;

use std::process::{Command, ExitCode};

use clap::Parser;

use session::Session;
use stop::Interrupted;

fn main() -> ExitCode {
    let result = match cli::Cli::parse().command {
        cli::Command::Up(options) => up::up(&options),
        cli::Command::Test(options) => test::test(&options),
        cli::Command::Cloud(cli::Cloud::Check(options)) => test::cloud(&options),
        cli::Command::Migrate(options) => migrate::migrate(&options),
        cli::Command::Openapi(options) => generated::openapi_command(options.check),
        cli::Command::Routes(options) => routes::routes_command(options.check),
        cli::Command::Schema(options) => generated::schema_command(options.check),
        cli::Command::Policy(options) => generated::policy_command(options.check),
        cli::Command::Fmt(options) => lint::format_command(options.check),
        cli::Command::Lint => lint::lint_command(),
        cli::Command::Bench(options) => bench::bench(&options),
        cli::Command::Reset(options) => reset::reset(&options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<Interrupted>() => {
            eprintln!("interrupted");
            ExitCode::from(130)
        }
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The cargo that runs us, in the checkout.
fn cargo(session: &Session) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(&session.root);
    command
}
