//! The extractors.

use crate::forge::{self, Issuer};
use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, FromRequest as _, HttpResponse, web};
use auth_token::{Caller, ServiceCaller, ServiceToken};
use policy::Operation;
use problem::Code;
use secrecy::SecretString;

async fn show(caller: Caller, again: Caller) -> HttpResponse {
    assert_eq!(caller, again);
    HttpResponse::Ok().body(caller.person.to_string())
}

async fn inside(_: ServiceCaller) -> HttpResponse {
    HttpResponse::Ok().finish()
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
async fn a_service_needs_the_service_token() {
    let secret = ServiceToken::new(SecretString::from("a shared secret of ours"));
    let app = init_service(
        App::new()
            .app_data(web::Data::new(secret))
            .service(web::resource("/").route(web::get().to(inside))),
    )
    .await;
    for (token, status) in [
        ("Bearer a shared secret of ours", StatusCode::OK),
        ("Bearer a shared secret", StatusCode::UNAUTHORIZED),
        ("Bearer ", StatusCode::UNAUTHORIZED),
    ] {
        let request = TestRequest::get()
            .uri("/")
            .insert_header(("authorization", token))
            .to_request();
        assert_eq!(call_service(&app, request).await.status(), status, "{token}");
    }
    assert!(
        !ServiceToken::new(SecretString::from("")).accepts(""),
        "an empty secret opens nothing"
    );
}

#[actix_web::test]
async fn a_server_without_a_verifier_lets_nobody_in() {
    let request = TestRequest::default()
        .insert_header(("authorization", "Bearer x"))
        .to_http_request();
    let problem = Caller::extract(&request).await.expect_err("no verifier");
    assert_eq!(problem.code(), Code::Internal);
    let problem = ServiceCaller::extract(&request)
        .await
        .expect_err("no service token");
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
