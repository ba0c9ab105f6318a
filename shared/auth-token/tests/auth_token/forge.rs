//! An issuer that also makes tokens no issuer would make.

use auth_token::{Settings, Verifier};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use aws_lc_rs::{encoding::AsDer as _, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::sync::LazyLock;
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Making a key takes a while; every test may use the same.
static KEY: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(KeySize::Rsa2048).expect("a key"));

pub(crate) const PERSON: Uuid = Uuid::from_u128(1);
pub(crate) const WORKSPACE: Uuid = Uuid::from_u128(2);

pub(crate) struct Issuer {
    pub(crate) server: MockServer,
}

impl Issuer {
    pub(crate) async fn start() -> Issuer {
        let issuer = Issuer {
            server: MockServer::start().await,
        };
        issuer.serve(json!({ "keys": [jwk("key-1")] })).await;
        issuer
    }

    /// Serves this JWKS from now on.
    pub(crate) async fn serve(&self, jwks: Value) {
        self.server.reset().await;
        let answer = ResponseTemplate::new(200).set_body_json(jwks);
        Mock::given(method("GET"))
            .and(path("/jwks.json"))
            .respond_with(answer)
            .mount(&self.server)
            .await;
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings {
            issuer: "https://onus.test".to_owned(),
            audience: "onus".to_owned(),
            jwks_url: format!("{}/jwks.json", self.server.uri()),
            leeway_seconds: 5,
        }
    }

    pub(crate) fn verifier(&self) -> Verifier {
        Verifier::new(&self.settings())
    }

    pub(crate) async fn fetches(&self) -> usize {
        self.server
            .received_requests()
            .await
            .map_or(0, |requests| requests.len())
    }
}

pub(crate) fn jwk(id: &str) -> Value {
    let public = KEY.public_key();
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    json!({
        "kty": "RSA", "kid": id, "use": "sig", "alg": "RS256",
        "n": encode(public.modulus().big_endian_without_leading_zero()),
        "e": encode(public.exponent().big_endian_without_leading_zero()),
    })
}

pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_secs()).expect("a date of this age")
}

pub(crate) fn header() -> Value {
    json!({ "alg": "RS256", "typ": "at+jwt", "kid": "key-1" })
}

pub(crate) fn claims() -> Value {
    json!({
        "iss": "https://onus.test", "aud": "onus", "sub": PERSON, "sid": Uuid::from_u128(3), "epoch": 4,
        "workspace": WORKSPACE, "role": "supervisor", "name": "한지민", "iat": now(), "exp": now() + 300,
        "jti": Uuid::from_u128(5),
    })
}

pub(crate) fn service_claims() -> Value {
    json!({
        "iss": "https://onus.test", "aud": "onus-internal", "sub": "task-service", "iat": now(), "exp": now() + 300,
        "jti": Uuid::from_u128(6),
    })
}

/// A copy of a JSON object with one member changed.
pub(crate) fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

/// Signs exactly these texts.
pub(crate) fn sign(header: &str, claims: &str) -> String {
    let message = message(header, claims);
    let mut signature = vec![0; KEY.public_modulus_len()];
    KEY.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        message.as_bytes(),
        &mut signature,
    )
    .expect("a signature");
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// Signs with the public key as an HMAC secret: what a verifier takes that lets the token choose the algorithm.
pub(crate) fn sign_hs256_with_public_key(claims: &str) -> String {
    let message = message(&with(header(), "alg", json!("HS256")).to_string(), claims);
    let public = KEY.public_key().as_der().expect("a public key");
    let key = hmac::Key::new(hmac::HMAC_SHA256, public.as_ref());
    format!(
        "{message}.{}",
        URL_SAFE_NO_PAD.encode(hmac::sign(&key, message.as_bytes()))
    )
}

pub(crate) fn message(header: &str, claims: &str) -> String {
    format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(claims)
    )
}

pub(crate) fn good() -> String {
    sign(&header().to_string(), &claims().to_string())
}
