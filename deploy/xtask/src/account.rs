//! The unprivileged account that runs Postgres, nginx and the emulator when we were started as root.

use std::ffi::OsStr;
use std::os::unix::fs::chown;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

const NAME: &str = "onus";

/// A user and its group.
#[derive(Clone)]
pub(crate) struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    /// The system user `onus`, made when missing; `nobody` where users cannot be made.
    pub(crate) fn unprivileged() -> Result<Self> {
        if let Some(account) = Self::named(NAME)? {
            return Ok(account);
        }
        let made = Command::new("useradd")
            .args([
                "--system",
                "--user-group",
                "--no-create-home",
                "--home-dir",
                "/var/lib/onus",
            ])
            .args(["--shell", "/usr/sbin/nologin", NAME])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        let name = if made.is_ok_and(|status| status.success()) {
            NAME
        } else {
            "nobody"
        };
        match Self::named(name)? {
            Some(account) => Ok(account),
            None => {
                bail!("there is no user {name} to run Postgres as; start as an ordinary user instead of root")
            }
        }
    }

    fn named(name: &str) -> Result<Option<Self>> {
        let id = |flag: &str| -> Result<Option<u32>> {
            let output = Command::new("id")
                .args([flag, name])
                .output()
                .context("running id")?;
            let text = String::from_utf8_lossy(&output.stdout);
            Ok(if output.status.success() {
                text.trim().parse().ok()
            } else {
                None
            })
        };
        Ok(id("-u")?.zip(id("-g")?).map(|(uid, gid)| Self { uid, gid }))
    }

    /// Gives a file or folder to the account.
    pub(crate) fn own(&self, path: &Path) -> Result<()> {
        chown(path, Some(self.uid), Some(self.gid)).with_context(|| format!("chown {}", path.display()))
    }

    /// Gives a folder and everything in it to the account.
    pub(crate) fn own_all(&self, path: &Path) -> Result<()> {
        let owner = format!("{}:{}", self.uid, self.gid);
        let status = Command::new("chown").args(["-R", &owner]).arg(path).status()?;
        if !status.success() {
            bail!("chown -R {} failed", path.display());
        }
        Ok(())
    }
}

/// A command that runs as the account, or as ourselves when there is none. With `orphan_signal` it is sent that signal
/// should we be killed ourselves (Linux), so that a hard kill leaves nothing behind.
pub(crate) fn command(account: Option<&Account>, program: &OsStr, orphan_signal: Option<&str>) -> Command {
    let linux = cfg!(target_os = "linux");
    if account.is_none() && (orphan_signal.is_none() || !linux) {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    if let Some(account) = account {
        command
            .arg(format!("--reuid={}", account.uid))
            .arg(format!("--regid={}", account.gid));
        command
            .arg("--clear-groups")
            .env("HOME", "/var/lib/onus")
            .current_dir("/");
    }
    if let Some(signal) = orphan_signal {
        command.args(["--pdeathsig", signal]);
    }
    command.arg("--").arg(program);
    command
}
