//! Runs a command to its end: output into a log, its last line on the screen, the log's tail in the error.

use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::session::Session;
use crate::stop::Interrupted;
use crate::ui::Progress;

const TICK: Duration = Duration::from_millis(20);

/// Runs the command; an exit status other than 0 is an error that ends with the tail of the log.
pub(crate) fn run(session: &Session, command: &mut Command, log: &str, progress: &Progress) -> Result<()> {
    let status = run_status(session, command, log, progress)?;
    let log = &session.log(log);
    if !status.success() {
        bail!(
            "`{}` ended with {status}\n{}\nThe whole log: {}",
            describe(command),
            tail(log, 25),
            log.display()
        );
    }
    Ok(())
}

/// Runs the command and hands back how it ended.
pub(crate) fn run_status(
    session: &Session,
    command: &mut Command,
    log: &str,
    progress: &Progress,
) -> Result<ExitStatus> {
    let log = &session.log(log);
    let file = File::create(log).with_context(|| format!("creating {}", log.display()))?;
    // The child writes the log itself: whatever it leaves behind can keep no pipe of ours open.
    // A group of its own: Ctrl-C reaches us alone, and we end the child together with what it started.
    let mut child = command
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .process_group(0)
        .spawn()
        .with_context(|| format!("starting `{}`", describe(command)))?;
    let mut reader = BufReader::new(File::open(log)?);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if session.stop.requested() {
            end_group(&mut child)?;
            bail!(Interrupted);
        }
        show_last_line(&mut reader, progress);
        thread::sleep(TICK);
    }
}

/// Runs the command and hands back what it printed on its standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("starting `{}`", describe(command)))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{}` ended with {}\n{}",
            describe(command),
            output.status,
            last_lines(&said, 15)
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a program can be started at all.
pub(crate) fn exists(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Shows the last line that was written since the last look.
fn show_last_line(reader: &mut BufReader<File>, progress: &Progress) {
    let mut fresh = Vec::new();
    if reader.read_to_end(&mut fresh).is_ok_and(|read| read > 0)
        && let Some(line) = String::from_utf8_lossy(&fresh)
            .lines()
            .rfind(|line| !line.trim().is_empty())
    {
        progress.say(line.trim());
    }
}

/// SIGTERM to the child's group; SIGKILL to what is still there after five seconds.
fn end_group(child: &mut Child) -> Result<()> {
    let group = Pid::from_child(child);
    let _ = kill_process_group(group, Signal::TERM);
    let deadline = Instant::now() + Duration::from_secs(5);
    while child.try_wait()?.is_none() && Instant::now() < deadline {
        thread::sleep(TICK);
    }
    let _ = kill_process_group(group, Signal::KILL);
    child.wait()?;
    Ok(())
}

/// The last lines of a file, indented.
pub(crate) fn tail(path: &Path, count: usize) -> String {
    let bytes = fs::read(path).unwrap_or_default();
    last_lines(&String::from_utf8_lossy(&bytes), count)
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(count);
    lines[from..]
        .iter()
        .map(|line| format!("    {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Program and arguments, as one would type them.
pub(crate) fn describe(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}
