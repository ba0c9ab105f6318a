//! What an operator does with the keys: `auth-service keys …` and `auth-service discovery …`.

use std::path::Path;

use anyhow::{Context, bail};
use chrono::{SecondsFormat, TimeDelta};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::{
    app::App,
    commands::rotate_keys::{self, KeyState},
    discovery,
};

/// API Gateway may keep keys for two hours, so a new one must have been published for as long before it signs.
const WAIT_SECONDS: &str = "7200";

/// The commands.
pub fn commands() -> Vec<Command> {
    let kid = Arg::new("kid").required(true).help("The key's id");
    let wait = Arg::new("wait-seconds")
        .long("wait-seconds")
        .value_parser(value_parser!(i64).range(0..=604_800))
        .default_value(WAIT_SECONDS)
        .help("For how long the new key is published before it signs");
    let leaked = Arg::new("leaked")
        .long("leaked")
        .action(ArgAction::SetTrue)
        .help("Retire it even if it is in use: every token it signed ends with it");
    let folder = Arg::new("folder").required(true).help("Where the files go");
    let bucket = Arg::new("bucket")
        .long("bucket")
        .help("Its name; without it that of auth.discovery_bucket");
    vec![
        Command::new("keys")
            .about("Shows and rotates the keys that sign access tokens")
            .subcommand_required(true)
            .subcommand(
                Command::new("init").about("Makes the first key where there is none, and publishes it"),
            )
            .subcommand(Command::new("list").about("Shows the keys and what each of them does"))
            .subcommand(
                Command::new("rotate")
                    .about("Makes a new key; it signs after a while")
                    .arg(wait),
            )
            .subcommand(
                Command::new("retire")
                    .about("Takes a key away of which no valid token is left")
                    .args([kid, leaked]),
            ),
        Command::new("discovery")
            .about("Discovery and JWKS as static files, for a CDN")
            .subcommand_required(true)
            .subcommand(
                Command::new("export")
                    .about("Writes them below .well-known in a folder")
                    .arg(folder),
            )
            .subcommand(
                Command::new("publish")
                    .about("Puts them below .well-known in an S3 bucket")
                    .arg(bucket),
            ),
    ]
}

/// Runs one of them; gives what is to be printed.
pub async fn run(app: &App, tool: &str, args: &ArgMatches) -> anyhow::Result<String> {
    let Some((action, args)) = args.subcommand() else {
        bail!("say what to do with {tool}");
    };
    match (tool, action) {
        ("keys", "init") => published(app, list(app).await?).await,
        ("keys", "list") => list(app).await,
        ("keys", "rotate") => {
            app.keys().await?;
            let wait = args
                .get_one::<i64>("wait-seconds")
                .copied()
                .context("say how long to wait")?;
            let state = rotate_keys::rotate(app, TimeDelta::seconds(wait)).await?;
            published(app, line(&state)).await
        }
        ("keys", "retire") => {
            let kid = args.get_one::<String>("kid").cloned().unwrap_or_default();
            rotate_keys::retire(app, kid.clone(), args.get_flag("leaked")).await?;
            published(app, format!("{kid} retired")).await
        }
        ("discovery", "export") => {
            let folder = args
                .get_one::<String>("folder")
                .map(String::as_str)
                .unwrap_or_default();
            discovery::export(app, Path::new(folder)).await
        }
        ("discovery", "publish") => {
            let settings = &app.settings;
            let bucket = args
                .get_one::<String>("bucket")
                .or(settings.discovery_bucket.as_ref())
                .context("say which: --bucket or auth.discovery_bucket")?;
            discovery::publish(app, bucket, settings.discovery_endpoint.as_deref()).await
        }
        _ => bail!("there is no `{tool} {action}`"),
    }
}

/// The keys line by line; the first is made by looking.
async fn list(app: &App) -> anyhow::Result<String> {
    app.keys().await?;
    let states = rotate_keys::list(app).await?;
    Ok(states.iter().map(line).collect::<Vec<_>>().join("\n"))
}

fn line(state: &KeyState) -> String {
    let from = state.signs_from.to_rfc3339_opts(SecondsFormat::Secs, true);
    format!("{}  {:<9}  signs from {from}", state.kid, state.duty.word())
}

/// Keys that nobody finds verify nothing: where the documents are objects in a bucket, they follow every change.
async fn published(app: &App, said: String) -> anyhow::Result<String> {
    let settings = &app.settings;
    match settings
        .discovery_bucket
        .as_deref()
        .filter(|bucket| !bucket.is_empty())
    {
        None => Ok(said),
        Some(bucket) => {
            let done = discovery::publish(app, bucket, settings.discovery_endpoint.as_deref()).await?;
            Ok(format!("{said}\n{done}"))
        }
    }
}
