//! Idempotency keys: read, bounded, fingerprinted; and the internal port's token.

use crate::harness::{Running, field, problem, settings, start};
use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};
use auth_token::{Settings, Verifier};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;
use web_kit::{Idempotency, Json, Server};

const PERSON: Uuid = Uuid::from_u128(7);

async fn create(body: Json<crate::app::Draft>, key: Idempotency) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "title": body.title, "key": shown(key) }))
}

async fn remove(key: Idempotency) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "key": shown(key) }))
}

fn shown(key: Idempotency) -> Value {
    key.into_inner().map_or(Value::Null, |key| {
        json!({ "scope": key.scope, "key": key.key, "fingerprint": URL_SAFE_NO_PAD.encode(key.fingerprint) })
    })
}

fn routes(cfg: &mut ServiceConfig) {
    cfg.service(
        web::resource("/api/keyed")
            .route(web::post().to(create))
            .route(web::delete().to(remove)),
    );
}

/// The server, and a token of one person.
fn keyed() -> (Running, String) {
    let (running, token, _service) = both();
    (running, token)
}

/// The server, a token of one person and one of a service.
fn both() -> (Running, String, String) {
    let key = KeyPair::generate(KeySize::Rsa2048).expect("a key");
    let public = key.public_key();
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let jwks = json!({ "keys": [{
        "kty": "RSA", "kid": "k",
        "n": encode(public.modulus().big_endian_without_leading_zero()),
        "e": encode(public.exponent().big_endian_without_leading_zero()),
    }] });
    let token = Settings {
        issuer: "i".to_owned(),
        audience: "a".to_owned(),
        jwks_url: "http://127.0.0.1:1/".to_owned(),
        leeway_seconds: 5,
    };
    let verifier = Verifier::new(&token);
    assert_eq!(verifier.learn(jwks.to_string().as_bytes()).expect("a JWKS"), 1);

    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970")
        .as_secs();
    let claims = json!({
        "iss": "i", "aud": "a", "sub": PERSON, "sid": PERSON, "epoch": 1, "workspace": PERSON, "role": "pic",
        "name": "n", "iat": now, "exp": now + 60, "jti": PERSON,
    });
    let service = json!({
        "iss": "i", "aud": "onus-internal", "sub": "task-service", "iat": now, "exp": now + 60, "jti": PERSON,
    });
    let inside = |cfg: &mut ServiceConfig| {
        cfg.service(web::resource("/internal/open").route(web::get().to(HttpResponse::Ok)));
    };
    let server = Server::new(&settings())
        .verifier(verifier)
        .public_routes(routes)
        .internal_routes(inside);
    (
        start(server),
        sign(&key, "at+jwt", &claims),
        sign(&key, "service+jwt", &service),
    )
}

fn sign(key: &KeyPair, kind: &str, claims: &Value) -> String {
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let header = json!({ "alg": "RS256", "typ": kind, "kid": "k" });
    let message = format!(
        "{}.{}",
        encode(header.to_string().as_bytes()),
        encode(claims.to_string().as_bytes())
    );
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        message.as_bytes(),
        &mut signature,
    )
    .expect("a signature");
    format!("{message}.{}", encode(&signature))
}

async fn json_of(request: reqwest::RequestBuilder) -> Value {
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    answer.json().await.expect("JSON")
}

#[tokio::test]
async fn a_key_belongs_to_its_person_and_its_request() {
    let (app, token) = keyed();
    let send = |title: &str| {
        app.post("/api/keyed")
            .bearer_auth(&token)
            .header("idempotency-key", "k-1")
            .json(&json!({ "title": title }))
    };
    let first = json_of(send("one")).await;
    assert_eq!(
        (&first["title"], &first["key"]["key"]),
        (&json!("one"), &json!("k-1")),
        "the body is still there"
    );
    assert_eq!(first["key"]["scope"], PERSON.to_string());
    assert_eq!(json_of(send("one")).await, first);
    assert_ne!(
        json_of(send("two")).await["key"]["fingerprint"],
        first["key"]["fingerprint"]
    );

    let delete = app
        .client
        .delete(format!("{}/api/keyed", app.url))
        .bearer_auth(&token);
    let without_body = json_of(delete.header("idempotency-key", "k-1")).await;
    assert_eq!(without_body["key"]["key"], "k-1");
    assert_ne!(without_body["key"]["fingerprint"], first["key"]["fingerprint"]);
}

#[tokio::test]
async fn without_a_key_nobody_needs_to_be_signed_in_and_a_bad_key_is_named() {
    let (app, token) = keyed();
    let plain = || app.post("/api/keyed").json(&json!({ "title": "x" }));
    assert_eq!(json_of(plain()).await["key"], Value::Null);
    problem(plain().header("idempotency-key", "k-1"), 401, "unauthenticated").await;
    for bad in ["", "with space", &"x".repeat(256)] {
        let request = plain().bearer_auth(&token).header("idempotency-key", bad);
        let body = problem(request, 400, "malformed_request").await;
        assert_eq!(field(&body).0, "Idempotency-Key", "{bad}");
    }
    let large = app
        .post("/api/keyed")
        .header("idempotency-key", "k")
        .body("x".repeat(5000));
    problem(large, 413, "payload_too_large").await;
}

#[tokio::test]
async fn internal_routes_need_a_services_token_even_when_their_handler_forgets() {
    let (app, token, service) = both();
    problem(app.inside("/internal/open"), 401, "unauthenticated").await;
    problem(
        app.inside("/internal/open").bearer_auth(&token),
        401,
        "unauthenticated",
    )
    .await;
    let answer = app
        .inside("/internal/open")
        .bearer_auth(&service)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 200);
    problem(app.get("/internal/open").bearer_auth(&service), 404, "not_found").await;
}
