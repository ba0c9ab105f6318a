//! One trace from an incoming `traceparent` to a collector, through the real exporter.
//!
//! A single test, since a process has one subscriber.

#![expect(clippy::expect_used, reason = "a test that cannot go on must stop")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::Duration;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// Reads one request, answers 200, and gives back the head and the body.
fn receive(mut stream: TcpStream) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    let mut chunk = [0_u8; 4096];
    loop {
        let read = stream.read(&mut chunk).expect("a request");
        bytes.extend_from_slice(&chunk[..read]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let length: usize = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .expect("a length")
            .parse()
            .expect("a number");
        if bytes.len() >= end + 4 + length {
            stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                .expect("an answer");
            return (head, bytes[end + 4..].to_vec());
        }
    }
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex"))
        .collect()
}

#[test]
fn a_trace_is_continued_and_exported_when_the_guard_drops() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let (sender, received) = mpsc::channel();
    std::thread::spawn(move || {
        if let Ok((stream, _)) = listener.accept() {
            let _ = sender.send(receive(stream));
        }
    });

    assert_eq!(telemetry::traceparent(), None, "no subscriber yet");
    let settings = telemetry::Settings {
        otlp_endpoint: Some(endpoint),
        ..telemetry::Settings::default()
    };
    let guard = telemetry::init("task-service", &settings);
    let again = telemetry::init("audit-service", &telemetry::Settings::default());

    let span = tracing::info_span!("request");
    telemetry::continue_from(&span, Some(PARENT));
    assert_eq!(telemetry::trace_id(&span).as_deref(), Some(TRACE));
    let sent = span.in_scope(telemetry::traceparent).expect("a span");
    assert!(
        sent.starts_with(&format!("00-{TRACE}-")) && sent.ends_with("-01"),
        "{sent}"
    );
    assert_ne!(sent, PARENT, "our own span is the parent of what follows");

    for broken in ["", "00-00-00-00", "00-zz-1-1", "01"] {
        let span = tracing::info_span!("request");
        telemetry::continue_from(&span, Some(broken));
        assert_ne!(telemetry::trace_id(&span).as_deref(), Some(TRACE));
    }

    drop(span);
    drop(again);
    drop(guard);
    let (head, body) = received
        .recv_timeout(Duration::from_secs(10))
        .expect("spans at the collector");
    assert!(head.starts_with("post /v1/traces "), "{head}");
    let id = hex(TRACE);
    assert!(
        body.windows(id.len()).any(|window| window == id),
        "the trace id is in the export"
    );
    let name = b"task-service";
    assert!(
        body.windows(name.len()).any(|window| window == name),
        "and the service name"
    );
}
