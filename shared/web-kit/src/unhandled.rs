//! Whatever goes wrong becomes problem details, and is logged once, here.

use crate::request_id::RequestId;
use actix_web::body::{BoxBody, MessageBody as _, to_bytes_limited};
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use actix_web::web::Bytes;
use actix_web::{Error, HttpResponse, ResponseError};
use problem::{Code, Problem};
use std::fmt;

/// A handler's own problem body is far smaller than this.
const MAX_PROBLEM: usize = 1024 * 1024;

/// Gives a failed answer its final form; a good one passes.
pub(crate) async fn settle(answer: ServiceResponse<BoxBody>, id: &RequestId) -> ServiceResponse<BoxBody> {
    let status = answer.status();
    if !status.is_client_error() && !status.is_server_error() {
        return answer;
    }
    if let Some(error) = answer.response().error() {
        let settled = answer_to(error, id);
        return answer.into_response(settled);
    }
    let (request, response) = answer.into_parts();
    let response = if is_problem(response.headers()) {
        identify(response, id).await
    } else if response.body().size().is_eof() {
        fill(response, id)
    } else {
        response
    };
    ServiceResponse::new(request, response)
}

/// The answer to an error, which is logged when the fault is ours.
pub(crate) fn answer_to(error: &Error, id: &RequestId) -> HttpResponse {
    if let Some(problem) = error.as_error::<Problem>() {
        log(problem, problem.code().status(), id);
        return problem.response(Some(id.as_str()));
    }
    let status = error.as_response_error().status_code();
    log(&Opaque(error), status, id);
    Problem::new(code(status)).response(Some(id.as_str()))
}

/// A finished answer that travels as an error, where the request it belongs to is gone.
#[derive(Debug)]
pub(crate) struct Settled {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl From<HttpResponse> for Settled {
    fn from(response: HttpResponse) -> Settled {
        let (head, body) = response.into_parts();
        let body = body.try_into_bytes().unwrap_or_default();
        Settled {
            status: head.status(),
            headers: head.headers().clone(),
            body,
        }
    }
}

impl fmt::Display for Settled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "answered with {}", self.status)
    }
}

impl ResponseError for Settled {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::with_body(self.status, BoxBody::new(self.body.clone()));
        *response.headers_mut() = self.headers.clone();
        response
    }
}

/// An error and its sources in one line. Displays never print their source, so nothing is said twice.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        line.push_str(": ");
        line.push_str(&cause.to_string());
        source = cause.source();
    }
    line
}

fn log(error: &dyn std::error::Error, status: StatusCode, id: &RequestId) {
    let cause = chain(error);
    if status == StatusCode::SERVICE_UNAVAILABLE && error.source().is_none() {
        // Whoever refuses on purpose, such as what is too much, counts it: a flood of requests is not to be one of lines.
        tracing::debug!(request_id = %id, status = status.as_u16(), cause, "a request was turned away");
    } else if status == StatusCode::SERVICE_UNAVAILABLE {
        tracing::warn!(request_id = %id, status = status.as_u16(), cause, "a request could not be served");
    } else if status.is_server_error() {
        tracing::error!(request_id = %id, status = status.as_u16(), cause, "a request failed");
    }
}

/// The error of a library, which is no `std::error::Error` itself.
#[derive(Debug)]
struct Opaque<'a>(&'a Error);

impl fmt::Display for Opaque<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl std::error::Error for Opaque<'_> {}

fn is_problem(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.starts_with(problem::CONTENT_TYPE))
}

/// A problem that the handler answered itself, to add a cookie for example, gets its request id too.
async fn identify(response: HttpResponse, id: &RequestId) -> HttpResponse {
    let (mut head, body) = response.into_parts();
    let Ok(Ok(body)) = to_bytes_limited(body, MAX_PROBLEM).await else {
        return Problem::new(code(head.status())).response(Some(id.as_str()));
    };
    head.headers_mut().remove(CONTENT_LENGTH);
    let Ok(serde_json::Value::Object(mut members)) = serde_json::from_slice(&body) else {
        return head.set_body(BoxBody::new(body));
    };
    members.insert("request_id".to_owned(), id.as_str().into());
    head.set_body(BoxBody::new(serde_json::Value::Object(members).to_string()))
}

/// A bare status (404 and 405 of the router) gets a body and keeps its headers, such as `Allow`.
fn fill(response: HttpResponse, id: &RequestId) -> HttpResponse {
    let mut filled = Problem::new(code(response.status())).response(Some(id.as_str()));
    for (name, value) in response.headers() {
        if name != CONTENT_TYPE && name != CONTENT_LENGTH {
            filled.headers_mut().append(name.clone(), value.clone());
        }
    }
    filled
}

fn code(status: StatusCode) -> Code {
    match status {
        StatusCode::UNAUTHORIZED => Code::Unauthenticated,
        StatusCode::FORBIDDEN => Code::Forbidden,
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
        StatusCode::CONFLICT => Code::Conflict,
        StatusCode::PRECONDITION_FAILED => Code::VersionConflict,
        StatusCode::PAYLOAD_TOO_LARGE => Code::PayloadTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::UnsupportedMediaType,
        StatusCode::UNPROCESSABLE_ENTITY => Code::Invalid,
        StatusCode::PRECONDITION_REQUIRED => Code::VersionRequired,
        StatusCode::TOO_MANY_REQUESTS => Code::TooManyRequests,
        StatusCode::SERVICE_UNAVAILABLE => Code::Unavailable,
        status if status.is_client_error() => Code::MalformedRequest,
        _ => Code::Internal,
    }
}
