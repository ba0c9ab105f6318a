//! The cookie that holds the refresh token: out of reach of scripts, and never sent along with a request that another
//! site started. Three locks hang on that door: `SameSite=Strict`, a look at `Origin`, and a header that no form and no
//! picture can send.

use actix_web::{
    HttpRequest,
    http::header::{COOKIE, HOST, HeaderName, ORIGIN, SET_COOKIE},
};
use cookie::{Cookie, SameSite, time::Duration};
use problem::{Code, Problem};
use secrecy::{ExposeSecret, SecretString};

use crate::app::App;

/// Where browsers come over TLS: the prefix binds the cookie to this host and to TLS (RFC 6265bis, section 4.1.3.2).
const SECURE_NAME: &str = "__Host-onus_refresh";
/// On a laptop without TLS.
const PLAIN_NAME: &str = "onus_refresh";
/// The header that a request with the cookie must carry, with any value.
pub(super) const HEADER: &str = "x-onus-client";
/// A token is 43 characters of base64url; nothing longer is looked up.
const TOKEN_CHARS: usize = 43;

/// A header that sets the cookie.
type SetCookie = (HeaderName, String);

/// The refresh token of a request, when it looks like one.
///
/// # Errors
/// 403 when there is one but the request may have been started by another site.
pub(super) fn read(app: &App, request: &HttpRequest) -> Result<Option<SecretString>, Problem> {
    let headers = request
        .headers()
        .get_all(COOKIE)
        .filter_map(|header| header.to_str().ok());
    let mut cookies = headers.flat_map(Cookie::split_parse).filter_map(Result::ok);
    let name = name(app);
    let token = cookies.find(|cookie| cookie.name() == name && cookie.value().len() == TOKEN_CHARS);
    let Some(token) = token else {
        return Ok(None);
    };
    check_origin(app, request)?;
    Ok(Some(SecretString::from(token.value().to_owned())))
}

fn check_origin(app: &App, request: &HttpRequest) -> Result<(), Problem> {
    let refused = |detail: &str| Err(Problem::new(Code::Forbidden).detail(detail));
    let header = |name: HeaderName| {
        request
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap_or_default())
    };
    // The host that the browser asked is ours too, under whatever name (127.0.0.1 for localhost); behind a CDN it is
    // the public address that counts.
    let asked = |origin: &str| {
        header(HOST).is_some_and(|host| origin.split_once("://").is_some_and(|(_, own)| own == host))
    };
    if header(ORIGIN).is_some_and(|origin| !app.http.welcomes(origin) && !asked(origin)) {
        return refused("This origin may not use the session.");
    }
    if !request.headers().contains_key(HEADER) {
        return refused("The header X-Onus-Client is missing.");
    }
    Ok(())
}

/// The cookie for a token.
pub(super) fn set(app: &App, token: &SecretString, max_age: i64) -> SetCookie {
    build(app, token.expose_secret().to_owned(), max_age)
}

/// The cookie that takes it away.
pub(super) fn clear(app: &App) -> SetCookie {
    build(app, String::new(), 0)
}

fn name(app: &App) -> &'static str {
    if app.http.is_https() {
        SECURE_NAME
    } else {
        PLAIN_NAME
    }
}

fn build(app: &App, value: String, max_age: i64) -> SetCookie {
    // The prefix asks for the path `/`.
    let cookie = Cookie::build((name(app), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(app.http.is_https())
        .max_age(Duration::seconds(max_age))
        .build();
    (SET_COOKIE, cookie.to_string())
}
