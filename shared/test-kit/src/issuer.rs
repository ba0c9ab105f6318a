//! An issuer of access tokens for tests: its own key, its own JWKS.

use std::net::SocketAddr;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use policy::Role;
use serde_json::{Value, json};
use uuid::Uuid;

/// Whom a token is for.
#[derive(Clone, Debug)]
pub struct TestCaller {
    /// The person.
    pub person: Uuid,
    /// The workspace.
    pub workspace: Uuid,
    /// The role in it.
    pub role: Role,
    /// The session's epoch.
    pub epoch: i64,
    /// The name.
    pub name: String,
}

impl TestCaller {
    /// A new person of this role in a workspace, in epoch 1.
    pub fn new(workspace: Uuid, role: Role) -> TestCaller {
        TestCaller {
            person: Uuid::now_v7(),
            workspace,
            role,
            epoch: 1,
            name: format!("Test {role}"),
        }
    }
}

/// An RSA key that signs tokens.
#[derive(Clone)]
pub struct TestKey {
    id: &'static str,
    key: EncodingKey,
    jwk: Value,
}

impl TestKey {
    /// Makes a key with this `kid`.
    ///
    /// # Panics
    /// When no key can be made.
    pub fn generate(id: &'static str) -> TestKey {
        let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key can be made");
        let der = pair.as_der().expect("a key can be written");
        let pem = pem(der.as_ref());
        let key = EncodingKey::from_rsa_pem(pem.as_bytes()).expect("a key can be read");
        let public = pair.public_key();
        let jwk = json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": id,
            "n": URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
            "e": URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
        });
        TestKey { id, key, jwk }
    }

    /// The public key as a JWKS of one.
    pub fn jwks(&self) -> Value {
        json!({ "keys": [self.jwk] })
    }

    /// Signs any claims as a token of this type.
    ///
    /// # Panics
    /// When the claims are no JSON object.
    pub fn sign(&self, kind: &str, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::RS256);
        header.typ = Some(kind.to_owned());
        header.kid = Some(self.id.to_owned());
        encode(&header, claims, &self.key).expect("claims can be signed")
    }
}

/// Serves a JWKS on the loopback interface and signs tokens with its key. Whichever service asks gets a token of its own.
pub struct TestIssuer {
    address: SocketAddr,
    key: TestKey,
}

impl TestIssuer {
    /// The `iss` of its tokens.
    pub const ISSUER: &'static str = "https://issuer.test";
    /// The `aud` of its tokens.
    pub const AUDIENCE: &'static str = "onus";
    /// The `kid` of its key.
    pub const KID: &'static str = "test-key";

    /// Makes a key and starts serving; the server ends with the process.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn start() -> TestIssuer {
        let key = TestKey::generate(Self::KID);
        let jwks = key.jwks();
        let services = key.clone();
        let server = HttpServer::new(move || {
            let (jwks, key) = (jwks.clone(), services.clone());
            let give = move |request: HttpRequest| {
                let token = client(&request).map(|name| service_token(&key, &name));
                async move { answer(token) }
            };
            App::new().route("/internal/token", web::post().to(give)).route(
                "/jwks.json",
                web::get().to(move || {
                    let jwks = jwks.clone();
                    async move { HttpResponse::Ok().json(jwks) }
                }),
            )
        })
        .workers(1)
        .disable_signals()
        .bind(("127.0.0.1", 0))
        .expect("a port is free");
        let address = server.addrs()[0];
        tokio::spawn(server.run());
        TestIssuer { address, key }
    }

    /// Settings with which its tokens are accepted.
    pub fn settings(&self) -> auth_token::Settings {
        auth_token::Settings {
            issuer: Self::ISSUER.to_owned(),
            audience: Self::AUDIENCE.to_owned(),
            jwks_url: self.jwks_url(),
            leeway_seconds: 5,
        }
    }

    /// Where services get their tokens, as the internal address of auth-service.
    pub fn internal_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A token of five minutes for a service.
    pub fn service_token(&self, service: &str) -> String {
        service_token(&self.key, service)
    }

    /// Where its keys are.
    pub fn jwks_url(&self) -> String {
        format!("http://{}/jwks.json", self.address)
    }

    /// A token of five minutes for a caller.
    pub fn token(&self, caller: &TestCaller) -> String {
        self.sign(&Self::claims(caller))
    }

    /// The claims of such a token, for a test to bend.
    pub fn claims(caller: &TestCaller) -> Value {
        let now = chrono::Utc::now().timestamp();
        json!({
            "iss": Self::ISSUER, "aud": Self::AUDIENCE, "sub": caller.person, "sid": Uuid::now_v7(),
            "epoch": caller.epoch, "workspace": caller.workspace, "role": caller.role, "name": caller.name,
            "iat": now, "exp": now + 300, "jti": Uuid::now_v7(),
        })
    }

    /// Signs any claims with the issuer's key.
    ///
    /// # Panics
    /// When the claims are no JSON object.
    pub fn sign(&self, claims: &Value) -> String {
        self.key.sign("at+jwt", claims)
    }
}

fn service_token(key: &TestKey, service: &str) -> String {
    let now = chrono::Utc::now().timestamp();
    let claims = json!({
        "iss": TestIssuer::ISSUER, "aud": "onus-internal", "sub": service, "iat": now, "exp": now + 300,
        "jti": Uuid::now_v7(),
    });
    key.sign("service+jwt", &claims)
}

/// The name before the colon of `Authorization: Basic …`.
fn client(request: &HttpRequest) -> Option<String> {
    let header = request.headers().get("authorization")?.to_str().ok()?;
    let pair = STANDARD.decode(header.strip_prefix("Basic ")?).ok()?;
    let (name, _secret) = std::str::from_utf8(&pair).ok()?.split_once(':')?;
    Some(name.to_owned())
}

fn answer(token: Option<String>) -> HttpResponse {
    match token {
        Some(token) => HttpResponse::Ok().json(json!({ "access_token": token, "expires_in": 300 })),
        None => HttpResponse::Unauthorized().finish(),
    }
}

fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        lines.join("\n")
    )
}
