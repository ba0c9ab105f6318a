//! `Idempotency-Key`: a request that may be sent again without being carried out again.
//!
//! The key is stored by the handler's transaction (see the postgres crate); here it is only read. It belongs to the
//! person who sent it, and to one request: method, path and body are fingerprinted, so that a key used for something
//! else is noticed. The fingerprint needs the whole body before any extractor takes it, which is why the server reads
//! the body of keyed requests up front.

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::Method;
use actix_web::http::header::{HeaderMap, HeaderName};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use auth_token::Caller;
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use postgres::idempotency::Key;
use problem::{Code, Problem};
use sha2::{Digest as _, Sha256};
use std::future::{Ready, ready};

use crate::body::bounds;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// More than any UUID or hash needs.
const MAX_KEY: usize = 255;

/// The key of the request, if it has one: 1 to 255 visible ASCII characters, 400 otherwise. It needs a signed-in
/// caller only when there is a key.
#[derive(Clone, Debug)]
pub struct Idempotency(pub Option<Key>);

impl Idempotency {
    /// The key, as `Database::write_once` takes it.
    pub fn into_inner(self) -> Option<Key> {
        self.0
    }
}

/// The same on a route where nobody is signed in yet, such as signing up. All who are not signed in share one scope, so
/// the body must hold a secret of the caller's: whoever sends key and body again gets the answer again.
#[derive(Clone, Debug)]
pub struct OpenIdempotency(pub Option<Key>);

impl OpenIdempotency {
    /// The key, as `Database::write_once` takes it.
    pub fn into_inner(self) -> Option<Key> {
        self.0
    }
}

/// Whose keys those of [`OpenIdempotency`] are.
const NOBODY: &str = "nobody";

/// SHA-256 over method, path and body.
#[derive(Clone, Copy)]
struct Fingerprint([u8; 32]);

impl FromRequest for Idempotency {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Idempotency, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move {
            let Some((key, fingerprint)) = keyed(&request)? else {
                return Ok(Idempotency(None));
            };
            let caller = Caller::from_request(&request, &mut Payload::None).await?;
            Ok(Idempotency(Some(Key {
                scope: caller.person.to_string(),
                key,
                fingerprint,
            })))
        }
        .boxed_local()
    }
}

impl FromRequest for OpenIdempotency {
    type Error = Problem;
    type Future = Ready<Result<OpenIdempotency, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let keyed = keyed(request).map(|keyed| {
            OpenIdempotency(keyed.map(|(key, fingerprint)| Key {
                scope: NOBODY.to_owned(),
                key,
                fingerprint,
            }))
        });
        ready(keyed)
    }
}

/// The key of a request and the request's fingerprint.
fn keyed(request: &HttpRequest) -> Result<Option<(String, [u8; 32])>, Problem> {
    let Some(key) = key(request.headers())? else {
        return Ok(None);
    };
    match request.extensions().get::<Fingerprint>() {
        Some(Fingerprint(fingerprint)) => Ok(Some((key, *fingerprint))),
        None => Err(Problem::internal(
            "a keyed request was not fingerprinted by the server",
        )),
    }
}

/// Reads the body of a keyed, writing request and puts it back, fingerprinted.
pub(crate) async fn fingerprint(request: &mut ServiceRequest) -> Result<(), Problem> {
    let writes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !writes || !request.headers().contains_key(HEADER) {
        return Ok(());
    }
    let payload = request.take_payload();
    let body = bounds(request.request()).read(request.headers(), payload).await?;
    let mut hash = Sha256::new();
    for part in [
        request.method().as_str().as_bytes(),
        request.uri().to_string().as_bytes(),
        &body,
    ] {
        // Lengths keep the parts apart.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    request
        .extensions_mut()
        .insert(Fingerprint(hash.finalize().into()));
    request.set_payload(Payload::from(body));
    Ok(())
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all(HEADER);
    let value = match (values.next(), values.next()) {
        (None, _) => return Ok(None),
        (Some(value), None) => value.as_bytes(),
        _ => &[],
    };
    let visible = (1..=MAX_KEY).contains(&value.len()) && value.iter().all(u8::is_ascii_graphic);
    match std::str::from_utf8(value) {
        Ok(key) if visible => Ok(Some(key.to_owned())),
        _ => Err(Problem::new(Code::MalformedRequest).field(
            "Idempotency-Key",
            format!("must be one key of 1 to {MAX_KEY} visible ASCII characters"),
        )),
    }
}
