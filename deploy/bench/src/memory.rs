//! Resident memory, as the kernel counts it.

use anyhow::{Context as _, Result};
use serde::Serialize;

use crate::server::House;

/// One process.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Resident {
    pub(crate) process: String,
    pub(crate) mebibytes: f64,
}

/// Every process that was started.
pub(crate) fn of(house: &House) -> Result<Vec<Resident>> {
    house.processes().map(|(name, id)| resident(name, id)).collect()
}

/// The most that a process ever had, in MiB.
pub(crate) fn highest(id: u32) -> Result<f64> {
    mebibytes(id, "VmHWM:")
}

fn resident(name: &str, id: u32) -> Result<Resident> {
    Ok(Resident {
        process: name.to_owned(),
        mebibytes: mebibytes(id, "VmRSS:")?,
    })
}

fn mebibytes(id: u32, line: &str) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let kibibytes: f64 = status
        .lines()
        .find_map(|text| text.strip_prefix(line))
        .and_then(|rest| rest.split_whitespace().next())
        .with_context(|| format!("no {line}"))?
        .parse()?;
    Ok(kibibytes / 1024.0)
}
