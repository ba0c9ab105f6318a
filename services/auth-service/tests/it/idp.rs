//! An identity provider (OpenID Connect) that does as it should, or bends one thing.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use actix_web::{App, HttpResponse, HttpServer, web};
use aws_lc_rs::digest::{SHA256, digest};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as BASE64},
};
use chrono::Utc;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use test_kit::TestKey;

use crate::pictures::png;

const CLIENT: &str = "onus-client";
const SECRET: &str = "a secret of the client, for tests";

/// What is wrong with the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bend {
    Nothing,
    WrongNonce,
    NoNonce,
    WrongIssuer,
    WrongAudience,
    Expired,
    SwappedKey,
    Unsigned,
    SignedWithTheClientSecret,
    NoIdToken,
    WrongHash,
    LongToken,
    SlowToken,
    RedirectedToken,
    BrokenToken,
    LongDiscovery,
    ForeignDiscovery,
    AnotherSubject,
}

/// What the browser was sent with.
#[derive(Clone)]
struct Asked {
    nonce: String,
    challenge: String,
    claims: Value,
}

struct Shared {
    bend: Mutex<Bend>,
    codes: Mutex<HashMap<String, Asked>>,
    key: TestKey,
    other: TestKey,
    pictures: AtomicUsize,
}

/// The provider.
pub(crate) struct Idp {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Idp {
    /// Starts it; it ends with the process.
    pub(crate) fn start() -> Self {
        let shared = Arc::new(Shared {
            bend: Mutex::new(Bend::Nothing),
            codes: Mutex::default(),
            key: TestKey::generate("one"),
            other: TestKey::generate("one"),
            pictures: AtomicUsize::new(0),
        });
        let data = web::Data::from(Arc::clone(&shared));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .route("/.well-known/openid-configuration", web::get().to(discovery))
                .route("/jwks", web::get().to(jwks))
                .route("/token", web::post().to(token))
                .route("/me", web::get().to(user_info))
                .route("/pictures/{name}", web::get().to(picture))
        })
        .workers(1)
        .disable_signals()
        .shutdown_timeout(0)
        .bind(("127.0.0.1", 0))
        .unwrap();
        let address = server.addrs()[0];
        tokio::spawn(server.run());
        Self { address, shared }
    }

    pub(crate) fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How often somebody was given a picture.
    pub(crate) fn pictures_sent(&self) -> usize {
        self.shared.pictures.load(Ordering::SeqCst)
    }

    pub(crate) fn bend(&self, bend: Bend) {
        *self.shared.bend.lock().unwrap() = bend;
    }

    /// The settings that name it `example`, and more.
    pub(crate) fn settings(&self, more: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
        let mut all = vec![
            ("auth.providers.example.name", "Example".to_owned()),
            ("auth.providers.example.issuer", self.issuer()),
            ("auth.providers.example.client_id", CLIENT.to_owned()),
            ("auth.providers.example.client_secret", SECRET.to_owned()),
        ];
        all.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        all
    }

    /// Lets a person sign in there: what the browser brings back.
    pub(crate) fn sign_in(&self, location: &str, claims: &Value) -> Vec<(String, String)> {
        let url = reqwest::Url::parse(location).unwrap();
        let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!(query["client_id"], CLIENT);
        assert_eq!(query["response_type"], "code");
        assert_eq!(query["code_challenge_method"], "S256");
        assert!(query["scope"].split(' ').any(|scope| scope == "openid"));
        let code = uuid::Uuid::new_v4().to_string();
        let asked = Asked {
            nonce: query["nonce"].clone(),
            challenge: query["code_challenge"].clone(),
            claims: claims.clone(),
        };
        self.shared.codes.lock().unwrap().insert(code.clone(), asked);
        vec![
            ("code".to_owned(), code),
            ("state".to_owned(), query["state"].clone()),
        ]
    }
}

