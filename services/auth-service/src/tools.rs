//! What an operator does with the keys: `auth-service keys …` and `auth-service discovery …`.

use std::{fs, path::Path};

use anyhow::{Context, bail};
use chrono::{SecondsFormat, TimeDelta};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::{
    app::{App, Jwks},
    commands::rotate_keys::{self, KeyState},
    http::Configuration,
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
    vec![
        Command::new("keys")
            .about("Shows and rotates the keys that sign access tokens")
            .subcommand_required(true)
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
            ),
    ]
}

/// Runs one of them; gives what is to be printed.
pub async fn run(app: &App, tool: &str, args: &ArgMatches) -> anyhow::Result<String> {
    let Some((action, args)) = args.subcommand() else {
        bail!("say what to do with {tool}");
    };
    match (tool, action) {
        ("keys", "list") => {
            app.keys().await?;
            let states = rotate_keys::list(app).await?;
            Ok(states.iter().map(line).collect::<Vec<_>>().join("\n"))
        }
        ("keys", "rotate") => {
            app.keys().await?;
            let wait = args
                .get_one::<i64>("wait-seconds")
                .copied()
                .context("say how long to wait")?;
            Ok(line(&rotate_keys::rotate(app, TimeDelta::seconds(wait)).await?))
        }
        ("keys", "retire") => {
            let kid = args.get_one::<String>("kid").cloned().unwrap_or_default();
            rotate_keys::retire(app, kid.clone(), args.get_flag("leaked")).await?;
            Ok(format!("{kid} retired"))
        }
        ("discovery", "export") => {
            let folder = args
                .get_one::<String>("folder")
                .map(String::as_str)
                .unwrap_or_default();
            export(app, Path::new(folder)).await
        }
        _ => bail!("there is no `{tool} {action}`"),
    }
}

fn line(state: &KeyState) -> String {
    let from = state.signs_from.to_rfc3339_opts(SecondsFormat::Secs, true);
    format!("{}  {:<9}  signs from {from}", state.kid, state.duty.word())
}

/// The very bytes that the routes answer with.
async fn export(app: &App, folder: &Path) -> anyhow::Result<String> {
    let folder = folder.join(".well-known");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let keys = app.keys().await?;
    let files = [
        (
            "openid-configuration",
            serde_json::to_vec(&Configuration::of(app))?,
        ),
        ("jwks.json", serde_json::to_vec(&Jwks { keys: keys.public() })?),
    ];
    for (name, content) in files {
        let file = folder.join(name);
        fs::write(&file, content).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(format!("{} keys in {}", keys.public().len(), folder.display()))
}
