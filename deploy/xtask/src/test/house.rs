//! What the tests need running: a throw-away Postgres and the AWS emulator, started when first needed.

use std::process::Command;

use anyhow::Result;

use crate::postgres::cluster::{Cluster, Durability};
use crate::processes::Processes;
use crate::session::Session;
use crate::tools::ministack::Ministack;
use crate::ui::Progress;

/// The servers of one test run.
pub(crate) struct House<'a> {
    pub(crate) session: &'a Session,
    pub(crate) processes: Processes,
    cluster: Option<Cluster>,
    emulator: Option<Ministack>,
}

impl<'a> House<'a> {
    /// Nothing runs yet.
    pub(crate) fn new(session: &'a Session) -> Self {
        Self {
            session,
            processes: Processes::new(&session.stop, true),
            cluster: None,
            emulator: None,
        }
    }

    /// A Postgres that is made anew for each run and does not sync: a crash of the machine may cost all of it.
    pub(crate) fn postgres(&mut self, progress: &Progress) -> Result<&Cluster> {
        if self.cluster.is_none() {
            let cluster = Cluster::open(self.session, "test-postgres", Durability::None, progress)?;
            cluster.start(self.session, &mut self.processes, "test-postgres")?;
            self.cluster = Some(cluster);
        }
        self.cluster
            .as_ref()
            .ok_or_else(|| anyhow::anyhow!("no Postgres"))
    }

    /// Tells a command where everything is.
    pub(crate) fn equip(&mut self, command: &mut Command, progress: &Progress) -> Result<()> {
        command.env("ONUS_TEST_DATABASE_URL", self.postgres(progress)?.url("postgres"));
        if self.emulator.is_none() {
            let emulator = Ministack::install(self.session, progress)?;
            emulator.start(self.session, &mut self.processes, "test-ministack")?;
            emulator.verify_sender()?;
            self.emulator = Some(emulator);
        }
        if let Some(emulator) = &self.emulator {
            command.env("ONUS_TEST_SQS_ENDPOINT", emulator.endpoint());
            command.env("ONUS_TEST_SES_ENDPOINT", emulator.endpoint());
        }
        command.env("ONUS_BIN_DIR", self.session.binaries(false));
        Ok(())
    }

    /// Stops everything.
    pub(crate) fn close(&mut self) {
        self.processes.stop_all();
    }
}
