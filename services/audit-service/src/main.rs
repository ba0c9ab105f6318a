//! The binary `audit-service`; `audit-service --help` lists what it does.

use std::process::ExitCode;

fn main() -> ExitCode {
    web_kit::cli::run::<audit_service::App>()
}
