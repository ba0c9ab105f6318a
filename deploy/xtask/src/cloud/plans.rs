//! The plan of an environment, applied to a throw-away state, and a second plan, which must be empty. Only against the
//! stand-in: the real provider plans against an account, which the workflow `terraform` does.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::engine;
use super::stamps::Stamp;
use crate::run::{describe, run};
use crate::session::Session;
use crate::test::{Count, Outcome};
use crate::ui::Progress;

/// Where no image is known, only the foundation is planned.
const SERVICES: [&str; 4] = ["auth", "task", "audit", "notify"];

/// Applies and plans again.
pub(crate) fn plan(session: &Session, environment: &str, progress: &Progress) -> Result<Outcome> {
    let engine = match engine::find(session, progress)? {
        Ok(engine) => engine,
        Err(reason) => return Ok(Outcome::Skipped(reason)),
    };
    let Some(program) = &engine.stand_in else {
        return Ok(Outcome::Skipped(
            "the real provider plans against an account: the tests of the root do it with mocks".to_owned(),
        ));
    };
    let mut command = Command::new(program);
    command.arg(session.root.join("terraform")).arg("apply");
    command.arg(format!("-var-file=envs/{environment}.tfvars"));
    command.args(["-var=region=eu-central-1", "-var=alarm_email=ops@example.com"]);
    command.arg(format!("-var=images={}", images()));
    // One environment with a domain and one without, since both are allowed.
    if environment == "prod" {
        command.args(["-var=domain=onus.example.com", "-var=repository=example/onus"]);
    }
    let said = describe(&command);
    let stamp = Stamp::new(
        session,
        &format!("plan {environment}"),
        Path::new("terraform"),
        &engine,
        &[&said],
    )?;
    if stamp.passed().is_none() {
        run(
            session,
            &mut command,
            &format!("cloud-plan-{environment}"),
            progress,
        )?;
        stamp.remember(1)?;
    }
    Ok(Outcome::Counted(Count::ONE))
}

/// An image of each service, as a release writes it down.
fn images() -> String {
    let digest = "0".repeat(64);
    let images = SERVICES.map(|service| {
        let repository = format!("123456789012.dkr.ecr.eu-central-1.amazonaws.com/onus/{service}-service");
        format!(r#""{service}":"{repository}@sha256:{digest}""#)
    });
    format!("{{{}}}", images.join(","))
}
