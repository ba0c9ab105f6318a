//! The outermost layer around every request: deadline, errors, headers, log line and metrics.

use crate::request_id::{self, RequestId};
use crate::security::secure;
use crate::unhandled::{Settled, answer_to, settle};
use crate::{idempotency, span};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderMap;
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _};
use auth_token::{ServiceCaller, TOKEN_PATH};
use futures::FutureExt as _;
use problem::{Code, Problem};
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

/// What the layer needs to know of its server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Boundary {
    /// How long a handler may take.
    pub(crate) deadline: Duration,
    /// Whether browsers come over TLS.
    pub(crate) https: bool,
    /// Whether `/internal/…` asks for a service's token, whatever its handlers do.
    pub(crate) guarded: bool,
}

/// One request, as far as it outlives the request itself.
struct Exchange {
    id: RequestId,
    method: Method,
    route: String,
    started: Instant,
    https: bool,
}

/// The middleware.
pub(crate) async fn boundary<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(settings) = request.app_data::<Boundary>().copied() else {
        return Err(Problem::internal("the server has no boundary settings").into());
    };
    let id = request
        .extensions()
        .get::<RequestId>()
        .cloned()
        .unwrap_or_else(|| RequestId::of(&request));
    let exchange = Exchange {
        id,
        method: request.method().clone(),
        route: span::route(&request),
        started: Instant::now(),
        https: settings.https,
    };
    let outcome = match admit(&mut request, settings).await {
        Ok(()) => carry_out(request, next, settings, &exchange).await,
        Err(problem) => Err(problem.into()),
    };
    match outcome {
        Ok(answer) => {
            let mut answer = settle(answer.map_into_boxed_body(), &exchange.id).await;
            exchange.finish(answer.status(), answer.headers_mut());
            Ok(answer)
        }
        // The request is gone, so the answer travels as an error that looks exactly like it.
        Err(error) => {
            let mut answer = answer_to(&error, &exchange.id);
            exchange.finish(answer.status(), answer.headers_mut());
            Err(Settled::from(answer).into())
        }
    }
}

/// What must hold before a handler sees the request.
async fn admit(request: &mut ServiceRequest, settings: Boundary) -> Result<(), Problem> {
    // Where tokens are given, nobody has one yet.
    let guarded = request.path().starts_with("/internal/") && request.path() != TOKEN_PATH;
    if settings.guarded && guarded {
        request.extract::<ServiceCaller>().await?;
    }
    idempotency::fingerprint(request).await
}

/// Runs the handler within the deadline. A panic is a 500 like any other.
async fn carry_out<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
    settings: Boundary,
    exchange: &Exchange,
) -> Result<ServiceResponse<B>, Error> {
    let handler = AssertUnwindSafe(next.call(request)).catch_unwind();
    match tokio::time::timeout(settings.deadline, handler).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(Problem::internal("the handler panicked").into()),
        Err(_) if exchange.method.is_safe() => Err(Problem::new(Code::Unavailable)
            .detail("the answer took too long")
            .retry_after(1)
            .into()),
        // The transaction has its own task: it may still commit.
        Err(_) => Err(Problem::new(Code::OutcomeUnknown)
            .detail("the answer took too long")
            .retry_after(1)
            .into()),
    }
}

impl Exchange {
    /// Headers, log line and metrics of the finished answer.
    fn finish(&self, status: StatusCode, headers: &mut HeaderMap) {
        secure(headers, self.https);
        headers.insert(request_id::HEADER, self.id.header_value());
        let seconds = self.started.elapsed().as_secs_f64();
        self.measure(status, seconds);
        self.log(status, seconds);
    }

    fn measure(&self, status: StatusCode, seconds: f64) {
        let method = method_name(&self.method);
        let labels = [("method", method.to_owned()), ("route", self.route.clone())];
        metrics::histogram!("http_request_seconds", &labels).record(seconds);
        let status = status.as_str().to_owned();
        metrics::counter!("http_requests_total", "method" => method, "route" => self.route.clone(), "status" => status)
            .increment(1);
    }

    fn log(&self, status: StatusCode, seconds: f64) {
        let trace_id = telemetry::trace_id(&tracing::Span::current());
        let duration_ms = (seconds * 1e6).round() / 1e3;
        // Probes and scrapes come every few seconds and say nothing.
        if matches!(self.route.as_str(), "/livez" | "/readyz" | "/metrics") {
            tracing::debug!(status = status.as_u16(), duration_ms, "request served");
        } else {
            tracing::info!(
                request_id = %self.id,
                trace_id,
                method = %self.method,
                route = self.route,
                status = status.as_u16(),
                duration_ms,
                "request served"
            );
        }
    }
}

/// Clients invent methods; metrics know the usual ones.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
