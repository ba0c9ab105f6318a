//! The version that the writer of a change has seen.

use actix_web::dev::Payload;
use actix_web::http::header::IF_MATCH;
use actix_web::{FromRequest, HttpRequest};
use problem::{Code, Problem};
use std::future::{Ready, ready};

/// `If-Match: "7"`: the writer has seen version 7. The weak form `W/"7"` counts as well, since a proxy that compresses
/// answers weakens their ETags. Missing is 428; `*`, a list and anything else is 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch(pub i64);

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<IfMatch, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut values = request.headers().get_all(IF_MATCH);
        let outcome = match (values.next(), values.next()) {
            (None, _) => Err(Problem::new(Code::VersionRequired)
                .detail("send the version you have seen as If-Match: \"<version>\"")),
            (Some(value), None) => value
                .to_str()
                .ok()
                .and_then(version)
                .ok_or_else(malformed)
                .map(IfMatch),
            _ => Err(malformed()),
        };
        ready(outcome)
    }
}

fn malformed() -> Problem {
    Problem::new(Code::MalformedRequest)
        .field("If-Match", "must be one version in double quotes, such as \"7\"")
}

fn version(value: &str) -> Option<i64> {
    let value = value.trim();
    let value = value.strip_prefix("W/").unwrap_or(value);
    let digits = value.strip_prefix('"')?.strip_suffix('"')?;
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|version| plain && *version > 0)
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn only_one_quoted_positive_number_is_a_version() {
        assert_eq!(version("\"7\""), Some(7));
        assert_eq!(version("W/\"7\""), Some(7));
        for garbage in [
            "*",
            "7",
            "\"\"",
            "\"+7\"",
            "\"-7\"",
            "\"0\"",
            "\"7\", \"8\"",
            "\"x\"",
            "\"99999999999999999999\"",
        ] {
            assert_eq!(version(garbage), None, "{garbage}");
        }
    }
}
