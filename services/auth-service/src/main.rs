//! The binary `auth-service`; `auth-service --help` lists what it does.

use std::process::ExitCode;

fn main() -> ExitCode {
    web_kit::cli::run::<auth_service::AuthService>()
}
