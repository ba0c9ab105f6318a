//! The span around one request: what every log line within it, and its trace, say about it.

use crate::client_ip::client_ip;
use crate::request_id::RequestId;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::USER_AGENT;
use actix_web::{Error, HttpMessage as _};
use tracing::field::{Empty, display};
use tracing::{Span, info_span};
use tracing_actix_web::RootSpanBuilder;

/// The pattern of the path, such as `/api/tasks/{id}`, or a word that stands for all paths there are none for; metrics
/// and trace names must not grow with what clients invent.
pub(crate) fn route(request: &ServiceRequest) -> String {
    request.match_pattern().unwrap_or_else(|| "unmatched".to_owned())
}

/// Builds the span. The query and the headers stay out of it: they may hold secrets.
pub(crate) struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let id = RequestId::of(request);
        let method = request.method().as_str();
        let route = route(request);
        let agent = request
            .headers()
            .get(USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let client = client_ip(request.request())
            .map(|ip| ip.to_string())
            .unwrap_or_default();
        let span = info_span!(
            "request",
            otel.name = %format_args!("{method} {route}"),
            otel.kind = "server",
            otel.status_code = Empty,
            http.request.method = method,
            http.route = route,
            http.response.status_code = Empty,
            url.path = start(request.path(), 512),
            user_agent.original = start(agent, 200),
            client.address = client,
            request_id = %id,
            trace_id = Empty,
            person = Empty,
            workspace = Empty,
        );
        let incoming = request
            .headers()
            .get("traceparent")
            .and_then(|value| value.to_str().ok());
        telemetry::continue_from(&span, incoming);
        if let Some(trace) = telemetry::trace_id(&span) {
            span.record("trace_id", display(trace));
        }
        request.extensions_mut().insert(id);
        span
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(answer) => answer.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("http.response.status_code", status.as_u16());
        if status.is_server_error() {
            span.record("otel.status_code", "ERROR");
        }
    }
}

/// The first bytes of a text, cut where a character ends.
fn start(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}
