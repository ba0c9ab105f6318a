//! The web app's unit tests.

use std::fs;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{Count, House};
use crate::run::{run_status, tail};
use crate::tools::node::Node;
use crate::tools::web;
use crate::ui::Progress;

/// What Vitest says about a run.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    num_passed_tests: u64,
    num_failed_tests: u64,
}

/// Vitest.
pub(super) fn unit(house: &mut House<'_>, progress: &Progress) -> Result<Count> {
    let session = house.session;
    let node = Node::ensure(session, progress)?;
    web::install(session, &node, progress)?;
    let report = session.files.join("vitest.json");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let mut command = node.npm(&session.web());
    command.args([
        "exec",
        "--",
        "vitest",
        "run",
        "--reporter=default",
        "--reporter=json",
    ]);
    command
        .arg(format!("--outputFile.json={}", report.display()))
        .env("CI", "1")
        .env("NO_COLOR", "1");
    let status = run_status(session, &mut command, "vitest", progress)?;
    let log = session.log("vitest");
    if !status.success() {
        println!("{}\nThe whole log: {}", tail(&log, 80), log.display());
    }
    let text =
        fs::read_to_string(&report).with_context(|| format!("Vitest wrote no report\n{}", tail(&log, 20)))?;
    let report: Report = serde_json::from_str(&text).context("understanding Vitest's report")?;
    Ok(Count::from_tests(
        report.num_passed_tests,
        report.num_failed_tests,
        status.success(),
    ))
}
