//! How a process tells what it is doing: log lines, traces and metrics, set up once at the start.
//!
//! Log lines are JSON on stderr. Every span belongs to a trace whether or not anybody collects traces, so that log
//! lines carry a trace id and events carry a `traceparent` (W3C Trace Context) even on a laptop. Spans leave the
//! process only when an OTLP endpoint is configured. Metrics go through the `metrics` facade and are rendered on
//! demand in the Prometheus text format; nothing here opens a port.

mod export;
mod logs;
mod metric;
mod settings;
mod trace;

pub use metric::metrics_text;
pub use settings::{Format, Settings};
pub use trace::{continue_from, trace_id, traceparent};

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::time::Duration;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

/// How long the last spans may take to leave when the process stops.
const FLUSH: Duration = Duration::from_secs(3);

/// Keeps the exporter alive; spans still waiting are sent when it is dropped.
#[must_use = "dropping the guard stops the export of traces"]
#[derive(Debug)]
pub struct Guard {
    provider: SdkTracerProvider,
}

impl Drop for Guard {
    fn drop(&mut self) {
        // A collector that does not answer must not hold the process back, nor is there anybody left to tell.
        let _ = self.provider.shutdown_with_timeout(FLUSH);
    }
}

/// Installs logging, tracing and the metrics recorder for the whole process.
///
/// A second call (several services in one process, several tests) leaves the first subscriber in place.
pub fn init(service: &str, settings: &Settings) -> Guard {
    metric::install();
    let (provider, fault) = export::provider(service, settings);
    // Spans are recorded at INFO whatever the log filter says: a quiet log must not cut traces in two.
    let spans = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("onus"))
        .with_filter(LevelFilter::INFO);
    // What the server library says about its own threads at INFO helps nobody; the setting can still ask for it.
    let filter = EnvFilter::try_new(format!("actix_server=warn,{}", settings.log));
    let filter = filter.unwrap_or_else(|_| EnvFilter::new("info"));
    let installed = tracing_subscriber::registry()
        .with(logs::layer(settings.format).with_filter(filter))
        .with(spans)
        .try_init();
    if installed.is_ok() {
        logs::log_panics();
    }
    if let Some(fault) = fault {
        tracing::warn!(error = %fault, "traces are not exported: the OTLP exporter could not be built");
    }
    Guard { provider }
}
