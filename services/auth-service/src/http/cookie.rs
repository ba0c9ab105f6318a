//! The cookie that holds the refresh token: out of reach of scripts, sent to `/api/auth` alone, and never along with a
//! request that another site started.

use actix_web::{
    HttpRequest,
    http::header::{COOKIE, HeaderName, SET_COOKIE},
};
use cookie::{Cookie, SameSite, time::Duration};
use secrecy::{ExposeSecret, SecretString};

use crate::app::App;

const NAME: &str = "onus_refresh";
const PATH: &str = "/api/auth";
/// A token is 43 characters of base64url; nothing longer is looked up.
const TOKEN_CHARS: usize = 43;

/// A header that sets the cookie.
type SetCookie = (HeaderName, String);

/// The refresh token of a request, when it looks like one.
pub(super) fn read(request: &HttpRequest) -> Option<SecretString> {
    let headers = request
        .headers()
        .get_all(COOKIE)
        .filter_map(|header| header.to_str().ok());
    let mut cookies = headers.flat_map(Cookie::split_parse).filter_map(Result::ok);
    let token = cookies.find(|cookie| cookie.name() == NAME)?;
    (token.value().len() == TOKEN_CHARS).then(|| SecretString::from(token.value().to_owned()))
}

/// The cookie for a token.
pub(super) fn set(app: &App, token: &SecretString, max_age: i64) -> SetCookie {
    build(app, token.expose_secret().to_owned(), max_age)
}

/// The cookie that takes it away.
pub(super) fn clear(app: &App) -> SetCookie {
    build(app, String::new(), 0)
}

fn build(app: &App, value: String, max_age: i64) -> SetCookie {
    let cookie = Cookie::build((NAME, value))
        .path(PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(app.public_url.starts_with("https://"))
        .max_age(Duration::seconds(max_age))
        .build();
    (SET_COOKIE, cookie.to_string())
}
