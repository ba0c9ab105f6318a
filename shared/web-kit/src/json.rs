//! A JSON body as a checked value.

use crate::body::{bounds, is_json};
use crate::fields;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use garde::Validate;
use problem::{Code, Problem};
use serde::de::{DeserializeOwned, IgnoredAny};
use std::ops::Deref;

/// The body of a request: bounded, JSON, of the right shape (types use `deny_unknown_fields`), within its rules.
///
/// It answers 413, 415, 400 for what is not JSON, and 422 with the path of each field that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T> Json<T> {
    /// The value.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> FromRequest for Json<T>
where
    T: DeserializeOwned + Validate<Context = ()> + 'static,
{
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Json<T>, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        async move {
            if !is_json(&request) {
                return Err(Problem::new(Code::UnsupportedMediaType)
                    .detail("the body must be JSON")
                    .field("Content-Type", "must be application/json"));
            }
            let body = bounds(&request).read(request.headers(), payload).await?;
            parse(&body).map(Json)
        }
        .boxed_local()
    }
}

fn parse<T: DeserializeOwned + Validate<Context = ()>>(body: &[u8]) -> Result<T, Problem> {
    // serde would read a list as the fields in their order; no client means that.
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(Problem::new(Code::Invalid).detail("the body must be an object"));
    }
    let Ok(body) = std::str::from_utf8(body) else {
        return Err(Problem::new(Code::MalformedRequest).detail("the body is not UTF-8"));
    };
    let mut json = serde_json::Deserializer::from_str(body);
    let value: T = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        // To serde_json a null where a word is expected is a fault of syntax; to the client it is one of the field.
        if error.inner().is_data() || serde_json::from_str::<IgnoredAny>(body).is_ok() {
            fields::unreadable(error.path(), &error.inner().to_string())
        } else {
            malformed(error.inner())
        }
    })?;
    json.end().map_err(|error| malformed(&error))?;
    value.validate().map_err(|report| fields::out_of_rules(&report))?;
    Ok(value)
}

fn malformed(error: &serde_json::Error) -> Problem {
    Problem::new(Code::MalformedRequest).detail(format!("the body is not JSON: {error}"))
}
