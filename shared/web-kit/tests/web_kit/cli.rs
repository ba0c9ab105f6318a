//! The command line, by running the smallest service (`examples/minimal.rs`) as a process.

use crate::harness::PATIENCE;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

fn minimal(arguments: &[&str]) -> Command {
    // Tests lie in target/<profile>/deps, examples beside them.
    let here = std::env::current_exe().expect("a path");
    let profile: PathBuf = here
        .ancestors()
        .nth(2)
        .expect("a profile directory")
        .to_path_buf();
    let mut command = Command::new(profile.join("examples/minimal"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn output(arguments: &[&str]) -> Output {
    minimal(arguments)
        .output()
        .expect("the example is built with the tests")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port")
        .port()
}

/// Kills the process when a test fails in between.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn faulty_settings_are_all_listed_and_end_with_2() {
    let output = output(&[
        "serve",
        "--set",
        "http.port=lots",
        "--set",
        "http.shutdown_seconds=0",
        "--set",
        "htpp.x=1",
    ]);
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{message}");
    for fault in ["http.port", "http.shutdown_seconds", "htpp"] {
        assert!(message.contains(fault), "{message}");
    }
}

#[test]
fn commands_that_need_no_server() {
    let document = output(&["openapi"]);
    assert!(document.status.success());
    let document: serde_json::Value = serde_json::from_slice(&document.stdout).expect("JSON alone on stdout");
    assert_eq!(document["info"]["title"], "minimal");

    let migrate = output(&["migrate"]);
    assert_eq!(migrate.status.code(), Some(1));
    assert!(
        text(&migrate.stderr).contains("MINIMAL_ADMIN_URL"),
        "{}",
        text(&migrate.stderr)
    );

    let redrive = output(&["redrive"]);
    assert!(
        text(&redrive.stderr).contains("minimal consumes no events"),
        "{}",
        text(&redrive.stderr)
    );

    assert_eq!(output(&["dance"]).status.code(), Some(2));
    let help = text(&output(&["--help"]).stdout);
    for command in ["serve", "work", "migrate", "openapi", "healthcheck", "redrive"] {
        assert!(help.contains(command), "{help}");
    }
}

#[test]
fn a_process_serves_works_and_stops_when_told() {
    for command in [&["serve", "--with-work"][..], &["work"]] {
        let inside = format!("http.internal_port={}", free_port());
        let arguments: Vec<&str> = command.iter().copied().chain(["--set", &inside]).collect();
        let mut process = Running(
            minimal(&arguments)
                .spawn()
                .expect("the example is built with the tests"),
        );
        wait_until("it lives", || {
            output(&["healthcheck", "--set", &inside]).status.success()
        });

        let id = process.0.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .expect("kill")
                .success()
        );
        let mut status = None;
        wait_until("it stops", || {
            status = process.0.try_wait().expect("a status");
            status.is_some()
        });
        assert_eq!(status.and_then(|status| status.code()), Some(0), "{command:?}");
        let health = output(&["healthcheck", "--set", &inside]);
        assert_eq!(health.status.code(), Some(1), "{}", text(&health.stdout));
    }
}
