//! Writes the JSON Schemas into the directory given as the only argument.

use std::io;
use std::path::PathBuf;

fn main() -> io::Result<()> {
    let target = std::env::args_os()
        .nth(1)
        .map(PathBuf::from)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "usage: contracts-schemas DIRECTORY"))?;
    std::fs::create_dir_all(&target)?;
    for (name, schema) in contracts::schemas::all() {
        std::fs::write(target.join(name), format!("{schema:#}\n"))?;
    }
    Ok(())
}
