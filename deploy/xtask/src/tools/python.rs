//! Private virtual environments for the tools that come from PyPI.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::packages::{self, PYTHON};
use crate::run::{output, run};
use crate::session::Session;
use crate::ui::Progress;

/// The folder of an environment that holds exactly this requirement (`name==version`), made when missing.
pub(crate) fn environment(session: &Session, requirement: &str, progress: &Progress) -> Result<PathBuf> {
    let folder = session.shared.join("python").join(requirement.replace("==", "-"));
    let finished = folder.join("finished");
    if finished.is_file() {
        return Ok(folder);
    }
    packages::ensure(session, &[PYTHON], progress)?;
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    progress.say(&format!("installing {requirement} from PyPI"));
    // The system's own first: a Python below root's home could not be entered by the unprivileged account.
    let mut venv = Command::new(interpreter());
    run(
        session,
        venv.args(["-m", "venv"]).arg(&folder),
        &format!("python-venv-{requirement}"),
        progress,
    )?;
    let mut pip = Command::new(folder.join("bin/python"));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        requirement,
    ]);
    run(
        session,
        &mut pip,
        &format!("python-install-{requirement}"),
        progress,
    )?;
    fs::write(finished, requirement)?;
    Ok(folder)
}

/// Whether there is a Python that can make virtual environments.
pub(crate) fn is_present() -> bool {
    working().is_some()
}

fn interpreter() -> &'static str {
    working().unwrap_or("python3")
}

fn working() -> Option<&'static str> {
    let probe = "import ensurepip, venv, sys; sys.exit(sys.version_info < (3, 10))";
    let works = |program: &&str| output(Command::new(program).args(["-c", probe])).is_ok();
    ["/usr/bin/python3", "python3"].into_iter().find(works)
}
