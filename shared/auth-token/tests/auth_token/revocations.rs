//! Tokens that end before their time.

use crate::forge::{self, Issuer};
use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, HttpResponse, web};
use auth_token::{Caller, Credentials, Follower, Revocations, TokenError};
use policy::Operation;
use problem::Problem;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use uuid::Uuid;
use wiremock::matchers::{header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

const SESSION: Uuid = Uuid::from_u128(3);

fn follower(feed: &MockServer, revocations: &Revocations) -> Follower {
    let secret = SecretString::from("a secret of task-service");
    let credentials = Credentials::new(Some(&feed.uri()), "task-service", secret).expect("an HTTP client");
    Follower::new(&feed.uri(), credentials, revocations.clone()).expect("an HTTP client")
}

async fn answers(feed: &MockServer, after: &str, answer: ResponseTemplate) {
    let token =
        json!({ "access_token": "a token for task-service", "token_type": "Bearer", "expires_in": 300 });
    Mock::given(method("POST"))
        .and(path("/internal/token"))
        .respond_with(ResponseTemplate::new(200).set_body_json(token))
        .mount(feed)
        .await;
    Mock::given(method("GET"))
        .and(path("/internal/revocations"))
        .and(query_param("after", after))
        .and(header("authorization", "Bearer a token for task-service"))
        .respond_with(answer)
        .mount(feed)
        .await;
}

fn page(items: Value, next: i64) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({ "items": items, "next": next }))
}

/// Waits until something holds, for ten seconds at most.
async fn until(holds: impl Fn() -> bool) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    while !holds() {
        assert!(tokio::time::Instant::now() < deadline, "it did not happen");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[actix_web::test]
async fn a_revoked_token_is_refused_and_a_refreshed_one_is_not() {
    let issuer = Issuer::start().await;
    let verifier = issuer.verifier();
    let good = verifier.verify(&forge::good()).await.expect("a good token");
    assert_eq!((good.sid, good.epoch), (SESSION, 4));
    verifier.revocations().learn([(SESSION, 5)]);
    let refused = verifier
        .verify(&forge::good())
        .await
        .expect_err("a revoked token");
    assert!(matches!(refused, TokenError::Revoked));
    let refreshed = forge::with(forge::claims(), "epoch", json!(5));
    let refreshed = forge::sign(&forge::header().to_string(), &refreshed.to_string());
    assert!(verifier.verify(&refreshed).await.is_ok());
}

#[actix_web::test]
async fn a_follower_goes_on_from_where_it_was_and_past_failures() {
    let feed = MockServer::start().await;
    let revocations = Revocations::default();
    answers(
        &feed,
        "0",
        page(json!([{ "session": SESSION, "minimum_epoch": 2 }]), 7),
    )
    .await;
    // Nonsense at first; a follower neither ends nor goes back because of it.
    Mock::given(query_param("after", "7"))
        .respond_with(ResponseTemplate::new(200).set_body_string("nonsense"))
        .up_to_n_times(1)
        .mount(&feed)
        .await;
    answers(
        &feed,
        "7",
        page(json!([{ "session": SESSION, "minimum_epoch": i64::MAX }]), 8),
    )
    .await;
    let slow = page(json!([]), 8).set_delay(Duration::from_millis(100));
    answers(&feed, "8", slow).await;
    let following = actix_web::rt::spawn(follower(&feed, &revocations).run());
    until(|| revocations.refuse(SESSION, i64::MAX - 1)).await;
    assert_eq!(revocations.out_since(), None);
    following.abort();
}

/// Counts warnings.
struct Warnings(Arc<AtomicUsize>);

impl Subscriber for Warnings {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::WARN
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[actix_web::test]
async fn a_silent_feed_is_told_of_once() {
    let feed = MockServer::start().await;
    Mock::given(path("/internal/revocations"))
        .respond_with(ResponseTemplate::new(500))
        .up_to_n_times(3)
        .mount(&feed)
        .await;
    let revocations = Revocations::default();
    answers(
        &feed,
        "0",
        page(json!([{ "session": SESSION, "minimum_epoch": 2 }]), 7),
    )
    .await;
    answers(&feed, "7", page(json!([]), 7).set_delay(Duration::from_secs(20))).await;
    let warnings = Arc::new(AtomicUsize::new(0));
    let _log = tracing::subscriber::set_default(Warnings(Arc::clone(&warnings)));
    let following = actix_web::rt::spawn(follower(&feed, &revocations).run());
    until(|| revocations.refuse(SESSION, 1)).await;
    following.abort();
    assert_eq!(warnings.load(Ordering::SeqCst), 1);
}

async fn dangerous(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.require(Operation::PasswordChange)?;
    Ok(HttpResponse::Ok().finish())
}

async fn harmless(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.require(Operation::BoardRead)?;
    Ok(HttpResponse::Ok().finish())
}

#[actix_web::test]
async fn while_the_feed_is_silent_older_tokens_do_nothing_dangerous() {
    let issuer = Issuer::start().await;
    let revocations = Revocations::new(Duration::ZERO);
    let verifier = issuer.verifier().following(revocations.clone());
    let app = init_service(
        App::new()
            .app_data(web::Data::new(verifier))
            .route("/dangerous", web::get().to(dangerous))
            .route("/harmless", web::get().to(harmless)),
    )
    .await;
    let status = async |path: &str, claims: &Value| {
        let token = forge::sign(&forge::header().to_string(), &claims.to_string());
        let request = TestRequest::get()
            .uri(path)
            .insert_header(("authorization", format!("Bearer {token}")))
            .to_request();
        call_service(&app, request).await.status()
    };
    let old = forge::with(forge::claims(), "iat", json!(forge::now() - 60));
    assert_eq!(
        status("/dangerous", &old).await,
        StatusCode::OK,
        "nobody follows yet"
    );
    revocations.hear();
    until(|| revocations.out_since().is_some()).await;
    assert_eq!(status("/harmless", &old).await, StatusCode::OK);
    assert_eq!(status("/dangerous", &old).await, StatusCode::UNAUTHORIZED);
    let since = revocations.out_since().expect("an outage");
    let at_its_beginning = forge::with(forge::claims(), "iat", json!(since));
    assert_eq!(
        status("/dangerous", &at_its_beginning).await,
        StatusCode::UNAUTHORIZED
    );
    // Issued during the outage: whoever issued it knew what was revoked.
    let fresh = forge::with(forge::claims(), "iat", json!(forge::now() + 4));
    assert_eq!(status("/dangerous", &fresh).await, StatusCode::OK);
}
