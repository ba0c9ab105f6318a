//! Errors as the client sees them: problem details for HTTP APIs (RFC 9457).
//!
//! [`Code`] is the one table of error codes and their statuses. A [`Problem`] carries what the client may
//! know; its cause is for the log alone and is written there once, by web-kit, at the boundary.

mod code;

use std::error::Error;
use std::fmt;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

pub use code::Code;

/// The media type of a problem.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// Something that is wrong with one field of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// The field's path, such as `title` or `columns[2].name`; for a header its name.
    pub field: String,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What is wrong, in a word for programs, where they could do something about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

/// The shape of a problem in the API documents.
#[derive(Serialize, ToSchema)]
pub struct ProblemBody {
    /// Path of the code's documentation.
    #[serde(rename = "type")]
    pub kind: String,
    /// Short name of the error, the same for every occurrence.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// The code, for programs.
    pub code: String,
    /// What happened this time.
    pub detail: Option<String>,
    /// The id under which the log knows this request.
    pub request_id: Option<String>,
    /// What is wrong with which field.
    pub errors: Option<Vec<FieldError>>,
}

/// An error answer.
#[derive(Debug)]
pub struct Problem {
    code: Code,
    detail: Option<String>,
    errors: Vec<FieldError>,
    extensions: Map<String, Value>,
    retry_after: Option<u32>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Problem {
    /// A problem with nothing but its code.
    pub fn new(code: Code) -> Problem {
        Problem {
            code,
            detail: None,
            errors: Vec::new(),
            extensions: Map::new(),
            retry_after: None,
            cause: None,
        }
    }

    /// A problem of the server: the client learns nothing of the cause.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Problem {
        Problem::new(Code::Internal).caused_by(cause)
    }

    /// Says what happened this time, in a sentence for people.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Problem {
        self.detail = Some(detail.into());
        self
    }

    /// Names a field and what is wrong with it.
    #[must_use]
    pub fn field(self, field: impl Into<String>, message: impl Into<String>) -> Problem {
        self.field_because(field, message, None)
    }

    /// Names a field and what is wrong with it, in a word for programs too.
    #[must_use]
    pub fn field_because(
        mut self,
        field: impl Into<String>,
        message: impl Into<String>,
        reason: Option<&'static str>,
    ) -> Problem {
        self.errors.push(FieldError {
            field: field.into(),
            message: message.into(),
            reason,
        });
        self
    }

    /// Adds an extension member, such as `current`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Problem {
        self.extensions.insert(name.to_owned(), value.into());
        self
    }

    /// Says after how many seconds a new try makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Problem {
        self.retry_after = Some(seconds);
        self
    }

    /// Keeps the cause for the log.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Problem {
        self.cause = Some(cause.into());
        self
    }

    /// Its code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The fields it names.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// Its cause, for the log.
    pub fn cause(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        self.cause.as_deref()
    }

    /// The body, with the id of the request that failed.
    pub fn body(&self, request_id: Option<&str>) -> Value {
        let mut body = Map::new();
        body.insert("type".to_owned(), json!(format!("/problems/{}", self.code)));
        body.insert("title".to_owned(), json!(self.code.title()));
        body.insert("status".to_owned(), json!(self.code.status().as_u16()));
        body.insert("code".to_owned(), json!(self.code.to_string()));
        if let Some(detail) = &self.detail {
            body.insert("detail".to_owned(), json!(detail));
        }
        if let Some(request_id) = request_id {
            body.insert("request_id".to_owned(), json!(request_id));
        }
        if !self.errors.is_empty() {
            body.insert("errors".to_owned(), json!(self.errors));
        }
        for (name, value) in &self.extensions {
            body.insert(name.clone(), value.clone());
        }
        Value::Object(body)
    }

    /// The whole answer, with the id of the request that failed.
    pub fn response(&self, request_id: Option<&str>) -> HttpResponse {
        let mut answer = HttpResponseBuilder::new(self.code.status());
        answer.content_type(CONTENT_TYPE);
        if let Some(seconds) = self.retry_after {
            answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        if self.code == Code::Unauthenticated {
            answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        answer.body(self.body(request_id).to_string())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.detail {
            Some(detail) => write!(f, "{}: {detail}", self.code),
            None => write!(f, "{}", self.code),
        }
    }
}

impl Error for Problem {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause
            .as_ref()
            .map(|cause| cause.as_ref() as &(dyn Error + 'static))
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        self.response(None)
    }
}
