//! Reading a request body, bounded in bytes and in time.

use crate::http;
use actix_web::HttpMessage;
use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};
use actix_web::web::{Bytes, BytesMut};
use futures::StreamExt as _;
use problem::{Code, Problem};
use std::time::Duration;

/// What a body may cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    limit: usize,
    deadline: Duration,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds::from(&http::Settings::default())
    }
}

impl From<&http::Settings> for Bounds {
    fn from(settings: &http::Settings) -> Bounds {
        Bounds {
            limit: settings.body_limit,
            deadline: Duration::from_secs(settings.body_timeout_seconds),
        }
    }
}

impl Bounds {
    /// The same, with at most this many bytes.
    pub(crate) fn at_most(self, limit: usize) -> Bounds {
        Bounds {
            limit: self.limit.min(limit),
            ..self
        }
    }

    /// Reads the whole body.
    ///
    /// # Errors
    /// 413 when it is too large (at once, when its length is announced), 415 when it is compressed, 400 when it breaks
    /// off or does not come in time.
    pub(crate) async fn read(self, headers: &HeaderMap, payload: Payload) -> Result<Bytes, Problem> {
        check_encoding(headers)?;
        let announced = headers
            .get(CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        if announced.is_some_and(|length| usize::try_from(length).map_or(true, |length| length > self.limit))
        {
            return Err(self.too_large());
        }
        match tokio::time::timeout(self.deadline, self.collect(payload)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Problem::new(Code::MalformedRequest).detail("the body did not arrive in time")),
        }
    }

    async fn collect(self, mut payload: Payload) -> Result<Bytes, Problem> {
        let mut body = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|error| {
                Problem::new(Code::MalformedRequest)
                    .detail("the body broke off")
                    .caused_by(error)
            })?;
            if body.len() + chunk.len() > self.limit {
                return Err(self.too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    fn too_large(self) -> Problem {
        let limit = self.limit;
        Problem::new(Code::PayloadTooLarge)
            .detail(format!("the body may have at most {limit} bytes"))
            .with("limit", limit)
    }
}

/// A compressed body could unfold to any size; nobody needs to send one.
fn check_encoding(headers: &HeaderMap) -> Result<(), Problem> {
    let encoded = headers
        .get(CONTENT_ENCODING)
        .is_some_and(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"));
    if encoded {
        return Err(Problem::new(Code::UnsupportedMediaType)
            .detail("compressed bodies are not taken")
            .field("Content-Encoding", "must be absent or identity"));
    }
    Ok(())
}

/// The bounds of the server that serves this request.
pub(crate) fn bounds(request: &actix_web::HttpRequest) -> Bounds {
    request.app_data::<Bounds>().copied().unwrap_or_default()
}

/// Whether the content type is JSON: `application/json` or something `+json`, in UTF-8.
pub(crate) fn is_json(request: &impl HttpMessage) -> bool {
    let content_type = request.content_type();
    let json = content_type.eq_ignore_ascii_case("application/json")
        || content_type.to_ascii_lowercase().ends_with("+json");
    let utf8 = request
        .encoding()
        .is_ok_and(|encoding| encoding.name() == "UTF-8");
    json && utf8
}
