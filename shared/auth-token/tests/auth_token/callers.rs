//! The extractors.

use crate::forge::{self, Issuer};
use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, FromRequest as _, HttpResponse, web};
use auth_token::{Caller, ServiceCaller};
use policy::Operation;
use problem::{Code, Problem};
use serde_json::json;

async fn show(caller: Caller, again: Caller) -> HttpResponse {
    assert_eq!(caller, again);
    HttpResponse::Ok().body(caller.person.to_string())
}

async fn inside(caller: ServiceCaller, again: ServiceCaller) -> Result<HttpResponse, Problem> {
    assert_eq!(caller, again);
    caller.only(&["task-service", "audit-service"])?;
    Ok(HttpResponse::Ok().finish())
}

#[actix_web::test]
async fn a_caller_needs_a_token() {
    let issuer = Issuer::start().await;
    let app = init_service(
        App::new()
            .app_data(web::Data::new(issuer.verifier()))
            .service(web::resource("/").route(web::get().to(show))),
    )
    .await;
    let answer = call_service(&app, TestRequest::get().uri("/").to_request()).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(
        answer
            .headers()
            .get("www-authenticate")
            .map(|value| value.as_bytes()),
        Some(&b"Bearer"[..])
    );

    let token = format!("Bearer {}", forge::good());
    let request = TestRequest::get()
        .uri("/")
        .insert_header(("authorization", token.clone()))
        .to_request();
    assert_eq!(call_service(&app, request).await.status(), StatusCode::OK);

    let request = TestRequest::get()
        .uri("/")
        .append_header(("authorization", token.clone()))
        .append_header(("authorization", token))
        .to_request();
    assert_eq!(
        call_service(&app, request).await.status(),
        StatusCode::UNAUTHORIZED
    );
}

#[actix_web::test]
async fn whoever_lacks_a_needed_second_factor_looks_after_their_account_alone() {
    let issuer = Issuer::start().await;
    let app = init_service(
        App::new()
            .app_data(web::Data::new(issuer.verifier()))
            .default_service(web::get().to(show)),
    )
    .await;
    let claims = forge::with(forge::claims(), "restricted", serde_json::json!(true));
    let token = format!(
        "Bearer {}",
        forge::sign(&forge::header().to_string(), &claims.to_string())
    );
    for (path, status) in [
        ("/api/auth/mfa", StatusCode::OK),
        ("/api/auth", StatusCode::FORBIDDEN),
        ("/api/boards", StatusCode::FORBIDDEN),
        ("/api/authors", StatusCode::FORBIDDEN),
        ("/api//api/auth/", StatusCode::FORBIDDEN),
    ] {
        let request = TestRequest::get()
            .uri(path)
            .insert_header(("authorization", token.clone()))
            .to_request();
        assert_eq!(call_service(&app, request).await.status(), status, "{path}");
    }
}

#[actix_web::test]
async fn a_service_needs_a_token_of_its_own() {
    let issuer = Issuer::start().await;
    let app = init_service(
        App::new()
            .app_data(web::Data::new(issuer.verifier()))
            .service(web::resource("/").route(web::get().to(inside)))
            .service(web::resource("/person").route(web::get().to(show))),
    )
    .await;
    let good = forge::service_claims();
    let sign = |kind: &str, claims: &serde_json::Value| {
        forge::sign(
            &forge::with(forge::header(), "typ", json!(kind)).to_string(),
            &claims.to_string(),
        )
    };
    let with = |name: &str, value: serde_json::Value| {
        sign("service+jwt", &forge::with(forge::service_claims(), name, value))
    };
    let (ok, refused) = (StatusCode::OK, StatusCode::UNAUTHORIZED);
    for (what, path, token, status) in [
        ("good", "/", sign("service+jwt", &good), ok),
        (
            "another service",
            "/",
            with("sub", json!("notify-service")),
            StatusCode::FORBIDDEN,
        ),
        ("a person's", "/", forge::good(), refused),
        (
            "a person's, said to be a service's",
            "/",
            sign("service+jwt", &forge::claims()),
            refused,
        ),
        ("of a person's type", "/", sign("at+jwt", &good), refused),
        ("for people's ports", "/", with("aud", json!("onus")), refused),
        (
            "of another issuer",
            "/",
            with("iss", json!("https://evil.test")),
            refused,
        ),
        ("expired", "/", with("exp", json!(forge::now() - 61)), refused),
        (
            "from the future",
            "/",
            with("iat", json!(forge::now() + 3600)),
            refused,
        ),
        ("none", "/", String::new(), refused),
        (
            "where people come",
            "/person",
            sign("service+jwt", &good),
            refused,
        ),
    ] {
        let request = TestRequest::get()
            .uri(path)
            .insert_header(("authorization", format!("Bearer {token}")))
            .to_request();
        assert_eq!(call_service(&app, request).await.status(), status, "{what}");
    }
}

#[actix_web::test]
async fn who_acts_for_a_person_does_so_at_one_service() {
    let issuer = Issuer::start().await;
    let act = json!({ "sub": "task-service" });
    let token = |aud: &str, act: Option<&serde_json::Value>| {
        let claims = forge::with(forge::claims(), "aud", json!(aud));
        let claims = act.map_or(claims.clone(), |act| forge::with(claims, "act", act.clone()));
        forge::sign(&forge::header().to_string(), &claims.to_string())
    };
    let verifier = issuer.verifier();
    let meant = token("audit-service", Some(&act));
    assert!(verifier.verify_at(&meant, "audit-service").await.is_ok());
    assert!(verifier.verify_at(&meant, "notify-service").await.is_err());
    assert!(verifier.verify(&meant).await.is_err());
    for bent in [token("onus", Some(&act)), token("audit-service", None)] {
        assert!(verifier.verify_at(&bent, "audit-service").await.is_err());
        assert!(verifier.verify(&bent).await.is_err());
    }
    assert!(verifier.verify_at(&forge::good(), "audit-service").await.is_ok());
}

#[actix_web::test]
async fn a_server_without_a_verifier_lets_nobody_in() {
    let request = TestRequest::default()
        .insert_header(("authorization", "Bearer x"))
        .to_http_request();
    let problem = Caller::extract(&request).await.expect_err("no verifier");
    assert_eq!(problem.code(), Code::Internal);
    let problem = ServiceCaller::extract(&request).await.expect_err("no verifier");
    assert_eq!(problem.code(), Code::Internal);
}

#[actix_web::test]
async fn require_asks_the_policy() {
    let issuer = Issuer::start().await;
    let caller = Caller::from(
        issuer
            .verifier()
            .verify(&forge::good())
            .await
            .expect("a good token"),
    );
    assert!(caller.require(Operation::BoardCreate).is_ok());
    assert_eq!(
        caller
            .require(Operation::MembersRole)
            .expect_err("a supervisor")
            .code(),
        Code::Forbidden
    );
}
