//! One data directory and the server on it: made when missing, started on a loopback port, reachable by password only.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use super::binaries::{self, Binaries};
use crate::account;
use crate::ports;
use crate::processes::{Processes, Stage};
use crate::run::{run, run_status};
use crate::session::{Session, write_private};
use crate::ui::Progress;

/// Where the embedded default keeps its tables.
pub(crate) const DATABASE: &str = "onus";
/// A second one in the clusters of tests, for a second house.
pub(crate) const OTHER_DATABASE: &str = "onus_other";

/// What a crash of the machine may cost.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// Nothing that was acknowledged.
    Full,
    /// As `Full`, but the cluster is made anew: for measuring.
    Fresh,
    /// Everything, and the cluster is made anew: for tests.
    None,
}

/// A cluster that is ready to be started.
pub(crate) struct Cluster {
    folder: PathBuf,
    binaries: Binaries,
    password: String,
    port: u16,
    durability: Durability,
}

impl Cluster {
    /// Opens the cluster in a folder of the state, or makes it.
    pub(crate) fn open(
        session: &Session,
        name: &str,
        durability: Durability,
        progress: &Progress,
    ) -> Result<Self> {
        let folder = session.state.join(name);
        if durability != Durability::Full && folder.exists() {
            stop_leftover(session, &folder, progress)?;
            fs::remove_dir_all(&folder)?;
        }
        let recorded = fs::read_to_string(folder.join("major"))
            .ok()
            .and_then(|text| text.trim().parse().ok());
        let binaries = binaries::choose(session, recorded, progress)?;
        if recorded.is_none() {
            create(session, &folder, &binaries, durability, progress)?;
        }
        check_major(&folder, binaries.major)?;
        stop_leftover(session, &folder, progress)?;
        let password = fs::read_to_string(folder.join("password")).context("the database's password")?;
        let port = choose_port(&folder)?;
        Ok(Self {
            folder,
            binaries,
            password,
            port,
            durability,
        })
    }

    /// Starts the server and waits until it takes connections.
    pub(crate) fn start(&self, session: &Session, processes: &mut Processes, log: &str) -> Result<()> {
        let postgres = self.binaries.program("postgres");
        // SIGINT is Postgres's fast shutdown: sessions end, nothing that was committed is lost.
        let mut command = account::command(session.account.as_ref(), postgres.as_os_str(), Some("INT"));
        command.arg("-D").arg(self.folder.join("data"));
        let mut settings = vec![
            format!("port={}", self.port),
            "listen_addresses=127.0.0.1".to_owned(),
            "unix_socket_directories=".to_owned(),
            "max_connections=300".to_owned(),
            "timezone=UTC".to_owned(),
        ];
        if self.durability == Durability::None {
            settings
                .extend(["fsync=off", "synchronous_commit=off", "full_page_writes=off"].map(str::to_owned));
        }
        for setting in settings {
            command.args(["-c", &setting]);
        }
        let pid_file = self.folder.join("data/postmaster.pid");
        processes.start(
            "Postgres",
            Stage::Database,
            Signal::INT,
            &mut command,
            &session.log(log),
        )?;
        processes.wait_until("Postgres", Duration::from_secs(60), || is_ready(&pid_file))
    }

    /// The superuser's address of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        format!(
            "postgres://postgres:{}@127.0.0.1:{}/{database}",
            self.password, self.port
        )
    }

    /// The major version, and where it listens.
    pub(crate) fn describe(&self) -> String {
        format!("version {} on 127.0.0.1:{}", self.binaries.major, self.port)
    }
}

/// The eighth line of the postmaster's own file says "ready" once it takes connections.
fn is_ready(pid_file: &Path) -> bool {
    fs::read_to_string(pid_file)
        .is_ok_and(|text| text.lines().nth(7).is_some_and(|line| line.trim() == "ready"))
}

