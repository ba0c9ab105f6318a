//! `cargo xtask test`: every check there is, the quick ones first; a failure does not stop the others.

mod beside;
mod checks;
mod end_to_end;
mod house;
mod rust;
mod web;

use std::fs::File;

use anyhow::{Result, bail};

use crate::cli::TestOptions;
use crate::packages::{self, CHROMIUM, COMPILER, FONTS, Need, PYTHON};
use crate::session::Session;
use crate::stop::Interrupted;
use crate::ui::{Progress, Steps};
use beside::Beside;
use checks::CHECKS;
use house::House;

/// What a check found.
#[derive(Clone, Copy, Default)]
pub(crate) struct Count {
    passed: u64,
    failed: u64,
}

impl Count {
    pub(crate) const ONE: Self = Self { passed: 1, failed: 0 };
    const BROKEN: Self = Self { passed: 0, failed: 1 };

    /// A result that says nothing about failures counts as one: a run without a single test has proved nothing.
    pub(crate) fn from_tests(passed: u64, failed: u64, clean_exit: bool) -> Self {
        let silent = failed == 0 && (!clean_exit || passed == 0);
        Self {
            passed,
            failed: if silent { 1 } else { failed },
        }
    }

    /// How many, where there is no failure.
    pub(crate) fn all_passed(self) -> Option<u64> {
        (self.failed == 0).then_some(self.passed)
    }

    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
        }
    }
}

/// How a check ended.
pub(crate) enum Outcome {
    /// It ran.
    Counted(Count),
    /// It could not be run here, for this reason. That is neither a success nor a failure, and is said at the end.
    Skipped(String),
}

/// One check.
pub(crate) struct Check {
    name: &'static str,
    work: Work,
}

/// How a check is run.
#[derive(Clone, Copy)]
enum Work {
    /// In its turn.
    InTurn(fn(&mut House<'_>, &Progress) -> Result<Count>),
    /// Needs no server and touches nothing that others do: two of these run at a time, beside those in their turn.
    Beside(fn(&Session, &Progress) -> Result<Outcome>),
}

/// Runs the checks that were asked for, all by default.
pub(crate) fn test(options: &TestOptions) -> Result<()> {
    let wanted = |name: &str| is_wanted(name, options);
    run_checks(wanted, options.list, &[COMPILER, PYTHON, CHROMIUM, FONTS])
}

/// `cargo xtask cloud check`.
pub(crate) fn cloud(options: &TestOptions) -> Result<()> {
    let wanted = |name: &str| name.starts_with("cloud ") && is_wanted(name, options);
    run_checks(wanted, options.list, &[PYTHON])
}

/// What the whole run found.
#[derive(Default)]
struct Total {
    count: Count,
    failed: Vec<&'static str>,
    skipped: Vec<&'static str>,
}

fn run_checks(is_wanted: impl Fn(&str) -> bool, list: bool, needs: &[Need]) -> Result<()> {
    let wanted: Vec<&Check> = CHECKS.iter().filter(|check| is_wanted(check.name)).collect();
    if list {
        wanted.iter().for_each(|check| println!("{}", check.name));
        return Ok(());
    }
    if wanted.is_empty() {
        bail!("no check has a name like that: see `cargo xtask test --list`");
    }
    let session = Session::open_with_state()?;
    let _lock = lock(&session)?;
    let mut steps = Steps::new();
    steps.step("system packages", |progress| {
        packages::ensure(&session, needs, progress)
    })?;
    let mut house = House::new(&session);
    let beside = Beside::start(&session, &wanted);
    let mut total = Total::default();
    for check in wanted {
        match carry_out(check, &mut house, &beside, &mut steps)? {
            Outcome::Skipped(_) => total.skipped.push(check.name),
            Outcome::Counted(count) => {
                total.count = total.count.and(count);
                if count.failed > 0 {
                    total.failed.push(check.name);
                }
            }
        }
    }
    house.close();
    total.conclude()
}

impl Total {
    fn conclude(&self) -> Result<()> {
        if !self.failed.is_empty() {
            println!("\nfailed: {}", self.failed.join(", "));
        }
        println!("{}", self.summary());
        if self.count.failed > 0 {
            bail!("there are failures; the whole output is in .onus/logs")
        } else {
            Ok(())
        }
    }

    fn summary(&self) -> String {
        let Count { passed, failed } = self.count;
        match self.skipped.as_slice() {
            [] => format!("{passed} passed, {failed} failed"),
            names => format!(
                "{passed} passed, {failed} failed, {} skipped: {}",
                names.len(),
                names.join(", ")
            ),
        }
    }
}

/// One `test` or `reset` of a checkout at a time.
pub(crate) fn lock(session: &Session) -> Result<File> {
    session.lock(
        "test.lock",
        "`cargo xtask test` is running already in this checkout",
    )
}

fn is_wanted(name: &str, options: &TestOptions) -> bool {
    options.only.is_empty() || options.only.iter().any(|word| name.contains(word.as_str()))
}

/// Runs one check. Only an interruption ends the whole run.
fn carry_out(check: &Check, house: &mut House<'_>, beside: &Beside, steps: &mut Steps) -> Result<Outcome> {
    let mut outcome = Outcome::Counted(Count::BROKEN);
    let result = steps.step(check.name, |progress| {
        outcome = match check.work {
            Work::InTurn(run) => Outcome::Counted(run(house, progress)?),
            Work::Beside(_) => beside.result(check.name, progress)?,
        };
        Ok(match &outcome {
            Outcome::Skipped(reason) => format!("SKIPPED, {reason}"),
            Outcome::Counted(Count { passed, failed: 0 }) => format!("{passed} passed"),
            Outcome::Counted(Count { passed, failed }) => format!("{passed} passed, {failed} FAILED"),
        })
    });
    match result {
        Err(error) if error.is::<Interrupted>() || house.session.stop.requested() => bail!(Interrupted),
        Err(error) => {
            println!("{error:#}");
            Ok(Outcome::Counted(Count::BROKEN))
        }
        Ok(()) => Ok(outcome),
    }
}

#[cfg(test)]
mod tests {
    use super::{Count, Total};

    #[test]
    fn what_was_skipped_is_named() {
        let mut total = Total {
            count: Count { passed: 7, failed: 0 },
            ..Total::default()
        };
        assert_eq!(total.summary(), "7 passed, 0 failed");
        total.skipped = vec!["cloud plan dev", "cloud images"];
        assert_eq!(
            total.summary(),
            "7 passed, 0 failed, 2 skipped: cloud plan dev, cloud images"
        );
    }
}
