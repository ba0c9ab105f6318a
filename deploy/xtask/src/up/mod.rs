//! `cargo xtask up`: from a fresh checkout to a page where the demo's supervisor can sign in.

pub(crate) mod demo;
pub(crate) mod embedded;
pub(crate) mod separate;

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::cli::{Bus, UpOptions};
use crate::packages::{self, COMPILER, NGINX};
use crate::ports;
use crate::postgres::cluster::{Cluster, DATABASE, Durability};
use crate::processes::Processes;
use crate::run::{run, run_status, tail};
use crate::session::Session;
use crate::tools::ministack::Ministack;
use crate::tools::web;
use crate::ui::{Progress, Steps};
use demo::Demo;

/// Someone else's Postgres, with the right to make roles and schemas, instead of a private one.
const DATABASE_URL: &str = "ONUS_DATABASE_URL";
/// The exit code with which `onus seed` says that somebody has signed up already.
const OCCUPIED: i32 = 3;

/// What a running house tells the seeder and the person.
pub(crate) struct House {
    /// Where the browser goes.
    pub(crate) url: String,
    /// Where auth-service's internal routes are.
    pub(crate) internal: String,
    /// The secret by which notify-service is known there, new with each start.
    pub(crate) secret: String,
    /// Where mails are seen, when that is not the app's own mailbox page.
    pub(crate) mails: Option<String>,
}

/// A house that is being brought up.
pub(crate) struct Up<'a> {
    /// What was asked for.
    pub(crate) options: &'a UpOptions,
    /// Folders and the signal to stop.
    pub(crate) session: &'a Session,
    /// What is shown.
    pub(crate) steps: Steps,
    /// What runs so far.
    pub(crate) processes: Processes,
}

/// Brings the house up, stays until it is told to stop, and takes it down.
pub(crate) fn up(options: &UpOptions) -> Result<()> {
    let session = Session::open_with_state()?;
    let _lock = lock(&session)?;
    let processes = Processes::new(&session.stop, false);
    let mut up = Up {
        options,
        session: &session,
        steps: Steps::new(),
        processes,
    };
    let result = up.start().and_then(|()| up.processes.watch());
    println!("Stopping");
    up.processes.stop_all();
    if session.stop.requested() { Ok(()) } else { result }
}

/// One `up`, `migrate` or `reset` of a checkout at a time.
pub(crate) fn lock(session: &Session) -> Result<File> {
    session.lock("up.lock", "`cargo xtask up` is running already in this checkout")
}

impl Up<'_> {
    fn start(&mut self) -> Result<()> {
        let (session, options) = (self.session, self.options);
        ports::require_free(options.port)?;
        if options.bus == Bus::Sqs && !options.separate {
            bail!(
                "--bus sqs belongs to --separate: the embedded default needs no queue outside its database"
            );
        }
        let needs: &[_] = if options.separate {
            &[COMPILER, NGINX]
        } else {
            &[COMPILER]
        };
        self.steps.step("System packages", |progress| {
            packages::ensure(session, needs, progress)
        })?;
        let database = self.database()?;
        self.steps
            .step("Web app", |progress| web::build(session, progress))?;
        let secret = session.secret(&format!("secret{}", database_suffix()))?;
        let emulator = if options.bus == Bus::Sqs {
            Some(self.emulator()?)
        } else {
            None
        };
        let house = if options.separate {
            separate::start(self, &database, &secret, emulator.as_ref())?
        } else {
            embedded::start(self, &database, &secret)?
        };
        let demo = if options.empty { None } else { self.seed(&house)? };
        print(&house, demo.as_ref());
        Ok(())
    }

    /// The administrator's URL of the database.
    fn database(&mut self) -> Result<String> {
        if let Ok(url) = std::env::var(DATABASE_URL) {
            self.steps
                .step("Postgres", |_| Ok(format!("the one of {DATABASE_URL}")))?;
            return Ok(url);
        }
        let Self {
            session,
            steps,
            processes,
            ..
        } = self;
        steps.step_with("Postgres", |progress| {
            let cluster = Cluster::open(session, "postgres", Durability::Full, progress)?;
            cluster.start(session, processes, "postgres")?;
            Ok((cluster.url(DATABASE), cluster.describe()))
        })
    }

    fn emulator(&mut self) -> Result<Ministack> {
        let Self {
            session,
            steps,
            processes,
            ..
        } = self;
        steps.step_with("AWS emulator", |progress| {
            let emulator = Ministack::install(session, progress)?;
            emulator.start(session, processes, "ministack")?;
            for queue in ["audit", "notify", "task"] {
                emulator.create_queue(&format!("{}{queue}", separate::QUEUE_PREFIX))?;
            }
            emulator.verify_sender()?;
            let note = emulator.endpoint();
            Ok((emulator, note))
        })
    }

    /// Makes the demo workspace once; on later starts only its address is brought up to date.
    fn seed(&mut self, house: &House) -> Result<Option<Demo>> {
        let (session, release) = (self.session, self.options.release);
        let file = session.state.join(format!("demo{}.json", database_suffix()));
        self.steps.step_with("Demo workspace", |progress| {
            if demo::is_finished(&file) {
                demo::set_url(&file, &house.url)?;
                return Ok((Some(demo::publish(session, &file)?), "there already".to_owned()));
            }
            match house.seed(session, &session.binary("onus", release), &file, progress)? {
                Seeded::Made => Ok((Some(demo::publish(session, &file)?), String::new())),
                Seeded::Occupied => Ok((
                    None,
                    "none, because somebody has signed up here before".to_owned(),
                )),
            }
        })
    }
}

