//! `cargo xtask test`: every check there is, the quick ones first; a failure does not stop the others.

mod end_to_end;
mod house;
mod rust;
mod web;

use std::fs::File;

use anyhow::{Result, bail};

use crate::cli::TestOptions;
use crate::generated;
use crate::lint;
use crate::packages::{self, CHROMIUM, COMPILER, FONTS, PYTHON};
use crate::session::Session;
use crate::stop::Interrupted;
use crate::ui::{Progress, Steps};
use house::House;

/// What a check found.
#[derive(Clone, Copy, Default)]
pub(crate) struct Count {
    passed: u64,
    failed: u64,
}

impl Count {
    const ONE: Self = Self { passed: 1, failed: 0 };
    const BROKEN: Self = Self { passed: 0, failed: 1 };

    /// A result that says nothing about failures counts as one: a run without a single test has proved nothing.
    fn from_tests(passed: u64, failed: u64, clean_exit: bool) -> Self {
        let silent = failed == 0 && (!clean_exit || passed == 0);
        Self {
            passed,
            failed: if silent { 1 } else { failed },
        }
    }
}

/// One check.
struct Check {
    name: &'static str,
    run: fn(&mut House<'_>, &Progress) -> Result<Count>,
}

/// In order: seconds first, minutes last; what is built for one is used by the next.
const CHECKS: &[Check] = &[
    Check {
        name: "rust format",
        run: |house, progress| one(lint::format(house.session, true, progress)),
    },
    Check {
        name: "web client fresh",
        run: |house, progress| one(generated::web_client(house.session, true, progress)),
    },
    Check {
        name: "web lint",
        run: |house, progress| one(lint::web_script(house.session, "lint", progress)),
    },
    Check {
        name: "web types",
        run: |house, progress| one(lint::web_script(house.session, "typecheck", progress)),
    },
    Check {
        name: "web unit tests",
        run: web::unit,
    },
    Check {
        name: "web build",
        run: |house, progress| one(crate::tools::web::build(house.session, progress)),
    },
    Check {
        name: "invariants",
        run: rust::invariants,
    },
    Check {
        name: "clippy",
        run: |house, progress| one(lint::clippy(house.session, progress)),
    },
    Check {
        name: "binaries",
        run: rust::binaries,
    },
    Check {
        name: "event schemas fresh",
        run: |house, progress| one(generated::schemas(house.session, true, progress)),
    },
    Check {
        name: "openapi fresh",
        run: |house, progress| one(generated::openapi(house.session, true, progress)),
    },
    Check {
        name: "rust tests",
        run: rust::tests,
    },
    Check {
        name: "browser tests",
        run: end_to_end::run,
    },
];

/// Runs the checks that were asked for, all by default.
pub(crate) fn test(options: &TestOptions) -> Result<()> {
    let wanted: Vec<&Check> = CHECKS.iter().filter(|check| is_wanted(check, options)).collect();
    if options.list {
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
        packages::ensure(&session, &[COMPILER, PYTHON, CHROMIUM, FONTS], progress)
    })?;
    let mut house = House::new(&session);
    let mut total = Count::default();
    let mut broken = Vec::new();
    for check in wanted {
        let count = carry_out(check, &mut house, &mut steps)?;
        total.passed += count.passed;
        total.failed += count.failed;
        if count.failed > 0 {
            broken.push(check.name);
        }
    }
    house.close();
    if !broken.is_empty() {
        println!("\nfailed: {}", broken.join(", "));
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed > 0 {
        bail!("there are failures; the whole output is in .onus/logs")
    } else {
        Ok(())
    }
}

/// One `test` or `reset` of a checkout at a time.
pub(crate) fn lock(session: &Session) -> Result<File> {
    session.lock(
        "test.lock",
        "`cargo xtask test` is running already in this checkout",
    )
}

fn is_wanted(check: &Check, options: &TestOptions) -> bool {
    options.only.is_empty() || options.only.iter().any(|word| check.name.contains(word.as_str()))
}

/// Runs one check. Only an interruption ends the whole run.
fn carry_out(check: &Check, house: &mut House<'_>, steps: &mut Steps) -> Result<Count> {
    let mut outcome = Count::BROKEN;
    let result = steps.step(check.name, |progress| {
        outcome = (check.run)(house, progress)?;
        Ok(match outcome {
            Count { passed, failed: 0 } => format!("{passed} passed"),
            Count { passed, failed } => format!("{passed} passed, {failed} FAILED"),
        })
    });
    match result {
        Err(error) if error.is::<Interrupted>() || house.session.stop.requested() => bail!(Interrupted),
        Err(error) => {
            println!("{error:#}");
            Ok(Count::BROKEN)
        }
        Ok(()) => Ok(outcome),
    }
}

/// A check that passes or fails as a whole.
fn one<T>(result: Result<T>) -> Result<Count> {
    result.map(|_| Count::ONE)
}
