//! Log lines on stderr: stdout belongs to what a command prints, such as an OpenAPI document.

use crate::Format;
use std::io::{self, IsTerminal as _};
use tracing_subscriber::Layer;
use tracing_subscriber::registry::LookupSpan;

/// The layer that writes lines. In JSON the event's fields stand on the top level and all spans around it follow in
/// `spans`, so that a line from deep inside still names its request.
pub(crate) fn layer<S>(format: Format) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span>,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    match format {
        Format::Json => Box::new(
            lines
                .with_ansi(false)
                .json()
                .flatten_event(true)
                .with_current_span(false)
                .with_span_list(true),
        ),
        Format::Pretty => Box::new(lines.with_ansi(io::stderr().is_terminal()).compact()),
    }
}

/// A panic becomes one log line like everything else; the default hook would write several lines that no log
/// collector can put together again.
pub(crate) fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().unwrap_or("(no message)");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let thread = std::thread::current().name().unwrap_or("?").to_owned();
        tracing::error!(panic = message, place, thread, "a thread panicked");
    }));
}
