//! The browser tests: Playwright with the system's Chromium against freshly started and seeded houses, one for each worker.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::{Count, House, rust};
use crate::ports;
use crate::postgres::cluster::{DATABASE, OTHER_DATABASE};
use crate::run::{run_status, tail};
use crate::session::random_secret;
use crate::tools::node::Node;
use crate::tools::web;
use crate::ui::Progress;
use crate::up::Seeded;
use crate::up::embedded::Onus;

/// What Playwright says about a run.
#[derive(Deserialize)]
struct Report {
    stats: Stats,
}

#[derive(Deserialize)]
struct Stats {
    expected: u64,
    unexpected: u64,
    flaky: u64,
}

/// A house as its worker knows it.
struct Stand {
    /// The address and who can sign in there.
    demo: PathBuf,
    /// Where a test starts the identity provider that this house knows from the beginning.
    issuer: String,
}

/// Builds what is missing, starts the houses and lets Playwright loose on them.
pub(super) fn run(house: &mut House<'_>, progress: &Progress) -> Result<Count> {
    let session = house.session;
    let node = Node::ensure(session, progress)?;
    web::build(session, progress)?;
    web::install(session, &node, progress)?;
    rust::build(session, progress)?;

    let provider_secret = random_secret();
    let mut stands = Vec::new();
    for (name, database) in [("test-onus", DATABASE), ("test-onus-other", OTHER_DATABASE)] {
        stands.push(stand(house, name, database, &provider_secret, progress)?);
    }
    let list = |part: fn(&Stand) -> String| stands.iter().map(part).collect::<Vec<_>>().join(",");

    let report = session.files.join("playwright.json");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let mut command = node.npm(&session.web());
    command.args(["exec", "--", "playwright", "test", "--reporter=list,json"]);
    command
        .env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report)
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    command
        .env("ONUS_E2E_DEMO", list(|stand| stand.demo.display().to_string()))
        .env("ONUS_E2E_PROVIDER", list(|stand| stand.issuer.clone()))
        .env("ONUS_E2E_PROVIDER_SECRET", &provider_secret)
        .env("CI", "1");
    let status = run_status(session, &mut command, "playwright", progress)?;
    let log = session.log("playwright");
    if !status.success() {
        println!("{}\nThe whole log: {}", tail(&log, 120), log.display());
    }
    let text = fs::read_to_string(&report)
        .with_context(|| format!("Playwright wrote no report\n{}", tail(&log, 20)))?;
    let Stats {
        expected,
        unexpected,
        flaky,
    } = serde_json::from_str::<Report>(&text)
        .context("understanding Playwright's report")?
        .stats;
    // A test that passed only when repeated has found something too.
    Ok(Count::from_tests(expected, unexpected + flaky, status.success()))
}

/// Starts a house of its own, which anybody may join, with the demo in it.
fn stand(
    house: &mut House<'_>,
    name: &str,
    database: &str,
    provider_secret: &str,
    progress: &Progress,
) -> Result<Stand> {
    let session = house.session;
    let database = house.postgres(progress)?.url(database);
    let [port, provider_port] = ports::free()?;
    let issuer = format!("http://localhost:{provider_port}");
    let provider = [
        ("NAME", "Example"),
        ("ISSUER", &issuer),
        ("CLIENT_ID", "onus-e2e"),
        ("CLIENT_SECRET", provider_secret),
    ]
    .map(|(setting, value)| {
        (
            format!("AUTH__AUTH__PROVIDERS__EXAMPLE__{setting}"),
            value.to_owned(),
        )
    });
    let onus = Onus {
        binary: &session.binary("onus", false),
        database: &database,
        port,
        secret: &random_secret(),
        sign_up: "open",
        more: &provider,
    };
    onus.migrate(session, progress)?;
    let running = onus.start(session, &mut house.processes, name)?;
    let demo = session.files.join(format!("{name}.json"));
    if demo.exists() {
        fs::remove_file(&demo)?;
    }
    if let Seeded::Occupied = running.seed(session, onus.binary, &demo, progress)? {
        bail!("the empty database is not empty");
    }
    Ok(Stand { demo, issuer })
}
