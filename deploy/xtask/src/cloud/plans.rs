//! The plan of an environment, applied to a throw-away state, and a second plan, which must be empty. Only against the
//! stand-in: the real provider plans against an account, which the workflow `terraform` does.

use std::process::Command;

use anyhow::Result;

use super::engine;
use crate::run::run;
use crate::session::Session;
use crate::test::{Count, Outcome};
use crate::ui::Progress;

/// One image per service: without any, only the foundation is planned.
const IMAGES: &str = "terraform/tests/images.tfvars";

/// Applies and plans again.
pub(crate) fn plan(session: &Session, environment: &str, progress: &Progress) -> Result<Outcome> {
    let program = match engine::find(session, progress)?.map(|engine| engine.stand_in) {
        Ok(Some(program)) => program,
        Ok(None) => {
            return Ok(Outcome::Skipped(
                "a plan by the real provider needs an account: the tests of the root make one with mocks"
                    .to_owned(),
            ));
        }
        Err(reason) => return Ok(Outcome::Skipped(reason)),
    };
    let mut command = Command::new(program);
    command.arg(session.root.join("terraform")).arg("apply");
    command.arg(format!("-var-file=envs/{environment}.tfvars"));
    if session.root.join(IMAGES).is_file() {
        command.arg("-var-file=tests/images.tfvars");
    }
    run(
        session,
        &mut command,
        &format!("cloud-plan-{environment}"),
        progress,
    )?;
    Ok(Outcome::Counted(Count::ONE))
}
