//! The name of one request, in its answer, its log lines and its error.

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use std::convert::Infallible;
use std::fmt;
use std::future::{Ready, ready};
use std::sync::Arc;
use uuid::Uuid;

/// The header that carries it, in and out.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of the request being served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Takes the client's id when it is a short, harmless token (it ends up in logs), and makes one otherwise. Those of API
    /// Gateway end in `=`.
    pub(crate) fn of(request: &ServiceRequest) -> RequestId {
        let mut given = request.headers().get_all(HEADER);
        match (given.next().and_then(|value| value.to_str().ok()), given.next()) {
            (Some(id), None) if is_safe(id) => RequestId(id.into()),
            _ => RequestId::new(),
        }
    }

    fn new() -> RequestId {
        RequestId(Uuid::new_v4().simple().to_string().into())
    }

    pub(crate) fn header_value(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).unwrap_or_else(|_| HeaderValue::from_static("-"))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromRequest for RequestId {
    type Error = Infallible;
    type Future = Ready<Result<RequestId, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let known = request.extensions().get::<RequestId>().cloned();
        ready(Ok(known.unwrap_or_else(RequestId::new)))
    }
}

fn is_safe(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'=');
    (8..=64).contains(&id.len()) && id.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::is_safe;

    #[test]
    fn only_short_tokens_are_taken_over() {
        assert!(is_safe("3fa2b1c4-77aa"));
        assert!(is_safe("JKJaXmPLvHcESHA="));
        for bad in [
            "",
            "short",
            "with space here",
            "new\nline-here",
            "über-lange-id",
            &"x".repeat(65),
        ] {
            assert!(!is_safe(bad), "{bad}");
        }
    }
}
