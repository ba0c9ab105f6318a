//! Terraform's own checks: the format, and for every module and both roots validity and tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Result, anyhow, bail};

use super::engine::{self, Engine, init, real, renew};
use super::files;
use super::stamps::Stamp;
use crate::run::{run, run_status, tail};
use crate::session::Session;
use crate::test::{Count, Outcome};
use crate::ui::Progress;

/// `terraform fmt`.
pub(crate) fn format(session: &Session, progress: &Progress) -> Result<Outcome> {
    if let Err(reason) = engine::terraform() {
        return Ok(Outcome::Skipped(reason));
    }
    let mut command = Command::new("terraform");
    command.current_dir(&session.root);
    command.args(["fmt", "-check", "-diff", "-no-color", "-recursive", "terraform"]);
    run(session, &mut command, "cloud-terraform-fmt", progress)?;
    Ok(Outcome::Counted(Count::ONE))
}

/// Each module by itself.
pub(crate) fn modules(session: &Session, progress: &Progress) -> Result<Outcome> {
    all(session, progress, |folder| {
        folder.starts_with("terraform/modules")
    })
}

/// The root of the environments, and that of the state's bucket.
pub(crate) fn roots(session: &Session, progress: &Progress) -> Result<Outcome> {
    all(session, progress, |folder| {
        !folder.starts_with("terraform/modules")
    })
}

/// How many folders at a time. Most of a test is waiting for a provider to come and go.
const AT_ONCE: usize = 3;

/// The cache of the real provider does not bear two at a time.
static CACHE: Mutex<()> = Mutex::new(());

/// A failure does not stop the others.
fn all(session: &Session, progress: &Progress, is_meant: fn(&Path) -> bool) -> Result<Outcome> {
    let engine = match engine::find(session, progress)? {
        Ok(engine) => engine,
        Err(reason) => return Ok(Outcome::Skipped(reason)),
    };
    let folders = Mutex::new(
        folders(&session.root)?
            .into_iter()
            .filter(|folder| is_meant(folder)),
    );
    let next = || folders.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work_off = || -> Result<Count> {
        let mut total = Count::default();
        while let Some(folder) = next() {
            total = total.and(settled(session, &engine, &folder, progress)?);
        }
        Ok(total)
    };
    thread::scope(|scope| {
        let workers = [(); AT_ONCE].map(|()| scope.spawn(work_off));
        let mut total = Count::default();
        for worker in workers {
            total = total.and(
                worker
                    .join()
                    .map_err(|_| anyhow!("a check of a module panicked"))??,
            );
        }
        Ok(Outcome::Counted(total))
    })
}

/// What is remembered of this folder, or what its checks say now.
fn settled(session: &Session, engine: &Engine, folder: &Path, progress: &Progress) -> Result<Count> {
    let stamp = Stamp::new(session, &folder.display().to_string(), folder, engine, &[])?;
    if let Some(passed) = stamp.passed() {
        return Ok(Count::from_tests(passed, 0, true));
    }
    let count = one_folder(session, engine, folder, progress)?;
    if let Some(passed) = count.all_passed() {
        stamp.remember(passed)?;
    }
    Ok(count)
}

/// Folders with something to validate or to test, from the checkout.
fn folders(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = files(&root.join("terraform"))?
        .iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "tf"))
        .filter_map(|file| Some(file.parent()?.strip_prefix(root).ok()?.to_owned()))
        .collect();
    found.sort();
    found.dedup();
    if found.is_empty() {
        bail!("there is nothing in terraform/");
    }
    Ok(found)
}

fn one_folder(session: &Session, engine: &Engine, module: &Path, progress: &Progress) -> Result<Count> {
    let name = module.display().to_string();
    progress.say(&name);
    let log = format!("cloud-{}", name.replace('/', "-"));
    let tested = session.root.join(module).join("tests").is_dir();
    // Every run of a test validates first. What has no tests is validated by itself.
    let verb = if tested { "test" } else { "validate" };
    let status = match engine {
        Engine {
            registry: Some(cache),
            ..
        } => {
            // A copy of everything, since the root refers to the modules.
            let work = session.files.join("terraform/work").join(name.replace('/', "-"));
            copy(&session.root.join("terraform"), &work.join("terraform"))?;
            let folder = work.join(module);
            let alone = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
            run(session, &mut init(&folder, cache), &log, progress)?;
            drop(alone);
            let mut command = real(&folder, cache);
            run_status(session, command.args([verb, "-no-color"]), &log, progress)?
        }
        Engine {
            stand_in: Some(program),
            ..
        } => {
            let mut command = Command::new(program);
            command.arg(session.root.join(module)).arg(verb);
            run_status(session, &mut command, &log, progress)?
        }
        Engine { .. } => bail!("neither registry nor stand-in"),
    };
    let file = session.log(&log);
    let text = fs::read_to_string(&file).unwrap_or_default();
    let (passed, failed) = match summary(&text) {
        Some(counts) => counts,
        None => (u64::from(status.success()), 0),
    };
    if !status.success() {
        println!("{name}\n{}\nThe whole log: {}", tail(&file, 60), file.display());
    }
    Ok(Count::from_tests(passed, failed, status.success()))
}

/// Reads "Success! 12 passed, 0 failed." and "Failure! 11 passed, 1 failed, 2 skipped.": what was skipped ran not.
fn summary(text: &str) -> Option<(u64, u64)> {
    let line = text
        .lines()
        .rfind(|line| line.starts_with("Success!") || line.starts_with("Failure!"))?;
    let count = |word: &str| -> Option<u64> {
        let (before, _) = line.split_once(word)?;
        before.split_ascii_whitespace().next_back()?.parse().ok()
    };
    let passed = count(" passed")?;
    Some((passed, count(" failed")? + count(" skipped").unwrap_or_default()))
}

/// The real provider's init writes beside the files: never into the checkout.
fn copy(from: &Path, to: &Path) -> Result<()> {
    renew(to)?;
    for file in files(from)? {
        let target = to.join(file.strip_prefix(from)?);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(&file, target)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::summary;

    #[test]
    fn summaries_are_counted() {
        assert_eq!(summary("x\nSuccess! 12 passed, 0 failed.\n"), Some((12, 0)));
        assert_eq!(
            summary("Failure! 11 passed, 1 failed, 2 skipped.\n"),
            Some((11, 3))
        );
        assert_eq!(summary("Success! The configuration is valid.\n"), None);
        assert_eq!(summary("Error: no such thing"), None);
    }
}
