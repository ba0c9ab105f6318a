//! The table.

use std::fmt;

use serde::Serialize;

use crate::delays::Delays;
use crate::flood::Flood;
use crate::memory::Resident;
use crate::pgbench::Ceiling;
use crate::reads::Board;
use crate::writes::{Rate, Rates};

/// Everything one run measured.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) connections: usize,
    pub(crate) boards: Vec<Board>,
    pub(crate) delays: Delays,
    /// Through `onus`: relay, audit log and mail work on the same two cores.
    pub(crate) whole: Rates,
    /// Through task-service without workers: the path that pgbench's scripts repeat.
    pub(crate) alone: Rates,
    pub(crate) pgbench: Ceiling,
    pub(crate) floods: Vec<Flood>,
    pub(crate) idle: Vec<Resident>,
    pub(crate) loaded: Vec<Resident>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nWrites per second, {} connections", self.connections)?;
        writeln!(
            f,
            "  {:8} {:>9} {:>14} {:>7} {:>9} {:>9} {:>14} {:>7}",
            "", "pgbench", "task-service", "ratio", "p50 ms", "p99 ms", "whole house", "ratio"
        )?;
        row(
            f,
            "create",
            self.pgbench.create,
            &self.alone.create,
            &self.whole.create,
        )?;
        row(f, "edit", self.pgbench.edit, &self.alone.edit, &self.whole.edit)?;
        row(
            f,
            "move",
            self.pgbench.r#move,
            &self.alone.r#move,
            &self.whole.r#move,
        )?;
        writeln!(f, "\nReading a board, one connection")?;
        for board in &self.boards {
            let Board {
                cards,
                bytes,
                latency,
            } = board;
            writeln!(
                f,
                "  {cards:6} cards {bytes:>9} bytes  p50 {:.1} ms  p99 {:.1} ms",
                latency.p50_ms, latency.p99_ms
            )?;
        }
        writeln!(f, "\nFrom commit, at 20 changes a second")?;
        let Delays {
            audit_entry,
            mail,
            changes,
            mails,
        } = self.delays;
        writeln!(
            f,
            "  to audit entry     p50 {:.0} ms  p99 {:.0} ms  ({changes})",
            audit_entry.p50_ms, audit_entry.p99_ms
        )?;
        writeln!(
            f,
            "  to mail handed over p50 {:.0} ms  p99 {:.0} ms  ({mails})",
            mail.p50_ms, mail.p99_ms
        )?;
        writeln!(
            f,
            "\nCreating a task while strangers try passwords, one connection"
        )?;
        for flood in &self.floods {
            let ratio = flood.flooded.p50_ms / flood.rest.p50_ms;
            writeln!(
                f,
                "  {:14} at rest p50 {:.1} ms  p99 {:.1} ms; at {:.0} a second p50 {:.1} ms ({ratio:.2})  p99 {:.1} ms; {:.0} MiB at most; {:?}",
                flood.process,
                flood.rest.p50_ms,
                flood.rest.p99_ms,
                flood.attempts_per_second,
                flood.flooded.p50_ms,
                flood.flooded.p99_ms,
                flood.mebibytes,
                flood.answers
            )?;
        }
        writeln!(f, "\nResident memory, MiB")?;
        writeln!(f, "  {:14} {:>6} {:>14}", "", "idle", "under load")?;
        for (idle, loaded) in self.idle.iter().zip(&self.loaded) {
            let Resident { process, mebibytes } = idle;
            writeln!(f, "  {process:14} {mebibytes:>6.1} {:>14.1}", loaded.mebibytes)?;
        }
        Ok(())
    }
}

fn row(f: &mut fmt::Formatter<'_>, name: &str, pgbench: f64, alone: &Rate, whole: &Rate) -> fmt::Result {
    writeln!(
        f,
        "  {name:8} {pgbench:>9.0} {:>14.0} {:>7.2} {:>9.2} {:>9.2} {:>14.0} {:>7.2}",
        alone.per_second,
        alone.per_second / pgbench,
        alone.latency.p50_ms,
        alone.latency.p99_ms,
        whole.per_second,
        whole.per_second / pgbench
    )
}