fn create(
    session: &Session,
    folder: &Path,
    binaries: &Binaries,
    durability: Durability,
    progress: &Progress,
) -> Result<()> {
    if folder.exists() {
        // Begun and never finished: without the recorded version nobody has ever started it.
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    let password_file = folder.join("password");
    write_private(&password_file, &format!("{:032x}", rand::random::<u128>()))?;
    if let Some(account) = &session.account {
        account.own_all(folder)?;
    }
    initdb(session, folder, binaries, progress)?;
    create_database(session, folder, binaries, DATABASE)?;
    if durability == Durability::None {
        create_database(session, folder, binaries, OTHER_DATABASE)?;
    }
    fs::write(folder.join("major"), format!("{}\n", binaries.major))?;
    Ok(())
}

/// Every cluster sorts and compares by code point in UTF-8: Postgres's own provider where it has one (17 and newer).
fn initdb(session: &Session, folder: &Path, binaries: &Binaries, progress: &Progress) -> Result<()> {
    let builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
    let mut locales: Vec<Vec<&str>> = vec![vec!["--locale=C.UTF-8"]];
    if binaries.major >= 17 {
        locales.insert(0, [&builtin[..], &["--locale=C.UTF-8"]].concat());
        locales.push([&builtin[..], &["--locale=C"]].concat());
    }
    let log = session.log("initdb");
    for locale in &locales {
        let program = binaries.program("initdb");
        let mut command = account::command(session.account.as_ref(), program.as_os_str(), None);
        command.args([
            "--username=postgres",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-instructions",
        ]);
        command.arg("--pwfile").arg(folder.join("password")).args(locale);
        if binaries.major >= 16 {
            // The password is random and long: hashing it a thousand times on each connection protects nothing.
            command.args(["--set", "scram_iterations=64"]);
        }
        command.arg("-D").arg(folder.join("data"));
        if run_status(session, &mut command, "initdb", progress)?.success() {
            return Ok(());
        }
    }
    bail!("initdb failed\n{}", crate::run::tail(&log, 20))
}

/// In single-user mode, because the pinned package has no client.
fn create_database(session: &Session, folder: &Path, binaries: &Binaries, name: &str) -> Result<()> {
    let program = binaries.program("postgres");
    let mut command = account::command(session.account.as_ref(), program.as_os_str(), None);
    command
        .arg("--single")
        .arg("-D")
        .arg(folder.join("data"))
        .arg("postgres");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        writeln!(input, "CREATE DATABASE {name}")?;
    }
    let ended = child.wait_with_output()?;
    let said = String::from_utf8_lossy(&ended.stderr);
    if !ended.status.success() || said.contains("ERROR") || said.contains("FATAL") {
        bail!("creating the database failed\n{said}");
    }
    Ok(())
}

fn check_major(folder: &Path, major: u32) -> Result<()> {
    let found =
        fs::read_to_string(folder.join("data/PG_VERSION")).context("reading PG_VERSION of the database")?;
    if found.trim() != major.to_string() {
        bail!(
            "{} holds data of Postgres {}, and the binaries are of version {major}: use the version that made it, \
             or give up the data with `cargo xtask reset`",
            folder.display(),
            found.trim()
        );
    }
    Ok(())
}

/// A server that outlived us (we were killed hard, on a system without a death signal) is stopped first.
pub(crate) fn stop_leftover(session: &Session, folder: &Path, progress: &Progress) -> Result<()> {
    let Ok(text) = fs::read_to_string(folder.join("data/postmaster.pid")) else {
        return Ok(());
    };
    let port = text.lines().nth(3).and_then(|line| line.trim().parse().ok());
    if port.is_none_or(ports::is_free) {
        return Ok(());
    }
    let major = fs::read_to_string(folder.join("major"))
        .ok()
        .and_then(|text| text.trim().parse().ok());
    let binaries = binaries::choose(session, major, progress)?;
    let program = binaries.program("pg_ctl");
    let mut command = account::command(session.account.as_ref(), program.as_os_str(), None);
    command
        .args(["stop", "-w", "-m", "fast", "-D"])
        .arg(folder.join("data"));
    run(session, &mut command, "postgres-stop", progress)
}

/// The port of the last time when it is still free: what people typed into their tools goes on working.
fn choose_port(folder: &Path) -> Result<u16> {
    let file = folder.join("port");
    let last = fs::read_to_string(&file)
        .ok()
        .and_then(|text| text.trim().parse().ok());
    if let Some(port) = last.filter(|port| ports::is_free(*port)) {
        return Ok(port);
    }
    let [port] = ports::free()?;
    fs::write(file, format!("{port}\n"))?;
    Ok(port)
}
