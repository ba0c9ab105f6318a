//! The binary `onus`; `onus --help` lists what it does.

use std::process::ExitCode;

fn main() -> ExitCode {
    onus::cli::run()
}