async fn discovery(shared: web::Data<Shared>, request: actix_web::HttpRequest) -> HttpResponse {
    let bend = *shared.bend.lock().unwrap();
    let issuer = format!("http://{}", request.connection_info().host());
    let mut document = json!({
        "issuer": if bend == Bend::ForeignDiscovery { "http://127.0.0.1:1".to_owned() } else { issuer.clone() },
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/me"),
        "end_session_endpoint": format!("{issuer}/end"),
        "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    });
    if bend == Bend::LongDiscovery {
        document["padding"] = "x".repeat(1024 * 1024).into();
    }
    HttpResponse::Ok().json(document)
}

async fn jwks(shared: web::Data<Shared>) -> HttpResponse {
    HttpResponse::Ok().json(shared.key.jwks())
}

async fn token(
    shared: web::Data<Shared>,
    request: actix_web::HttpRequest,
    form: web::Form<HashMap<String, String>>,
) -> HttpResponse {
    let bend = *shared.bend.lock().unwrap();
    // The secret comes in the header, whose parts are form-encoded (RFC 6749, section 2.3.1), or in the body.
    match request.headers().get("authorization") {
        Some(header) => {
            let encoded = SECRET.replace(' ', "+").replace(',', "%2C");
            let expected = STANDARD.encode(format!("{CLIENT}:{encoded}"));
            assert_eq!(header.to_str().unwrap(), format!("Basic {expected}"));
        }
        None => assert_eq!(
            (form["client_id"].as_str(), form["client_secret"].as_str()),
            (CLIENT, SECRET)
        ),
    }
    let refuse = || HttpResponse::BadRequest().json(json!({ "error": "invalid_grant" }));
    let Some(asked) = shared.codes.lock().unwrap().remove(&form["code"]) else {
        return refuse();
    };
    if BASE64.encode(digest(&SHA256, form["code_verifier"].as_bytes())) != asked.challenge {
        return refuse();
    }
    match bend {
        Bend::SlowToken => std::future::pending::<()>().await,
        Bend::BrokenToken => return HttpResponse::InternalServerError().body("<html>"),
        Bend::RedirectedToken => {
            return HttpResponse::TemporaryRedirect()
                .insert_header(("location", "http://127.0.0.1:1/token"))
                .finish();
        }
        _ => {}
    }
    let issuer = format!("http://{}", request.connection_info().host());
    let access = asked.claims["sub"].as_str().unwrap().to_owned();
    let mut answer = json!({ "access_token": access, "token_type": "Bearer", "expires_in": 60 });
    if bend != Bend::NoIdToken {
        answer["id_token"] = id_token(&shared, bend, &asked, &issuer, &access).into();
    }
    if bend == Bend::LongToken {
        answer["padding"] = "x".repeat(1024 * 1024).into();
    }
    HttpResponse::Ok().json(answer)
}

fn id_token(shared: &Shared, bend: Bend, asked: &Asked, issuer: &str, access: &str) -> String {
    let now = Utc::now().timestamp();
    let hash = digest(&SHA256, access.as_bytes());
    let mut claims = json!({
        "iss": issuer, "aud": CLIENT, "iat": now, "exp": now + 60,
        "nonce": asked.nonce, "sid": "provider session",
        "at_hash": BASE64.encode(&hash.as_ref()[..16]),
    });
    for (name, value) in asked.claims.as_object().unwrap() {
        // What is asked of the other route is left out here.
        if name != "later" {
            claims[name] = value.clone();
        }
    }
    match bend {
        Bend::WrongNonce => claims["nonce"] = "another".into(),
        Bend::NoNonce => drop(claims.as_object_mut().unwrap().remove("nonce")),
        Bend::WrongIssuer => claims["iss"] = "http://127.0.0.1:1".into(),
        Bend::WrongAudience => claims["aud"] = "another client".into(),
        Bend::Expired => claims["exp"] = (now - 61).into(),
        Bend::WrongHash => claims["at_hash"] = BASE64.encode([7; 16]).into(),
        _ => {}
    }
    match bend {
        Bend::SwappedKey => shared.other.sign("JWT", &claims),
        Bend::Unsigned => {
            let part = |value: &Value| BASE64.encode(value.to_string());
            format!("{}.{}.", part(&json!({ "alg": "none" })), part(&claims))
        }
        Bend::SignedWithTheClientSecret => {
            let key = EncodingKey::from_secret(SECRET.as_bytes());
            encode(&Header::new(Algorithm::HS256), &claims, &key).unwrap()
        }
        _ => shared.key.sign("JWT", &claims),
    }
}

/// Pictures, and what somebody may find in their place.
async fn picture(shared: web::Data<Shared>, name: web::Path<String>) -> HttpResponse {
    let sent = |side| {
        shared.pictures.fetch_add(1, Ordering::SeqCst);
        HttpResponse::Ok().body(png(side, side))
    };
    match name.as_str() {
        "one" => sent(64),
        "two" => sent(96),
        "moved" => HttpResponse::Found()
            .insert_header(("location", "/pictures/one"))
            .finish(),
        "html" => HttpResponse::Ok()
            .content_type("image/png")
            .body("<!doctype html>"),
        "long" => HttpResponse::Ok().body(vec![0; 300 * 1024]),
        "broken" => HttpResponse::InternalServerError().finish(),
        _ => HttpResponse::NotFound().finish(),
    }
}

/// Tells what the ID token leaves out. The access token is the subject, for simplicity.
async fn user_info(shared: web::Data<Shared>, request: actix_web::HttpRequest) -> HttpResponse {
    let header = request.headers().get("authorization").unwrap().to_str().unwrap();
    let subject = match *shared.bend.lock().unwrap() {
        Bend::AnotherSubject => "somebody else",
        _ => header.strip_prefix("Bearer ").unwrap(),
    };
    HttpResponse::Ok().json(json!({
        "sub": subject, "email": "later@example.com", "email_verified": true, "name": "Told Later",
    }))
}
