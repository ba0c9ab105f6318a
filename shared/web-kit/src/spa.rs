//! The built web app, served by the process itself when there is no CDN in front.
//!
//! The files are read once at the start: what is served cannot change under a browser, and no path of a request ever
//! reaches the file system. Files below `/assets/` have a hash in their name and may be kept for ever; `index.html`
//! names them and must be asked for each time.

mod files;

use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETAG, HeaderMap,
    IF_NONE_MATCH, REFERRER_POLICY, VARY,
};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use files::File;
use problem::{Code, Problem};
use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Scripts, styles and data from our own origin alone, and nothing inline: no nonce is needed, since nothing that a page
/// could be made to contain would run.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
     frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// A built web app.
#[derive(Clone)]
pub struct Spa {
    files: Arc<HashMap<String, File>>,
}

impl Spa {
    /// Reads the directory that the build wrote.
    ///
    /// # Errors
    /// When it cannot be read or has no `index.html`.
    pub fn open(directory: impl AsRef<Path>) -> io::Result<Spa> {
        let files = files::read(directory.as_ref())?;
        if !files.contains_key("/index.html") {
            let place = directory.as_ref().display();
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                format!("{place} has no index.html"),
            ));
        }
        Ok(Spa {
            files: Arc::new(files),
        })
    }

    pub(crate) fn configure(&self, cfg: &mut ServiceConfig) {
        let spa = self.clone();
        cfg.default_service(web::to(move |request: HttpRequest| {
            let answer = spa.answer(&request);
            async move { answer }
        }));
    }

    fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, Problem> {
        let path = request.path();
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        if !reads || is_reserved(path) {
            return Err(Problem::new(Code::NotFound));
        }
        if let Some(file) = self.files.get(path).filter(|_| path != "/index.html") {
            let cache = if is_hashed(path) {
                "public, max-age=31536000, immutable"
            } else {
                "no-cache"
            };
            return Ok(self.send(file, cache, request));
        }
        let page = self
            .files
            .get("/index.html")
            .filter(|_| !is_hashed(path) && wants_page(path, request.headers()));
        match page {
            Some(page) => Ok(self.send(page, "no-cache", request)),
            None => Err(Problem::new(Code::NotFound)),
        }
    }

    fn send(&self, file: &File, cache: &str, request: &HttpRequest) -> HttpResponse {
        let mut answer = HttpResponse::Ok();
        answer
            .insert_header((CACHE_CONTROL, cache))
            .insert_header((ETAG, file.etag.as_str()))
            .insert_header((VARY, "accept-encoding"))
            .insert_header((REFERRER_POLICY, "same-origin"))
            .insert_header((CONTENT_SECURITY_POLICY, POLICY));
        if is_known(request.headers(), &file.etag) {
            return answer.status(actix_web::http::StatusCode::NOT_MODIFIED).finish();
        }
        answer.content_type(file.media_type);
        match file.compressed().filter(|_| takes_gzip(request.headers())) {
            Some(compressed) => answer.insert_header((CONTENT_ENCODING, "gzip")).body(compressed),
            None => answer.body(file.content.clone()),
        }
    }
}

/// Paths that belong to the services; a page there would hide that the route is wrong.
fn is_reserved(path: &str) -> bool {
    ["/api", "/.well-known", "/internal", "/problems"]
        .iter()
        .any(|prefix| {
            path.strip_prefix(prefix)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
}

fn is_hashed(path: &str) -> bool {
    path.starts_with("/assets/")
}

/// A browser that navigates asks for HTML. Who takes anything gets the page only where no file seems to be meant.
fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    let accept = headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("*/*");
    let names_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    accept.contains("text/html") || (accept.contains("*/*") && !names_file)
}

/// `If-None-Match` compares weakly (RFC 9110, 13.1.2).
fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let known = headers
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    known
        .split(',')
        .any(|tag| tag.trim().trim_start_matches("W/") == etag)
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    accepted.split(',').any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        name.trim().eq_ignore_ascii_case("gzip")
            && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_keep_their_paths() {
        for path in [
            "/api",
            "/api/boards",
            "/.well-known/jwks.json",
            "/internal/events",
        ] {
            assert!(is_reserved(path), "{path}");
        }
        for path in ["/", "/apidocs", "/boards/1", "/index.html"] {
            assert!(!is_reserved(path), "{path}");
        }
    }

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        let takes = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, value.parse().expect("a header"));
            takes_gzip(&headers)
        };
        assert!(takes("gzip") && takes("br;q=1.0, gzip;q=0.8") && takes("deflate, GZIP"));
        assert!(!takes("br") && !takes("gzip;q=0") && !takes("identity"));
    }
}
