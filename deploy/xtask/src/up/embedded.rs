//! The default: the four services, their workers and the web app in the one process `onus`.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;
use rustix::process::Signal;

use super::{House, Up, build};
use crate::account;
use crate::http;
use crate::ports;
use crate::processes::{Processes, Stage};
use crate::run::run;
use crate::session::{Session, random_secret};
use crate::ui::Progress;

/// What `onus` is told at its start.
pub(crate) struct Onus<'a> {
    /// The binary.
    pub(crate) binary: &'a Path,
    /// The administrator's URL of its database.
    pub(crate) database: &'a str,
    /// Its public port.
    pub(crate) port: u16,
    /// What seals its signing keys; belongs to the database.
    pub(crate) secret: &'a str,
    /// Who may sign up: only the first person, or anybody.
    pub(crate) sign_up: &'a str,
    /// More settings, as variables.
    pub(crate) more: &'a [(String, String)],
}

/// Builds, migrates and starts it.
pub(crate) fn start(up: &mut Up<'_>, database: &str, secret: &str) -> Result<House> {
    let Up {
        options,
        session,
        steps,
        processes,
    } = up;
    steps.step("Build", |progress| {
        build(session, &["onus"], options.release, progress)
    })?;
    let binary = session.binary("onus", options.release);
    let onus = Onus {
        binary: &binary,
        database,
        port: options.port,
        secret,
        sign_up: "first",
        more: &[],
    };
    steps.step("Migrations", |progress| onus.migrate(session, progress))?;
    steps.step_with("Start", |_| {
        onus.start(session, processes, "onus")
            .map(|house| (house, String::new()))
    })
}

impl Onus<'_> {
    /// Brings every schema up to date.
    pub(crate) fn migrate(&self, session: &Session, progress: &Progress) -> Result<&'static str> {
        let mut command = Command::new(self.binary);
        command.arg("migrate").env("ONUS__DATABASE__URL", self.database);
        run(session, &mut command, "migrate", progress)?;
        Ok("")
    }

    /// Starts it under this name and waits for the first answer.
    pub(crate) fn start(&self, session: &Session, processes: &mut Processes, name: &str) -> Result<House> {
        let [internal_port] = ports::free()?;
        let port = self.port;
        let url = format!("http://localhost:{port}");
        let secret = random_secret();
        let mut command = account::command(None, self.binary.as_os_str(), Some("TERM"));
        command
            .arg("serve")
            .env("ONUS__DATABASE__URL", self.database)
            .env("ONUS__SECRET", self.secret)
            .env("ONUS__HTTP__PORT", port.to_string())
            .env("ONUS__HTTP__INTERNAL_PORT", internal_port.to_string())
            .env("ONUS__HTTP__PUBLIC_URL", &url)
            .env("ONUS__INTERNAL__SECRETS__NOTIFY_SERVICE", &secret)
            .env("ONUS__MIGRATE", "false")
            .env("AUTH__AUTH__SIGN_UP", self.sign_up)
            .env("ONUS__TELEMETRY__FORMAT", "pretty")
            .env("ONUS__WEB_ROOT", session.web().join("dist"))
            .envs(self.more.iter().map(|(name, value)| (name, value)));
        processes.start(
            name,
            Stage::Service,
            Signal::TERM,
            &mut command,
            &session.log(name),
        )?;
        processes.wait_until(name, Duration::from_secs(60), || {
            http::get(port, "/livez").is_ok_and(|(status, _)| status == 200)
        })?;
        Ok(House {
            url,
            internal: format!("http://127.0.0.1:{internal_port}"),
            secret,
            mails: None,
        })
    }
}
