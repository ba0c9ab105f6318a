//! The gateway: nginx from a prefix of its own, with the template that the container uses too.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::Signal;

use crate::account;
use crate::http;
use crate::processes::{Processes, Stage};
use crate::run::exists;
use crate::session::Session;

/// What the template leaves open.
pub(crate) struct Gateway<'a> {
    /// The port that browsers come to.
    pub(crate) port: u16,
    /// The built web app.
    pub(crate) web: &'a Path,
    /// Name and public port of each service.
    pub(crate) services: &'a [(&'static str, u16)],
}

impl Gateway<'_> {
    /// Writes the configuration, starts nginx and waits for the first page.
    pub(crate) fn start(&self, session: &Session, processes: &mut Processes) -> Result<()> {
        let prefix = self.write(session)?;
        let program = if exists("nginx") {
            PathBuf::from("nginx")
        } else {
            PathBuf::from("/usr/sbin/nginx")
        };
        // SIGQUIT lets open answers end; a long poll may hold one for 25 s, so it is SIGTERM.
        let mut command = account::command(session.account.as_ref(), program.as_os_str(), Some("TERM"));
        command
            .arg("-p")
            .arg(&prefix)
            .arg("-c")
            .arg(prefix.join("nginx.conf"))
            .args(["-e", "stderr"]);
        processes.start(
            "nginx",
            Stage::Gateway,
            Signal::TERM,
            &mut command,
            &session.log("nginx"),
        )?;
        processes.wait_until("nginx", Duration::from_secs(10), || {
            http::get(self.port, "/").is_ok_and(|(status, _)| status == 200)
        })
    }

    fn write(&self, session: &Session) -> Result<PathBuf> {
        let prefix = session.state.join("nginx");
        fs::create_dir_all(prefix.join("tmp"))?;
        let source = session.root.join("docker/nginx");
        let template =
            fs::read_to_string(source.join("gateway.conf.template")).context("the gateway's template")?;
        let mut server = template
            .replace("${GATEWAY_LISTEN}", &self.port.to_string())
            .replace("${WEB_ROOT}", &self.web.display().to_string());
        for (name, port) in self.services {
            let variable = format!("${{{}_UPSTREAM}}", name.to_uppercase());
            server = server.replace(&variable, &format!("127.0.0.1:{port}"));
        }
        fs::write(prefix.join("gateway.conf"), server)?;
        for file in ["nginx.conf", "mime.types", "web-headers.conf"] {
            fs::copy(source.join(file), prefix.join(file))?;
        }
        if let Some(account) = &session.account {
            account.own_all(&prefix)?;
        }
        Ok(prefix)
    }
}
