//! Which terraform there is, and where its AWS provider comes from: the registry or, where none can be reached, an
//! offline stand-in that knows the provider's schema and nothing of AWS.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use serde::Deserialize;

use crate::run::{exists, output, run_status};
use crate::session::Session;
use crate::ui::Progress;

/// Names the stand-in, a program that is called `STAND_IN FOLDER validate|test|apply [ARGUMENTS]`.
const STAND_IN: &str = "ONUS_TERRAFORM_OFFLINE";
/// Beside the checkout, when the variable does not say otherwise.
const BESIDE: [&str; 3] = ["shared", "terraform", "offline"];
/// The oldest version that the modules are written for: `use_lockfile` of the S3 backend.
const LEAST: (u64, u64) = (1, 11);
/// A configuration that needs the provider and nothing else.
const PROBE: &str = r#"terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 6.66, < 7" }
  }
}
"#;

/// What can be used here.
#[derive(Clone)]
pub(super) struct Engine {
    /// The provider's registry answers: the real provider lies in this cache.
    pub(super) registry: Option<PathBuf>,
    /// The stand-in.
    pub(super) stand_in: Option<PathBuf>,
    /// terraform's own version.
    version: String,
}

impl Engine {
    /// What a result depends on besides the files.
    pub(super) fn describe(&self) -> String {
        let provider = if self.registry.is_some() {
            "registry"
        } else {
            "stand-in"
        };
        format!("terraform {} {provider}", self.version)
    }
}

/// Looked for once; who comes second waits, since neither cache bears two at a time.
static FOUND: Mutex<Option<Result<Engine, String>>> = Mutex::new(None);

/// What there is, or why there is nothing.
pub(super) fn find(session: &Session, progress: &Progress) -> Result<Result<Engine, String>> {
    let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = found.as_ref() {
        return Ok(found.clone());
    }
    let fresh = look(session, progress)?;
    *found = Some(fresh.clone());
    Ok(fresh)
}

/// The version of terraform, when it is there and new enough, or why not.
pub(super) fn terraform() -> Result<String, String> {
    #[derive(Deserialize)]
    struct Version {
        terraform_version: String,
    }
    if !exists("terraform") {
        return Err("there is no terraform here".to_owned());
    }
    let version = output(Command::new("terraform").args(["version", "-json"]))
        .ok()
        .and_then(|text| serde_json::from_str::<Version>(&text).ok())
        .map(|version| version.terraform_version)
        .ok_or("terraform does not tell its version")?;
    let mut numbers = version.split('.').map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) if (major, minor) >= LEAST => Ok(version),
        _ => Err(format!("terraform {version} is older than 1.11")),
    }
}

fn look(session: &Session, progress: &Progress) -> Result<Result<Engine, String>> {
    let version = match terraform() {
        Ok(version) => version,
        Err(reason) => return Ok(Err(reason)),
    };
    let engine = Engine {
        version,
        registry: registry(session, progress)?,
        stand_in: stand_in(session),
    };
    Ok(match engine {
        Engine {
            registry: None,
            stand_in: None,
            ..
        } => Err(format!(
            "the provider's registry does not answer, and {STAND_IN} names no stand-in"
        )),
        engine => Ok(engine),
    })
}

/// The cache with the real provider, when it is there or can be fetched.
fn registry(session: &Session, progress: &Progress) -> Result<Option<PathBuf>> {
    let cache = session.shared.join("terraform-providers");
    let probe = session.files.join("terraform/probe");
    renew(&probe)?;
    fs::create_dir_all(&cache)?;
    fs::write(probe.join("main.tf"), PROBE)?;
    let mut command = init(&probe, &cache);
    let status = run_status(session, &mut command, "cloud-terraform-registry", progress)?;
    Ok(status.success().then_some(cache))
}

/// `terraform init` with the real provider, without a state.
pub(super) fn init(folder: &Path, cache: &Path) -> Command {
    let mut command = real(folder, cache);
    command.args(["init", "-backend=false", "-input=false", "-no-color"]);
    command
}

/// terraform with the real provider.
pub(super) fn real(folder: &Path, cache: &Path) -> Command {
    let mut command = Command::new("terraform");
    command
        .current_dir(folder)
        .env("TF_PLUGIN_CACHE_DIR", cache)
        .env("TF_IN_AUTOMATION", "1")
        .env("CHECKPOINT_DISABLE", "1");
    command
}

fn stand_in(session: &Session) -> Option<PathBuf> {
    let named = std::env::var_os(STAND_IN).map(PathBuf::from);
    let beside = || {
        Some(
            BESIDE
                .iter()
                .fold(session.root.parent()?.to_owned(), |path, part| path.join(part)),
        )
    };
    named.or_else(beside).filter(|program| program.is_file())
}

/// An empty folder.
pub(super) fn renew(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(fs::create_dir_all(folder)?)
}
