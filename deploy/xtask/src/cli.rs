//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Everything one does with this repository: run it, test it, regenerate what is generated.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_version_flag = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Install what is missing, build, start, and print the address and two demo sign-ins.
    ///
    /// Runs the whole house as one process on a private Postgres, until Ctrl-C. Data survives: it is in .onus/, or below
    /// /var/lib/onus when started as root. Set ONUS_DATABASE_URL to use a Postgres of your own (its user must be allowed
    /// to make roles and schemas).
    Up(UpOptions),
    /// Run every check there is; ends with "N passed, N failed", and "N skipped" where a tool cannot be had.
    ///
    /// Goes on after a failure. Databases, queues and servers of its own are started, and stopped at the end.
    Test(TestOptions),
    /// What runs in the cloud: Terraform, images, workflows, scripts.
    #[command(subcommand)]
    Cloud(Cloud),
    /// Bring the database's schemas up to date without starting anything else.
    Migrate(MigrateOptions),
    /// Write the OpenAPI document of each service and the web app's client.
    Openapi(Check),
    /// Write the list of routes that the API gateway in the cloud is made from.
    Routes(Check),
    /// Write the JSON Schemas of the events.
    Schema(Check),
    /// Write the table of who may do what.
    Policy(Check),
    /// Format the Rust sources.
    Fmt(Check),
    /// Run clippy, and the web app's linter and type checker, with warnings as errors.
    Lint,
    /// Measure: writes against pgbench, board reads, time to audit entry and mail, memory.
    ///
    /// Release build, database and server of its own. Prints a table and writes JSON.
    Bench(BenchOptions),
    /// Stop Postgres and delete this checkout's data: database, demo sign-ins, logs.
    Reset(ResetOptions),
}

/// How to run the house.
#[derive(Args, Clone)]
pub(crate) struct UpOptions {
    /// Make no demo workspace: the first person signs up in the browser.
    #[arg(long)]
    pub(crate) empty: bool,
    /// Run the four services as processes of their own behind nginx, as in the cloud.
    #[arg(long)]
    pub(crate) separate: bool,
    /// What carries events between the services; sqs needs --separate and brings an emulator of SQS and SES.
    #[arg(long, value_enum, default_value_t = Bus::Postgres)]
    pub(crate) bus: Bus,
    /// The port for the browser.
    #[arg(long, default_value_t = 8080)]
    pub(crate) port: u16,
    /// Build with optimisations.
    #[arg(long)]
    pub(crate) release: bool,
}

/// A transport for events.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bus {
    /// Tables in the database.
    Postgres,
    /// SQS FIFO queues, in the AWS emulator.
    Sqs,
}

/// Which checks to run.
#[derive(Args)]
pub(crate) struct TestOptions {
    /// Run only the checks whose name contains one of these words (`cargo xtask test --list` names them).
    pub(crate) only: Vec<String>,
    /// Name the checks and do nothing.
    #[arg(long)]
    pub(crate) list: bool,
}

/// What to do about the cloud.
#[derive(Subcommand)]
pub(crate) enum Cloud {
    /// Run the checks of `cargo xtask test` whose names begin with "cloud"; no account is needed.
    ///
    /// Terraform takes its provider from the registry or, where none can be reached, an offline stand-in, which
    /// ONUS_TERRAFORM_OFFLINE may name. What cannot be run is counted as skipped, never as passed.
    Check(TestOptions),
}

/// Which database to migrate.
#[derive(Args)]
pub(crate) struct MigrateOptions {
    /// The administrator's URL; by default the private Postgres of `up`, which is started for it.
    #[arg(long, env = "ONUS_DATABASE_URL", hide_env_values = true)]
    pub(crate) url: Option<String>,
}

/// Whether to write or to compare.
#[derive(Args)]
pub(crate) struct Check {
    /// Change nothing; fail when something would change.
    #[arg(long)]
    pub(crate) check: bool,
}

/// How to measure.
#[derive(Args)]
pub(crate) struct BenchOptions {
    /// Handed to the benchmark as they are (`cargo xtask bench -- --help` lists them).
    #[arg(last = true)]
    pub(crate) arguments: Vec<String>,
}

/// How to delete.
#[derive(Args)]
pub(crate) struct ResetOptions {
    /// Do not ask.
    #[arg(long)]
    pub(crate) yes: bool,
}
