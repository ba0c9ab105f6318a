//! Browsers on other origins. In production there are none: one origin serves the app and the API.

use crate::request_id;
use actix_cors::Cors;
use actix_web::http::header;
use std::str::FromStr;

/// Seconds for which a browser may keep the answer to its question.
const KEPT: usize = 7200;

/// An origin such as `https://app.example.com`: exactly what a browser sends as `Origin`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

/// The text is no origin.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not an origin such as https://app.example.com")]
pub struct NotAnOrigin(String);

impl Origin {
    /// As browsers send it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The origin of an address.
    pub fn of(address: &str) -> Option<Origin> {
        let (scheme, rest) = address.split_once("://")?;
        let host = rest.split('/').next()?;
        format!("{scheme}://{host}").parse().ok()
    }
}

impl FromStr for Origin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Origin, NotAnOrigin> {
        let refused = || NotAnOrigin(text.to_owned());
        let host = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))
            .ok_or_else(refused)?;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-:[]".contains(c);
        if host.is_empty() || !host.chars().all(plain) {
            return Err(refused());
        }
        Ok(Origin(text.to_owned()))
    }
}

/// Lets exactly these origins in, with credentials; without any, nobody is told anything.
pub(crate) fn cors(origins: &[Origin]) -> Cors {
    let cors = Cors::default()
        .allow_any_method()
        .allow_any_header()
        .expose_headers([
            header::ETAG,
            header::LOCATION,
            header::RETRY_AFTER,
            request_id::HEADER,
        ])
        .supports_credentials()
        .max_age(KEPT);
    origins
        .iter()
        .fold(cors, |cors, origin| cors.allowed_origin(origin.as_str()))
}

#[cfg(test)]
mod tests {
    use super::Origin;

    #[test]
    fn only_exact_origins_are_origins() {
        for good in [
            "https://app.example.com",
            "http://localhost:5173",
            "http://[::1]:8080",
        ] {
            assert!(good.parse::<Origin>().is_ok(), "{good}");
        }
        for bad in [
            "*",
            "null",
            "https://",
            "https://*.example.com",
            "https://app.example.com/",
            "https://App.example.com",
            "app.example.com",
            "ftp://example.com",
            "https://a@b",
        ] {
            assert!(bad.parse::<Origin>().is_err(), "{bad}");
        }
        let of = |address| Origin::of(address).map(|origin| origin.as_str().to_owned());
        assert_eq!(of("https://onus.test/app").as_deref(), Some("https://onus.test"));
        assert_eq!(of("nonsense"), None);
    }
}
