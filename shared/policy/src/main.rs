//! Prints the table of who may do what.

use std::io::{self, Write as _};

fn main() -> io::Result<()> {
    io::stdout()
        .lock()
        .write_all(policy::table::markdown().as_bytes())
}
