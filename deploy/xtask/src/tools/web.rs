//! The web app: `npm ci` and `npm run build`, each skipped while nothing it depends on has changed.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::node::Node;
use crate::run::run;
use crate::session::Session;
use crate::ui::Progress;

/// Folders of services/web that are results, not sources.
const RESULTS: [&str; 5] = ["node_modules", "dist", "test-results", "playwright-report", "e2e"];

/// Installs the web app's packages as its lock file says.
pub(crate) fn install(session: &Session, node: &Node, progress: &Progress) -> Result<bool> {
    let web = session.web();
    let stamp = web.join("node_modules/.onus-stamp");
    let _alone = alone(session)?;
    let mut hasher = DefaultHasher::new();
    for name in ["package.json", "package-lock.json"] {
        fs::read(web.join(name))
            .with_context(|| format!("reading services/web/{name}"))?
            .hash(&mut hasher);
    }
    let wanted = format!("{:016x}", hasher.finish());
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(false);
    }
    run(session, node.npm(&web).arg("ci"), "npm-ci", progress)?;
    fs::write(stamp, wanted)?;
    Ok(true)
}

/// Builds `services/web/dist`.
pub(crate) fn build(session: &Session, progress: &Progress) -> Result<String> {
    let web = session.web();
    let stamp = session.files.join("web.stamp");
    let wanted = source_hash(&web)?;
    let built = web.join("dist/index.html").is_file();
    if built && fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok("unchanged".to_owned());
    }
    let node = Node::ensure(session, progress)?;
    install(session, &node, progress)?;
    run(
        session,
        node.npm(&web).args(["run", "build"]),
        "npm-build",
        progress,
    )?;
    fs::write(stamp, wanted)?;
    Ok(String::new())
}

/// `up` and `test` may run at the same time, and share node_modules.
fn alone(session: &Session) -> Result<File> {
    let file = File::options()
        .create(true)
        .append(true)
        .open(session.files.join("web.lock"))?;
    file.lock().context("locking .onus/web.lock")?;
    Ok(file)
}

/// A folder with the built app that the gateway's account can enter: `dist` itself, or a copy for root.
pub(crate) fn public_copy(session: &Session) -> Result<PathBuf> {
    let dist = session.web().join("dist");
    let Some(account) = &session.account else {
        return Ok(dist);
    };
    let copy = session.state.join("web");
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    copy_folder(&dist, &copy)?;
    account.own_all(&copy)?;
    Ok(copy)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn source_hash(web: &Path) -> Result<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(web)? {
        let entry = entry?;
        if !RESULTS.iter().any(|name| entry.file_name() == *name) {
            collect(&entry.path(), &mut files)?;
        }
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.strip_prefix(web)?.hash(&mut hasher);
        fs::read(&file)?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else if path.is_file()
        && path
            .extension()
            .is_none_or(|extension| extension != "tsbuildinfo")
    {
        files.push(path.to_owned());
    }
    Ok(())
}
