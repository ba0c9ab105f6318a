//! How far a token with scopes gets.

use crate::forge::{self, Issuer};
use actix_web::http::{Method, StatusCode};
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, HttpResponse, web};
use auth_token::{Caller, Gate, Route};
use policy::Operation;
use serde_json::{Value, json};

async fn fine(_: Caller) -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn gate() -> Gate {
    let mut gate = Gate::default();
    for (method, rows) in [
        (Method::GET, vec![Operation::BoardRead]),
        (Method::POST, vec![Operation::TaskMove]),
        (Method::PATCH, vec![Operation::OwnAccount]),
        (Method::DELETE, vec![]),
    ] {
        let route = Route {
            service: "task-service",
            method,
            rows,
        };
        gate.enter("/things/{id}", route);
    }
    gate
}

fn token(scope: &Value) -> String {
    let claims = match scope {
        Value::Null => forge::claims(),
        scope => forge::with(forge::claims(), "scope", scope.clone()),
    };
    forge::sign(&forge::header().to_string(), &claims.to_string())
}

#[actix_web::test]
async fn a_scope_opens_its_routes_and_nothing_else() {
    let issuer = Issuer::start().await;
    let any = |path: &str| web::resource(path).route(web::route().to(fine));
    let app = init_service(
        App::new()
            .app_data(web::Data::new(issuer.verifier()))
            .app_data(web::Data::new(gate()))
            .service(any("/things/{id}"))
            .service(any("/elsewhere/{id}")),
    )
    .await;
    let (get, post, patch, delete) = (Method::GET, Method::POST, Method::PATCH, Method::DELETE);
    for (scope, method, path, expected) in [
        (json!("read"), &get, "/things/1", StatusCode::OK),
        (json!("read"), &post, "/things/1", StatusCode::FORBIDDEN),
        (json!("read tasks:write"), &post, "/things/1", StatusCode::OK),
        (json!("tasks:write"), &get, "/things/1", StatusCode::FORBIDDEN),
        (
            json!("read tasks:write"),
            &patch,
            "/things/1",
            StatusCode::FORBIDDEN,
        ),
        (
            json!("read tasks:write"),
            &delete,
            "/things/1",
            StatusCode::FORBIDDEN,
        ),
        (json!("read"), &get, "/elsewhere/1", StatusCode::FORBIDDEN),
        (json!(""), &get, "/things/1", StatusCode::FORBIDDEN),
        (json!("own_account"), &patch, "/things/1", StatusCode::FORBIDDEN),
        (json!(["read"]), &get, "/things/1", StatusCode::UNAUTHORIZED),
        // The token of a person's own session says nothing of scopes.
        (Value::Null, &post, "/things/1", StatusCode::OK),
        (Value::Null, &patch, "/elsewhere/1", StatusCode::OK),
    ] {
        let request = TestRequest::default()
            .method(method.clone())
            .uri(path)
            .insert_header(("authorization", format!("Bearer {}", token(&scope))))
            .to_request();
        let status = call_service(&app, request).await.status();
        assert_eq!(status, expected, "{scope} {method} {path}");
    }
}

#[actix_web::test]
async fn a_server_without_a_gate_is_shut_for_tokens_with_scopes() {
    let issuer = Issuer::start().await;
    let app = init_service(
        App::new()
            .app_data(web::Data::new(issuer.verifier()))
            .service(web::resource("/").route(web::get().to(fine))),
    )
    .await;
    let request = TestRequest::get()
        .uri("/")
        .insert_header(("authorization", format!("Bearer {}", token(&json!("read")))))
        .to_request();
    assert_eq!(call_service(&app, request).await.status(), StatusCode::FORBIDDEN);
}
