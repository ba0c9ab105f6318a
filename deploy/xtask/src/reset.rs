//! `cargo xtask reset`.

use std::fs;
use std::io::{BufRead, Write};
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::cli::ResetOptions;
use crate::postgres::cluster;
use crate::session::Session;
use crate::test;
use crate::ui::Steps;
use crate::up;

/// What stays: it takes long to fetch and belongs to no data.
const KEPT: [&str; 5] = [
    "python",
    "terraform-providers",
    "up.lock",
    "test.lock",
    "web.lock",
];
const KEPT_VERSIONS: [&str; 2] = ["postgres-", "actionlint-"];

/// Deletes this checkout's data after asking.
pub(crate) fn reset(options: &ResetOptions) -> Result<()> {
    let session = Session::open_with_state()?;
    let _up = up::lock(&session)?;
    let _test = test::lock(&session)?;
    let doomed = doomed(&session)?;
    println!("This deletes for good:");
    for path in &doomed {
        println!("    {}", path.display());
    }
    if !options.yes && !confirmed()? {
        bail!("nothing was deleted");
    }
    Steps::new().step("Reset", |progress| {
        cluster::stop_leftover(&session, &session.state.join("postgres"), progress)?;
        for path in &doomed {
            if path.is_dir() {
                fs::remove_dir_all(path)?;
            } else {
                fs::remove_file(path)?;
            }
        }
        Ok("done")
    })
}

fn doomed(session: &Session) -> Result<Vec<PathBuf>> {
    let mut doomed = Vec::new();
    if session.state != session.files {
        doomed.push(session.state.clone());
    }
    for entry in fs::read_dir(&session.files)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        if !KEPT.contains(&name.as_ref()) && !KEPT_VERSIONS.iter().any(|kept| name.starts_with(kept)) {
            doomed.push(session.files.join(name.as_ref()));
        }
    }
    Ok(doomed)
}

fn confirmed() -> Result<bool> {
    print!("Type yes to go on: ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}
