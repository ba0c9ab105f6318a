//! The file with the demo's sign-ins: written by `onus seed`, kept beside the data, published as `.onus/demo.json`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

use crate::session::{Session, write_private};

/// A way to sign in.
#[derive(Deserialize)]
pub(crate) struct SignIn {
    /// The address, at example.com.
    pub(crate) email: String,
    /// Random, made once.
    pub(crate) password: String,
}

/// What we print of the file; scripts read the rest.
#[derive(Deserialize)]
pub(crate) struct Demo {
    /// May do everything on boards.
    pub(crate) supervisor: SignIn,
    /// In charge of some of the tasks.
    pub(crate) pic: SignIn,
}

/// Whether the workspace was made to its end. A seeding that was interrupted goes on where it stopped.
pub(crate) fn is_finished(file: &Path) -> bool {
    read(file).is_ok_and(|demo| demo["finished"] == Value::Bool(true))
}

/// Notes under which address the house is this time.
pub(crate) fn set_url(file: &Path, url: &str) -> Result<()> {
    let mut demo = read(file)?;
    if demo["url"].as_str() != Some(url) {
        demo["url"] = Value::from(url);
        write_private(file, &format!("{demo:#}\n"))?;
    }
    Ok(())
}

/// Copies the file to where scripts look for it.
pub(crate) fn publish(session: &Session, file: &Path) -> Result<Demo> {
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let target = session.files.join("demo.json");
    if target != file {
        write_private(&target, &text)?;
    }
    serde_json::from_str(&text).with_context(|| format!("understanding {}", file.display()))
}

fn read(file: &Path) -> Result<Value> {
    Ok(serde_json::from_str(&fs::read_to_string(file)?)?)
}
