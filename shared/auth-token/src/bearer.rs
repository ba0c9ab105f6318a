//! Reading the `Authorization` header.

use actix_web::HttpRequest;
use actix_web::http::header;

/// The token of the one `Authorization: Bearer …` header. Two such headers are as good as none: which of them a proxy
/// in front of us had looked at cannot be known.
pub(crate) fn bearer(request: &HttpRequest) -> Option<&str> {
    let mut values = request.headers().get_all(header::AUTHORIZATION);
    let value = values.next()?;
    if values.next().is_some() {
        return None;
    }
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use super::bearer;
    use actix_web::test::TestRequest;

    #[test]
    fn only_one_bearer_header_counts() {
        let with = |value: &str| {
            TestRequest::default()
                .insert_header(("authorization", value))
                .to_http_request()
        };
        assert_eq!(bearer(&with("Bearer abc")), Some("abc"));
        assert_eq!(bearer(&with("bearer abc")), Some("abc"));
        assert_eq!(bearer(&with("Basic abc")), None);
        assert_eq!(bearer(&with("Bearer")), None);
        assert_eq!(bearer(&TestRequest::default().to_http_request()), None);
        let two = TestRequest::default()
            .append_header(("authorization", "Bearer abc"))
            .append_header(("authorization", "Bearer def"))
            .to_http_request();
        assert_eq!(bearer(&two), None);
    }
}
