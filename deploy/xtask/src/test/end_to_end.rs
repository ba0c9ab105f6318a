//! The browser tests: Playwright with the system's Chromium against a freshly started and seeded `onus`.

use std::fs;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::{Count, House};
use crate::ports;
use crate::postgres::cluster::DATABASE;
use crate::run::{run_status, tail};
use crate::session::random_secret;
use crate::tools::node::Node;
use crate::tools::web;
use crate::ui::Progress;
use crate::up::embedded::Onus;
use crate::up::{self, Seeded};

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

/// The identity provider that a test starts, and that the house knows from the beginning.
struct Provider {
    issuer: String,
    secret: String,
}

impl Provider {
    fn settings(&self) -> [(&'static str, String); 4] {
        [
            ("AUTH__AUTH__PROVIDERS__EXAMPLE__NAME", "Example".to_owned()),
            ("AUTH__AUTH__PROVIDERS__EXAMPLE__ISSUER", self.issuer.clone()),
            ("AUTH__AUTH__PROVIDERS__EXAMPLE__CLIENT_ID", "onus-e2e".to_owned()),
            (
                "AUTH__AUTH__PROVIDERS__EXAMPLE__CLIENT_SECRET",
                self.secret.clone(),
            ),
        ]
    }
}

/// Builds what is missing, starts a house of its own and lets Playwright loose on it.
pub(super) fn run(house: &mut House<'_>, progress: &Progress) -> Result<Count> {
    let session = house.session;
    let node = Node::ensure(session, progress)?;
    web::build(session, progress)?;
    web::install(session, &node, progress)?;
    up::build(session, &["onus"], false, progress)?;

    let database = house.postgres(progress)?.url(DATABASE);
    let [port, provider_port] = ports::free()?;
    let provider = Provider {
        issuer: format!("http://localhost:{provider_port}"),
        secret: random_secret(),
    };
    let binary = session.binary("onus", false);
    let secret = random_secret();
    let onus = Onus {
        binary: &binary,
        database: &database,
        port,
        secret: &secret,
        sign_up: "open",
        more: &provider.settings(),
    };
    onus.migrate(session, progress)?;
    let running = onus.start(session, &mut house.processes, "test-onus")?;
    let demo = session.files.join("test-demo.json");
    if demo.exists() {
        fs::remove_file(&demo)?;
    }
    if let Seeded::Occupied = running.seed(session, &binary, &demo, progress)? {
        bail!("the empty database is not empty");
    }

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
        .env("ONUS_E2E_URL", &running.url)
        .env("ONUS_E2E_DEMO", &demo)
        .env("ONUS_E2E_PROVIDER", &provider.issuer)
        .env("ONUS_E2E_PROVIDER_SECRET", &provider.secret)
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
