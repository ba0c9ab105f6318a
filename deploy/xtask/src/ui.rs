//! What the person at the terminal sees: numbered steps, a spinner where there is a terminal, plain lines where not.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};

/// How often a long step says that it is alive when nobody watches a spinner.
const HEARTBEAT: Duration = Duration::from_secs(30);

/// The steps of one command.
pub(crate) struct Steps {
    terminal: bool,
    number: usize,
}

impl Steps {
    /// No step done yet.
    pub(crate) fn new() -> Self {
        Self {
            terminal: std::io::stderr().is_terminal() && std::io::stdout().is_terminal(),
            number: 0,
        }
    }

    /// Does one step. The text it returns, when not empty, is shown behind the step's name.
    pub(crate) fn step<N: AsRef<str>>(
        &mut self,
        name: &str,
        work: impl FnOnce(&Progress) -> Result<N>,
    ) -> Result<()> {
        self.step_with(name, |progress| {
            work(progress).map(|note| ((), note.as_ref().to_owned()))
        })
    }

    /// Does one step that has a result besides its remark.
    pub(crate) fn step_with<T>(
        &mut self,
        name: &str,
        work: impl FnOnce(&Progress) -> Result<(T, String)>,
    ) -> Result<T> {
        self.number += 1;
        let label = format!("{:>2}. {name}", self.number);
        let started = Instant::now();
        let progress = Progress::new(self.terminal, &label);
        let outcome = work(&progress);
        progress.finish();
        let seconds = started.elapsed().as_secs_f64();
        match outcome {
            Ok((value, note)) => {
                let note = if note.is_empty() {
                    note
                } else {
                    format!(": {note}")
                };
                println!("{label}{note} ({seconds:.1} s)");
                Ok(value)
            }
            Err(error) => {
                println!("{label}: failed after {seconds:.1} s");
                Err(error)
            }
        }
    }
}

/// The step that is under way.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    label: String,
    last_beat: Mutex<Instant>,
}

impl Progress {
    /// Shows the step as begun.
    pub(crate) fn new(terminal: bool, label: &str) -> Self {
        let bar = terminal.then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix} {wide_msg:.dim}") {
                bar.set_style(style);
            }
            bar.set_prefix(label.to_owned());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Self {
            bar,
            label: label.to_owned(),
            last_beat: Mutex::new(Instant::now()),
        }
    }

    /// Of work beside the step that is shown: says nothing.
    pub(crate) fn hidden() -> Self {
        Self {
            bar: Some(ProgressBar::hidden()),
            label: String::new(),
            last_beat: Mutex::new(Instant::now()),
        }
    }

    /// Shows what the step is doing at the moment: usually the last line of a child's output.
    pub(crate) fn say(&self, line: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(line.to_owned());
            return;
        }
        if let Ok(mut beat) = self.last_beat.lock()
            && beat.elapsed() >= HEARTBEAT
        {
            *beat = Instant::now();
            println!("{} … {line}", self.label);
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
