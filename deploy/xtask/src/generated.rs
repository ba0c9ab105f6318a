//! What is generated and checked in: OpenAPI documents, JSON Schemas of the events, the table of who may do what, the
//! web app's API client.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::lint::web_script;
use crate::run::{output, run};
use crate::session::Session;
use crate::ui::{Progress, Steps};
use crate::up::build_all;
use crate::up::separate::SERVICES;

/// `cargo xtask openapi`.
pub(crate) fn openapi_command(check: bool) -> Result<()> {
    let session = Session::open()?;
    let mut steps = Steps::new();
    steps.step("OpenAPI documents", |progress| {
        build_all(&session, false, progress)?;
        openapi(&session, check)
    })?;
    steps.step("Web client", |progress| web_client(&session, check, progress))
}

/// `cargo xtask schema`.
pub(crate) fn schema_command(check: bool) -> Result<()> {
    let session = Session::open()?;
    Steps::new().step("JSON Schemas", |progress| {
        build_all(&session, false, progress)?;
        schemas(&session, check, progress)
    })
}

fn services() -> [String; SERVICES.len()] {
    SERVICES.map(|service| format!("{service}-service"))
}

/// `services/X-service/openapi.json` as the service itself, which is built already, writes it.
pub(crate) fn openapi(session: &Session, check: bool) -> Result<String> {
    let packages = services();
    let mut written = Vec::new();
    for package in &packages {
        let document = output(Command::new(session.binary(package, false)).arg("openapi"))?;
        let file = session.root.join("services").join(package).join("openapi.json");
        if settle(&file, document.as_bytes(), check, "cargo xtask openapi")? {
            written.push(package.as_str());
        }
    }
    Ok(remark(&written))
}

/// `cargo xtask policy`: `shared/policy/README.md` as the policy crate writes it.
pub(crate) fn policy_command(check: bool) -> Result<()> {
    let session = Session::open()?;
    Steps::new().step("Policy table", |progress| {
        build_all(&session, false, progress)?;
        let table = output(&mut Command::new(session.binary("policy", false)))?;
        let file = session.root.join("shared/policy/README.md");
        let written = settle(&file, table.as_bytes(), check, "cargo xtask policy")?;
        Ok(remark(if written { &["README.md"] } else { &[] }))
    })
}

/// `shared/contracts/schemas/*.json` as the contracts crate, which is built already, writes them.
pub(crate) fn schemas(session: &Session, check: bool, progress: &Progress) -> Result<String> {
    let fresh = session.files.join("schemas");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    let mut command = Command::new(session.binary("contracts-schemas", false));
    run(session, command.arg(&fresh), "schemas", progress)?;
    let target = session.root.join("shared/contracts/schemas");
    let mut written = Vec::new();
    for name in names(&fresh)? {
        let content = fs::read(fresh.join(&name))?;
        if settle(&target.join(&name), &content, check, "cargo xtask schema")? {
            written.push(name);
        }
    }
    for name in names(&target)? {
        if !fresh.join(&name).exists() {
            bail!(
                "{} belongs to no type of event any more: delete it",
                target.join(name).display()
            );
        }
    }
    Ok(remark(&written.iter().map(String::as_str).collect::<Vec<_>>()))
}

/// The types that the web app's client is made of, from the checked-in documents.
pub(crate) fn web_client(session: &Session, check: bool, progress: &Progress) -> Result<&'static str> {
    web_script(session, if check { "api:check" } else { "api" }, progress)?;
    Ok("")
}

/// Writes the file when it differs, or fails when it may not.
pub(crate) fn settle(file: &Path, content: &[u8], check: bool, command: &str) -> Result<bool> {
    if fs::read(file).is_ok_and(|found| found == content) {
        return Ok(false);
    }
    if check {
        bail!(
            "{} is stale: run `{command}` and commit the result",
            file.display()
        );
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, content).with_context(|| format!("writing {}", file.display()))?;
    Ok(true)
}

fn names(folder: &PathBuf) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

pub(crate) fn remark(written: &[&str]) -> String {
    if written.is_empty() {
        "up to date".to_owned()
    } else {
        format!("wrote {}", written.join(", "))
    }
}
