//! `cargo xtask migrate`.

use anyhow::Result;

use crate::cli::MigrateOptions;
use crate::postgres::cluster::{Cluster, DATABASE, Durability};
use crate::processes::Processes;
use crate::session::Session;
use crate::ui::Steps;
use crate::up;
use crate::up::embedded::Onus;

/// Runs every pending migration, on the given database or on the private one.
pub(crate) fn migrate(options: &MigrateOptions) -> Result<()> {
    let session = Session::open_with_state()?;
    let mut processes = Processes::new(&session.stop, true);
    let mut steps = Steps::new();
    steps.step("Build", |progress| {
        up::build(&session, &["onus"], false, progress)
    })?;
    let lock = if options.url.is_none() {
        Some(up::lock(&session)?)
    } else {
        None
    };
    let url = match &options.url {
        Some(url) => url.clone(),
        None => steps.step_with("Postgres", |progress| {
            let cluster = Cluster::open(&session, "postgres", Durability::Full, progress)?;
            cluster.start(&session, &mut processes, "postgres")?;
            Ok((cluster.url(DATABASE), cluster.describe()))
        })?,
    };
    let binary = session.binary("onus", false);
    let onus = Onus {
        binary: &binary,
        database: &url,
        port: 0,
        secret: "",
        sign_up: "first",
        more: &[],
    };
    steps.step("Migrations", |progress| onus.migrate(&session, progress))?;
    processes.stop_all();
    drop(lock);
    Ok(())
}
