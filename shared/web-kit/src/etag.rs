//! The version of a thing as an entity tag.

use actix_web::http::header::{ETAG, HeaderName, HeaderValue};

/// The entity tag of a version: `"7"`.
pub fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

/// The whole header, for `insert_header`.
pub fn header(version: i64) -> (HeaderName, HeaderValue) {
    let value = HeaderValue::from_str(&etag(version)).unwrap_or_else(|_| HeaderValue::from_static("\"0\""));
    (ETAG, value)
}
