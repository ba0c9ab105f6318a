//! One process of the house, which can be killed and started again.

use std::collections::BTreeMap;
use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use uuid::Uuid;

use crate::wait::until;

/// How long a process may take until it answers.
const START: Duration = Duration::from_secs(30);

/// How to start a process, and whether it runs.
#[derive(Debug)]
pub struct Process {
    name: String,
    program: PathBuf,
    arguments: Vec<String>,
    environment: BTreeMap<String, String>,
    health: String,
    log: PathBuf,
    child: Option<Child>,
}

impl Process {
    /// Describes a process. `health` is a URL that answers 200 once it is up; its output goes to a file in `logs`.
    pub fn new(
        name: &str,
        arguments: &[&str],
        environment: BTreeMap<String, String>,
        health: String,
        logs: &Path,
    ) -> Self {
        Self {
            name: name.to_owned(),
            program: binary(name),
            arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
            environment,
            health,
            log: logs.join(format!("{name}.log")),
            child: None,
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Starts it and waits until it answers.
    pub async fn start(&mut self, http: &reqwest::Client) -> Result<()> {
        let log = File::options().create(true).append(true).open(&self.log)?;
        let child = Command::new(&self.program)
            .args(&self.arguments)
            .envs(&self.environment)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("{} cannot be started; was it built?", self.program.display()))?;
        let child = self.child.insert(child);
        until(&format!("{} to answer", self.name), START, || {
            let exited = child.try_wait().ok().flatten();
            let request = http.get(&self.health).timeout(Duration::from_secs(1)).send();
            async move {
                if let Some(status) = exited {
                    bail!("it ended with {status}");
                }
                Ok(request
                    .await
                    .is_ok_and(|response| response.status().is_success())
                    .then_some(()))
            }
        })
        .await
        .with_context(|| format!("see {}", self.log.display()))
    }

    /// Kills it with SIGKILL, in the middle of whatever it does.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The test is over or has failed; either way nothing may be left running.
        let _ = self.kill();
    }
}

/// The path of a binary of the workspace, which `cargo xtask test` has built before.
pub fn binary(name: &str) -> PathBuf {
    let folder = std::env::var_os("ONUS_BIN_DIR").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/debug"),
        PathBuf::from,
    );
    folder.join(name)
}

/// A port that nobody listens on. Below those that the system gives to outgoing connections, so that nobody takes it
/// either while a killed process is about to come back to it.
pub fn free_port() -> Result<u16> {
    const FIRST: u16 = 12_000;
    const COUNT: u16 = 18_000;
    let start = Uuid::new_v4().as_u128() % u128::from(COUNT);
    let ports = (0..u128::from(COUNT)).map(|step| (start + step) % u128::from(COUNT));
    for port in ports {
        let port = FIRST + u16::try_from(port)?;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port is free")
}
