//! The Rust tests, by cargo-nextest: each test a process of its own.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use super::{Count, House};
use crate::cargo;
use crate::run::{output, run, run_status, tail};
use crate::session::Session;
use crate::ui::Progress;

/// The log of a build.
const BUILD: &str = "build";

/// Builds everything, and takes whatever the compiler or Clippy remarks for a failure.
pub(super) fn lint(house: &mut House<'_>, progress: &Progress) -> Result<Count> {
    build(house.session, progress)?;
    // cargo repeats the remarks of what it need not build again.
    let file = house.session.log(BUILD);
    let text = fs::read_to_string(&file)?;
    if has_remarks(&text) {
        println!("{}\nThe whole log: {}", tail(&file, 60), file.display());
        return Ok(Count::BROKEN);
    }
    Ok(Count::ONE)
}

/// Whether anything was remarked about a crate: "warning: `onus` (lib) generated 2 warnings". cargo warns of other things
/// too, such as a registry that answers only when asked again.
fn has_remarks(text: &str) -> bool {
    text.lines()
        .any(|line| line.starts_with("warning: `") && line.contains(") generated "))
}

/// Everything there is, in one go: what part of a workspace is built decides the features of what it stands on, and so
/// each part by itself would build those anew.
pub(super) fn build(session: &Session, progress: &Progress) -> Result<()> {
    let mut command = through_clippy(session)?;
    command.args(["build", "--workspace", "--all-targets"]);
    run(session, &mut command, BUILD, progress)
}

/// cargo with Clippy in the compiler's place for the crates of this workspace: it looks, and then compiles as always. Run
/// by itself it would have everything below checked once more, which takes as long as building it.
fn through_clippy(session: &Session) -> Result<Command> {
    let sysroot = output(
        Command::new("rustc")
            .current_dir(&session.root)
            .args(["--print", "sysroot"]),
    )?;
    let clippy = Path::new(sysroot.trim()).join("bin/clippy-driver");
    if !clippy.exists() {
        bail!("Clippy is not there: `rustup component add clippy`");
    }
    let mut command = cargo(session);
    command.env("RUSTC_WORKSPACE_WRAPPER", clippy);
    Ok(command)
}

/// Dependency edges, who may use what, how long a file may be: the tests of this very crate.
pub(super) fn invariants(house: &mut House<'_>, progress: &Progress) -> Result<Count> {
    nextest(house, "package(xtask)", "nextest-xtask", progress)
}

/// All other tests of the workspace, on a real Postgres and a real emulator.
pub(super) fn tests(house: &mut House<'_>, progress: &Progress) -> Result<Count> {
    nextest(house, "not package(xtask)", "nextest", progress)
}

fn nextest(house: &mut House<'_>, filter: &str, log: &str, progress: &Progress) -> Result<Count> {
    install(house, progress)?;
    build(house.session, progress)?;
    let mut command = through_clippy(house.session)?;
    command.args(["nextest", "run", "--workspace", "--filterset", filter]);
    command.args(["--no-fail-fast", "--color", "never"]);
    command.args([
        "--status-level",
        "slow",
        "--final-status-level",
        "slow",
        "--success-output",
        "never",
    ]);
    // A snapshot that differs fails; it is never accepted by running the tests.
    command.env("INSTA_UPDATE", "no").env("CARGO_TERM_COLOR", "never");
    if log == "nextest" {
        house.equip(&mut command, progress)?;
    }
    let status = run_status(house.session, &mut command, log, progress)?;
    let file = house.session.log(log);
    let text = fs::read_to_string(&file).unwrap_or_default();
    let (passed, failed) = summary(&text).unwrap_or_default();
    if !status.success() {
        println!("{}\nThe whole log: {}", tail(&file, 150), file.display());
    }
    Ok(Count::from_tests(passed, failed, status.success()))
}

/// Reads "Summary [ 12.3s] 120 tests run: 118 passed (2 slow), 1 failed, 1 timed out, 3 skipped".
fn summary(text: &str) -> Option<(u64, u64)> {
    let line = text
        .lines()
        .rfind(|line| line.trim_start().starts_with("Summary ["))?;
    let (head, tail) = line.split_once("run:")?;
    let run: u64 = head
        .split(']')
        .nth(1)?
        .split_ascii_whitespace()
        .next()?
        .split('/')
        .next()?
        .parse()
        .ok()?;
    let passed: u64 = tail.split_ascii_whitespace().next()?.parse().ok()?;
    Some((passed, run.saturating_sub(passed)))
}

/// cargo-nextest from the package registry, when it is not there.
fn install(house: &House<'_>, progress: &Progress) -> Result<()> {
    let mut probe = Command::new("cargo");
    if output(
        probe
            .current_dir(&house.session.root)
            .args(["nextest", "--version"]),
    )
    .is_ok()
    {
        return Ok(());
    }
    progress.say("installing cargo-nextest (once, some minutes)");
    let mut command = cargo(house.session);
    run(
        house.session,
        command.args(["install", "cargo-nextest", "--locked"]),
        "install-nextest",
        progress,
    )
}

#[cfg(test)]
mod tests {
    use super::{has_remarks, summary};

    #[test]
    fn what_is_said_of_crates_counts_and_nothing_else() {
        assert!(has_remarks(
            "   Compiling x\nwarning: `onus` (lib) generated 1 warning (run …)\n"
        ));
        assert!(has_remarks(
            "warning: `onus` (lib test) generated 2 warnings (2 duplicates)"
        ));
        assert!(!has_remarks(
            "warning: spurious network error (3 tries remaining): timed out"
        ));
        assert!(!has_remarks("    Finished `dev` profile in 1s"));
    }

    #[test]
    fn summaries_are_counted() {
        let text = "     Summary [   0.012s] 1 test run: 1 passed, 0 skipped\n";
        assert_eq!(summary(text), Some((1, 0)));
        let text = "x\n     Summary [  12.301s] 120 tests run: 117 passed (2 slow), 2 failed, 1 timed out, 3 skipped\n";
        assert_eq!(summary(text), Some((117, 3)));
        assert_eq!(summary("error: could not compile"), None);
    }
}
