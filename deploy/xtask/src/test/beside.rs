//! Checks that need no server: two at a time in the background, from the beginning on. Each is still shown and counted
//! in its own turn.

use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Result, anyhow, bail};

use super::{Check, Outcome, Work};
use crate::session::Session;
use crate::stop::Interrupted;
use crate::ui::Progress;

/// More would only take processors from each other on a small machine.
const AT_ONCE: usize = 2;

type Job = (&'static str, fn(&Session, &Progress) -> Result<Outcome>);

/// The background checks of one run.
pub(super) struct Beside {
    session: Session,
    results: Arc<Results>,
}

#[derive(Default)]
struct Results {
    by_name: Mutex<HashMap<&'static str, Result<Outcome>>>,
    changed: Condvar,
}

impl Beside {
    /// Starts them.
    pub(super) fn start(session: &Session, wanted: &[&Check]) -> Self {
        let job = |check: &&Check| match check.work {
            Work::Beside(run) => Some((check.name, run)),
            Work::InTurn(_) => None,
        };
        let jobs: VecDeque<Job> = wanted.iter().filter_map(job).collect();
        let (jobs, results) = (Arc::new(Mutex::new(jobs)), Arc::<Results>::default());
        for _ in 0..AT_ONCE {
            let (jobs, results, session) = (Arc::clone(&jobs), Arc::clone(&results), session.clone());
            thread::spawn(move || work_off(&session, &jobs, &results));
        }
        Self {
            session: session.clone(),
            results,
        }
    }

    /// Waits for this one.
    pub(super) fn result(&self, name: &str, progress: &Progress) -> Result<Outcome> {
        progress.say("running beside others");
        let mut by_name = self
            .results
            .by_name
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(result) = by_name.remove(name) {
                return result;
            }
            if self.session.stop.requested() {
                bail!(Interrupted);
            }
            let (guard, _) = self
                .results
                .changed
                .wait_timeout(by_name, Duration::from_millis(200))
                .unwrap_or_else(PoisonError::into_inner);
            by_name = guard;
        }
    }
}

fn work_off(session: &Session, jobs: &Mutex<VecDeque<Job>>, results: &Results) {
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let Some((name, run)) = next else { return };
        // Whoever waits for this check must hear of a panic too.
        let result = catch_unwind(AssertUnwindSafe(|| run(session, &Progress::hidden())))
            .unwrap_or_else(|_| Err(anyhow!("the check panicked")));
        results
            .by_name
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name, result);
        results.changed.notify_all();
    }
}
