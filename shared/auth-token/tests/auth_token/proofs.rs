//! Dangerous acts outside of auth-service.

use crate::forge::{self, Issuer};
use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, call_service, init_service, read_body_json};
use actix_web::{App, HttpResponse, web};
use auth_token::{Credentials, Proofs, Proven};
use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn export(caller: Proven) -> HttpResponse {
    HttpResponse::Ok().body(caller.0.person.to_string())
}

/// Asks with a good token, while auth-service answers like this.
async fn ask(answer: Option<ResponseTemplate>) -> (StatusCode, Value) {
    let auth = MockServer::start().await;
    let token = json!({ "access_token": "of task-service", "token_type": "Bearer", "expires_in": 300 });
    Mock::given(method("POST"))
        .and(path("/internal/token"))
        .respond_with(ResponseTemplate::new(200).set_body_json(token))
        .mount(&auth)
        .await;
    if let Some(answer) = answer {
        Mock::given(method("GET"))
            .and(path(
                "/internal/sessions/00000000-0000-0000-0000-000000000003/proof",
            ))
            .and(header("authorization", "Bearer of task-service"))
            .respond_with(answer)
            .mount(&auth)
            .await;
    }
    let secret = SecretString::from("a secret of task-service");
    let credentials = Credentials::new(Some(&auth.uri()), "task-service", secret).expect("a client");
    let issuer = Issuer::start().await;
    let verifier = issuer.verifier();
    verifier.ask(Proofs::new(&auth.uri(), credentials).expect("a client"));
    let app = init_service(
        App::new()
            .app_data(web::Data::new(verifier))
            .service(web::resource("/").route(web::get().to(export))),
    )
    .await;
    let request = TestRequest::get()
        .uri("/")
        .insert_header(("authorization", format!("Bearer {}", forge::good())))
        .to_request();
    let answer = call_service(&app, request).await;
    let status = answer.status();
    if status.is_success() {
        return (status, Value::Null);
    }
    (status, read_body_json(answer).await)
}

#[actix_web::test]
async fn a_fresh_proof_lets_in() {
    let fresh = ResponseTemplate::new(200).set_body_json(json!({ "fresh": true, "methods": ["totp"] }));
    assert_eq!(ask(Some(fresh)).await.0, StatusCode::OK);
}

#[actix_web::test]
async fn an_old_one_says_how_to_prove_it_anew() {
    let old = ResponseTemplate::new(200).set_body_json(json!({ "fresh": false, "methods": ["totp"] }));
    let (status, problem) = ask(Some(old)).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::FORBIDDEN, &json!("step_up_required"))
    );
    assert_eq!(problem["methods"], json!(["totp"]));
}

#[actix_web::test]
async fn nobody_gets_in_without_an_answer() {
    for broken in [
        ResponseTemplate::new(500),
        ResponseTemplate::new(401),
        ResponseTemplate::new(200).set_body_string("fresh"),
        ResponseTemplate::new(200).set_body_json(json!({ "methods": [] })),
        ResponseTemplate::new(200)
            .set_body_json(json!({ "fresh": true, "methods": [], "more": "x".repeat(4096) })),
    ] {
        assert_eq!(ask(Some(broken)).await.0, StatusCode::SERVICE_UNAVAILABLE);
    }
    assert_eq!(
        ask(None).await.0,
        StatusCode::UNAUTHORIZED,
        "the session is not there any more"
    );
}

#[test]
fn proofs_show_no_secret() {
    let secret = SecretString::from("a secret of task-service");
    let credentials = Credentials::new(None, "task-service", secret).expect("a client");
    let shown = format!(
        "{:?}",
        Proofs::new("http://auth:8081/", credentials).expect("a client")
    );
    assert_eq!(
        shown,
        r#"Proofs { url: "http://auth:8081/internal/sessions", .. }"#
    );
}
