//! The processes that `up` and `test` keep running: started in order, watched, stopped in the reverse order.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::run::{describe, tail};
use crate::stop::{Interrupted, Stop};

const TICK: Duration = Duration::from_millis(20);

/// When a process is stopped: those of the last stage first, each stage at once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// The database: first up, last down.
    Database,
    /// Emulators of what AWS provides.
    Emulator,
    /// Ours.
    Service,
    /// What faces the browser.
    Gateway,
}

struct Process {
    name: String,
    stage: Stage,
    signal: Signal,
    child: Child,
    log: PathBuf,
}

/// Everything that was started and has not been stopped yet. Dropping it stops the rest.
pub(crate) struct Processes {
    running: Vec<Process>,
    stop: Stop,
    quiet: bool,
}

impl Processes {
    /// Nothing runs yet. A quiet one does not say what it stops.
    pub(crate) fn new(stop: &Stop, quiet: bool) -> Self {
        Self {
            running: Vec::new(),
            stop: stop.clone(),
            quiet,
        }
    }

    /// Starts a process that ends at `signal`; its output goes into the log, which begins anew.
    pub(crate) fn start(
        &mut self,
        name: &str,
        stage: Stage,
        signal: Signal,
        command: &mut Command,
        log: &Path,
    ) -> Result<()> {
        let file = File::create(log).with_context(|| format!("creating {}", log.display()))?;
        // A group of its own, so that Ctrl-C at the terminal reaches us alone and the order of stopping is ours.
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .process_group(0)
            .spawn()
            .with_context(|| format!("starting `{}`", describe(command)))?;
        self.running.push(Process {
            name: name.to_owned(),
            stage,
            signal,
            child,
            log: log.to_owned(),
        });
        Ok(())
    }

    /// Waits until the condition holds; an error when a process dies meanwhile, or at the deadline.
    pub(crate) fn wait_until(
        &mut self,
        what: &str,
        deadline: Duration,
        mut condition: impl FnMut() -> bool,
    ) -> Result<()> {
        let started = Instant::now();
        while !condition() {
            self.check()?;
            if started.elapsed() > deadline {
                let logs: Vec<_> = self
                    .running
                    .last()
                    .map(|last| tail(&last.log, 20))
                    .into_iter()
                    .collect();
                bail!(
                    "{what} did not come up within {} s\n{}",
                    deadline.as_secs(),
                    logs.join("\n")
                );
            }
            thread::sleep(TICK);
        }
        Ok(())
    }

    /// Stays until someone asks to stop (Ok) or a process ends by itself (an error that says which and why).
    pub(crate) fn watch(&mut self) -> Result<()> {
        loop {
            if self.stop.requested() {
                return Ok(());
            }
            self.check()?;
            thread::sleep(Duration::from_millis(100));
        }
    }

    fn check(&mut self) -> Result<()> {
        if self.stop.requested() {
            bail!(Interrupted);
        }
        for process in &mut self.running {
            if let Some(status) = process.child.try_wait()? {
                let (name, log) = (&process.name, &process.log);
                bail!(
                    "{name} ended by itself ({status})\n{}\nIts log: {}",
                    tail(log, 20),
                    log.display()
                );
            }
        }
        Ok(())
    }

    /// Stops the stages in order and waits for every process.
    pub(crate) fn stop_all(&mut self) {
        while let Some(stage) = self.running.iter().map(|process| process.stage).max() {
            let (now, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.running)
                .into_iter()
                .partition(|process| process.stage == stage);
            self.running = later;
            self.stop_stage(now);
        }
    }

    fn stop_stage(&self, mut processes: Vec<Process>) {
        for process in &mut processes {
            if process.child.try_wait().is_ok_and(|status| status.is_none()) {
                let _ = kill_process(Pid::from_child(&process.child), process.signal);
            }
        }
        for process in &mut processes {
            let ended = wait_for_end(&mut process.child, Duration::from_secs(15));
            if !self.quiet {
                match ended {
                    Some(_) => println!("    {} stopped", process.name),
                    None => println!("    {} did not stop within 15 s and was killed", process.name),
                }
            }
        }
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        self.stop_all();
    }
}

/// How the child ended; none when it had to be killed.
fn wait_for_end(child: &mut Child, patience: Duration) -> Option<ExitStatus> {
    let deadline = Instant::now() + patience;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < deadline => thread::sleep(TICK),
            _ => break,
        }
    }
    drop(child.kill());
    drop(child.wait());
    None
}
