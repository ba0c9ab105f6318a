//! The binary `notify-service`; `notify-service --help` lists what it does.

use std::process::ExitCode;

fn main() -> ExitCode {
    web_kit::cli::run::<notify_service::App>()
}
