//! `cargo xtask fmt` and `cargo xtask lint`.

use anyhow::Result;

use crate::cargo;
use crate::run::run;
use crate::session::Session;
use crate::tools::node::Node;
use crate::tools::web;
use crate::ui::{Progress, Steps};

/// Formats, or checks that everything is formatted.
pub(crate) fn format(session: &Session, check: bool, progress: &Progress) -> Result<()> {
    let mut command = cargo(session);
    command.args(["fmt", "--all"]);
    if check {
        command.args(["--check", "--", "--color", "never"]);
    }
    run(session, &mut command, "fmt", progress)
}

/// Clippy over every target of the workspace.
pub(crate) fn clippy(session: &Session, progress: &Progress) -> Result<()> {
    let mut command = cargo(session);
    command.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    run(session, &mut command, "clippy", progress)
}

/// A script of the web app's package.json.
pub(crate) fn web_script(session: &Session, script: &str, progress: &Progress) -> Result<()> {
    let node = Node::ensure(session, progress)?;
    web::install(session, &node, progress)?;
    run(
        session,
        node.npm(&session.web()).args(["run", script]),
        &format!("web-{}", script.replace(':', "-")),
        progress,
    )
}

/// `cargo xtask fmt`.
pub(crate) fn format_command(check: bool) -> Result<()> {
    let session = Session::open()?;
    Steps::new().step("Format", |progress| {
        format(&session, check, progress).map(|()| "")
    })
}

/// `cargo xtask lint`.
pub(crate) fn lint_command() -> Result<()> {
    let session = Session::open()?;
    let mut steps = Steps::new();
    steps.step("Clippy", |progress| clippy(&session, progress).map(|()| ""))?;
    steps.step("Web lint", |progress| {
        web_script(&session, "lint", progress).map(|()| "")
    })?;
    steps.step("Web types", |progress| {
        web_script(&session, "typecheck", progress).map(|()| "")
    })
}
