//! The table of error codes.

use std::fmt;

use actix_web::http::StatusCode;

/// Why a request was not carried out. Each code has one status and one title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// The request cannot be read: broken JSON, query, header or path.
    MalformedRequest,
    /// No valid token.
    Unauthenticated,
    /// The password was right; now the second factor is awaited.
    SecondFactorRequired,
    /// The caller's role does not allow this.
    Forbidden,
    /// The act is dangerous, and the caller has not proved for a while who they are.
    StepUpRequired,
    /// There is no such thing, or it belongs to another workspace.
    NotFound,
    /// The path exists, but not for this method.
    MethodNotAllowed,
    /// It contradicts the present state.
    Conflict,
    /// A request with the same idempotency key is still being carried out.
    KeyInFlight,
    /// Somebody else changed the same fields since the version given in `If-Match`.
    VersionConflict,
    /// The body is larger than is taken here.
    PayloadTooLarge,
    /// The body is not of a media type that is taken here.
    UnsupportedMediaType,
    /// The request can be read, but a value is not acceptable.
    Invalid,
    /// The idempotency key was used with another request before.
    KeyReused,
    /// This request needs `If-Match`.
    VersionRequired,
    /// The caller asks too often.
    TooManyRequests,
    /// The server failed; the log knows why.
    Internal,
    /// The server cannot say whether the change was made: ask again with the same idempotency key.
    OutcomeUnknown,
    /// The server cannot serve this at the moment.
    Unavailable,
}

impl Code {
    /// Every code, for the documentation.
    pub const ALL: [Code; 19] = [
        Code::MalformedRequest,
        Code::Unauthenticated,
        Code::SecondFactorRequired,
        Code::Forbidden,
        Code::StepUpRequired,
        Code::NotFound,
        Code::MethodNotAllowed,
        Code::Conflict,
        Code::KeyInFlight,
        Code::VersionConflict,
        Code::PayloadTooLarge,
        Code::UnsupportedMediaType,
        Code::Invalid,
        Code::KeyReused,
        Code::VersionRequired,
        Code::TooManyRequests,
        Code::Internal,
        Code::OutcomeUnknown,
        Code::Unavailable,
    ];

    fn row(self) -> (&'static str, StatusCode, &'static str) {
        match self {
            Code::MalformedRequest => (
                "malformed_request",
                StatusCode::BAD_REQUEST,
                "The request cannot be read",
            ),
            Code::Unauthenticated => ("unauthenticated", StatusCode::UNAUTHORIZED, "Sign in first"),
            Code::SecondFactorRequired => (
                "second_factor_required",
                StatusCode::UNAUTHORIZED,
                "Now your second factor",
            ),
            Code::StepUpRequired => (
                "step_up_required",
                StatusCode::FORBIDDEN,
                "Prove once more who you are",
            ),
            Code::Forbidden => (
                "forbidden",
                StatusCode::FORBIDDEN,
                "Your role does not allow this",
            ),
            Code::NotFound => ("not_found", StatusCode::NOT_FOUND, "There is nothing here"),
            Code::MethodNotAllowed => (
                "method_not_allowed",
                StatusCode::METHOD_NOT_ALLOWED,
                "The method is not allowed here",
            ),
            Code::Conflict => (
                "conflict",
                StatusCode::CONFLICT,
                "It contradicts the present state",
            ),
            Code::KeyInFlight => (
                "idempotency_key_in_flight",
                StatusCode::CONFLICT,
                "The first request is still under way",
            ),
            Code::VersionConflict => (
                "version_conflict",
                StatusCode::PRECONDITION_FAILED,
                "Somebody else changed this",
            ),
            Code::PayloadTooLarge => (
                "payload_too_large",
                StatusCode::PAYLOAD_TOO_LARGE,
                "The body is too large",
            ),
            Code::UnsupportedMediaType => (
                "unsupported_media_type",
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "The media type is not taken here",
            ),
            Code::Invalid => (
                "invalid",
                StatusCode::UNPROCESSABLE_ENTITY,
                "A value is not acceptable",
            ),
            Code::KeyReused => (
                "idempotency_key_reused",
                StatusCode::UNPROCESSABLE_ENTITY,
                "The idempotency key belongs to another request",
            ),
            Code::VersionRequired => (
                "version_required",
                StatusCode::PRECONDITION_REQUIRED,
                "Say which version you have seen",
            ),
            Code::TooManyRequests => (
                "too_many_requests",
                StatusCode::TOO_MANY_REQUESTS,
                "Too many requests",
            ),
            Code::Internal => ("internal", StatusCode::INTERNAL_SERVER_ERROR, "The server failed"),
            Code::OutcomeUnknown => (
                "outcome_unknown",
                StatusCode::SERVICE_UNAVAILABLE,
                "The outcome is not known",
            ),
            Code::Unavailable => (
                "unavailable",
                StatusCode::SERVICE_UNAVAILABLE,
                "Not available at the moment",
            ),
        }
    }

    /// The name that programs compare.
    pub fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The HTTP status.
    pub fn status(self) -> StatusCode {
        self.row().1
    }

    /// The sentence for people.
    pub fn title(self) -> &'static str {
        self.row().2
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_codes_share_a_name() {
        let mut names: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
