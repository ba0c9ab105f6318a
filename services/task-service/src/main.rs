//! The task-service's binary: everything it can do is a subcommand of the common chassis.

use std::process::ExitCode;

fn main() -> ExitCode {
    web_kit::cli::run::<task_service::TaskService>()
}
