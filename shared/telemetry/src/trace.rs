//! Carrying a trace across a process border as a W3C `traceparent`.

use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// The `traceparent` of the current span, to be put into a request or an event.
///
/// `None` outside any span, or before [`crate::init`].
pub fn traceparent() -> Option<String> {
    let context = Span::current().context();
    let span = context.span();
    let id = span.span_context();
    id.is_valid().then(|| {
        format!(
            "00-{}-{}-{:02x}",
            id.trace_id(),
            id.span_id(),
            id.trace_flags().to_u8()
        )
    })
}

/// The trace id of a span, 32 hexadecimal digits. Starts the span: its parent can no longer be set.
pub fn trace_id(span: &Span) -> Option<String> {
    let context = span.context();
    let span = context.span();
    let id = span.span_context();
    id.is_valid().then(|| id.trace_id().to_string())
}

/// Makes `span` a child of the trace that `traceparent` names. A missing or malformed value leaves the span as it is.
///
/// Call it before the span is first entered.
pub fn continue_from(span: &Span, traceparent: Option<&str>) {
    let Some(traceparent) = traceparent else { return };
    let parent = TraceContextPropagator::new().extract_with_context(&Context::new(), &Single(traceparent));
    if parent.span().span_context().is_valid() {
        // Fails when the span is filtered out or no subscriber is installed: then there is no trace to continue.
        let _ = span.set_parent(parent);
    }
}

/// One header as the carrier that the propagator wants.
struct Single<'a>(&'a str);

impl Extractor for Single<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == "traceparent").then_some(self.0)
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent"]
    }
}
