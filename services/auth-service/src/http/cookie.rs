//! The cookies. The one that holds the refresh token is out of reach of scripts, and never sent along with a request that another
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

/// A cookie of ours.
struct Jar {
    /// Its name on a laptop without TLS.
    plain: &'static str,
    /// Its name where browsers come over TLS: the prefix binds it to this host and to TLS (RFC 6265bis, section
    /// 4.1.3.2).
    secure: &'static str,
    same_site: SameSite,
}

const REFRESH: Jar = Jar {
    plain: "onus_refresh",
    secure: "__Host-onus_refresh",
    same_site: SameSite::Strict,
};
/// What a browser takes along to an identity provider and back. It comes back by a link of the provider's, so it cannot
/// be `Strict`; what it holds is sealed and useless without that provider's answer.
const FLOW: Jar = Jar {
    plain: "onus_external",
    secure: "__Host-onus_external",
    same_site: SameSite::Lax,
};
/// Browsers keep no longer ones.
const MAX_FLOW: usize = 4000;
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
    let token = find(app, &REFRESH, request, |value| value.len() == TOKEN_CHARS);
    if token.is_some() {
        check_origin(app, request)?;
    }
    Ok(token)
}

/// What the browser took along to a provider.
pub(super) fn flow(app: &App, request: &HttpRequest) -> Option<SecretString> {
    find(app, &FLOW, request, |value| value.len() <= MAX_FLOW)
}

fn find(app: &App, jar: &Jar, request: &HttpRequest, fits: impl Fn(&str) -> bool) -> Option<SecretString> {
    let headers = request
        .headers()
        .get_all(COOKIE)
        .filter_map(|header| header.to_str().ok());
    let mut cookies = headers.flat_map(Cookie::split_parse).filter_map(Result::ok);
    let name = name(app, jar);
    let cookie = cookies.find(|cookie| cookie.name() == name && fits(cookie.value()));
    cookie.map(|cookie| SecretString::from(cookie.value().to_owned()))
}

/// Refuses a request that another site may have started.
///
/// # Errors
/// 403.
pub(super) fn check_origin(app: &App, request: &HttpRequest) -> Result<(), Problem> {
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
    build(app, &REFRESH, token.expose_secret().to_owned(), max_age)
}

/// The cookie that takes it away.
pub(super) fn clear(app: &App) -> SetCookie {
    build(app, &REFRESH, String::new(), 0)
}

/// The cookie for the way to a provider and back.
pub(super) fn set_flow(app: &App, sealed: &SecretString, max_age: i64) -> SetCookie {
    build(app, &FLOW, sealed.expose_secret().to_owned(), max_age)
}

/// The cookie that takes it away.
pub(super) fn clear_flow(app: &App) -> SetCookie {
    build(app, &FLOW, String::new(), 0)
}

fn name(app: &App, jar: &Jar) -> &'static str {
    if app.http.is_https() {
        jar.secure
    } else {
        jar.plain
    }
}

fn build(app: &App, jar: &Jar, value: String, max_age: i64) -> SetCookie {
    // The prefix asks for the path `/`.
    let cookie = Cookie::build((name(app, jar), value))
        .path("/")
        .http_only(true)
        .same_site(jar.same_site)
        .secure(app.http.is_https())
        .max_age(Duration::seconds(max_age))
        .build();
    (SET_COOKIE, cookie.to_string())
}
