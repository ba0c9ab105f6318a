//! Calls to other services: bounded in time, and part of the same trace.

use std::time::Duration;

/// A client for internal addresses: no proxy, no redirects, a deadline for the whole exchange, and no idle
/// connections, which would belong to the runtime of the thread that opened them.
///
/// # Errors
/// When the TLS store cannot be read.
pub fn internal(deadline: Duration) -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .timeout(deadline)
        .connect_timeout(deadline.min(Duration::from_secs(2)))
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(0)
        .build()
}

/// Continues the current trace in the service that is called.
pub trait Traced {
    /// Adds the `traceparent` of the current span, if there is one.
    #[must_use]
    fn traced(self) -> Self;
}

impl Traced for reqwest::RequestBuilder {
    fn traced(self) -> Self {
        match telemetry::traceparent() {
            Some(traceparent) => self.header("traceparent", traceparent),
            None => self,
        }
    }
}
