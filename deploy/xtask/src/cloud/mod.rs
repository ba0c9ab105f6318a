//! The checks of what runs in the cloud. None needs an account; one whose tool cannot be had here is skipped, by name.

pub(crate) mod actionlint;
mod engine;
pub(crate) mod linters;
pub(crate) mod modules;
pub(crate) mod plans;
mod stamps;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::stop::Interrupted;

/// Folders that hold results, or what others wrote.
const RESULTS: [&str; 4] = ["target", "node_modules", ".terraform", ".git"];

/// Every file below a folder that is ours, in order.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    collect(folder, &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        if RESULTS.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), found)?;
        } else {
            found.push(entry.path());
        }
    }
    Ok(())
}

/// A tool that could not be installed is a reason to skip; only an interruption is more.
fn or_reason<T>(installed: Result<T>, tool: &str) -> Result<Result<T, String>> {
    match installed {
        Ok(tool) => Ok(Ok(tool)),
        Err(error) if error.is::<Interrupted>() => Err(error),
        Err(_) => Ok(Err(format!("{tool} cannot be installed here"))),
    }
}
