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

fn resident(name: &str, id: u32) -> Result<Resident> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let kibibytes: f64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.split_whitespace().next())
        .context("no VmRSS")?
        .parse()?;
    Ok(Resident {
        process: name.to_owned(),
        mebibytes: kibibytes / 1024.0,
    })
}