impl House {
    /// The seeder speaks to the running house like any client; the secret lets it fetch the links of its own invitations.
    pub(crate) fn seed(
        &self,
        session: &Session,
        onus: &Path,
        file: &Path,
        progress: &Progress,
    ) -> Result<Seeded> {
        let mut command = Command::new(onus);
        command
            .arg("seed")
            .args(["--url", &self.url, "--internal-url", &self.internal])
            .arg("--file")
            .arg(file);
        command.env("ONUS_SEED_SECRET", &self.secret);
        let status = run_status(session, &mut command, "seed", progress)?;
        match status.code() {
            Some(0) => Ok(Seeded::Made),
            Some(OCCUPIED) => Ok(Seeded::Occupied),
            _ => bail!(
                "the demo workspace could not be made\n{}",
                tail(&session.log("seed"), 15)
            ),
        }
    }
}

/// How the seeding went.
pub(crate) enum Seeded {
    /// The demo workspace is there.
    Made,
    /// This installation belongs to somebody, and nobody else may sign up.
    Occupied,
}

/// Tells the files of a Postgres of one's own from those of the private one: passwords of one open nothing in another.
fn database_suffix() -> String {
    match std::env::var(DATABASE_URL) {
        Err(_) => String::new(),
        Ok(url) => {
            let mut hasher = DefaultHasher::new();
            url.hash(&mut hasher);
            format!("-{:016x}", hasher.finish())
        }
    }
}

fn print(house: &House, demo: Option<&Demo>) {
    println!("\nOnus is at {}", house.url);
    if let Some(demo) = demo {
        println!(
            "    supervisor        {}  {}",
            demo.supervisor.email, demo.supervisor.password
        );
        println!("    person in charge  {}  {}", demo.pic.email, demo.pic.password);
        println!("    (these and the other sign-ins are in .onus/demo.json)");
    }
    match &house.mails {
        Some(address) => println!("Sent mail is at {address}"),
        None => println!("Sent mail is at {}/mailbox", house.url),
    }
    println!("Logs are in .onus/logs. Ctrl-C stops everything.");
}

/// Builds some packages' binaries, with as little as possible of what they stand on: this is what a first start waits for.
pub(crate) fn build(
    session: &Session,
    packages: &[&str],
    release: bool,
    progress: &Progress,
) -> Result<String> {
    let mut arguments = Vec::new();
    for package in packages {
        arguments.extend(["--package", package]);
    }
    build_bins(session, &arguments, release, progress)?;
    Ok(packages.join(", "))
}

/// Builds every binary of the workspace, with the features that its tests are built with: those who develop have most of
/// it already.
pub(crate) fn build_all(session: &Session, release: bool, progress: &Progress) -> Result<()> {
    build_bins(session, &["--workspace"], release, progress)
}

fn build_bins(session: &Session, which: &[&str], release: bool, progress: &Progress) -> Result<()> {
    let mut command = crate::cargo(session);
    command.args(["build", "--bins"]).args(which);
    if release {
        command.arg("--release");
    }
    run(session, &mut command, "cargo-build", progress)
}
