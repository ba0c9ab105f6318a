//! A service's credentials, against an auth-service of the test's own.

use auth_token::{CallError, Credentials};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use wiremock::matchers::{basic_auth, body_string, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate, Times};

fn credentials(auth: &MockServer) -> Credentials {
    let secret = SecretString::from("a secret of task-service");
    Credentials::new(Some(&auth.uri()), "task-service", secret).expect("an HTTP client")
}

fn token(token: &str, seconds: u64) -> ResponseTemplate {
    ResponseTemplate::new(200)
        .set_body_json(json!({ "access_token": token, "token_type": "Bearer", "expires_in": seconds }))
}

async fn gives(auth: &MockServer, answer: ResponseTemplate, tries: u64, times: impl Into<Times>) {
    Mock::given(method("POST"))
        .and(path("/internal/token"))
        .and(basic_auth("task-service", "a secret of task-service"))
        .and(body_string("grant_type=client_credentials"))
        .respond_with(answer)
        .up_to_n_times(tries)
        .expect(times)
        .mount(auth)
        .await;
}

/// The status of what another service says to a request with a token of ours.
async fn asked_for_things(auth: &MockServer, other: &MockServer) -> u16 {
    let request = reqwest::Client::new().get(format!("{}/internal/things", other.uri()));
    let answer = credentials(auth).send(request).await.expect("an answer");
    answer.status().as_u16()
}

#[tokio::test]
async fn a_token_is_fetched_once_for_all_who_ask() {
    let auth = MockServer::start().await;
    gives(&auth, token("one", 300), 9, 1).await;
    let ours = credentials(&auth);
    let clones: Vec<Credentials> = (0..8).map(|_| ours.clone()).collect();
    let all = futures::future::join_all(clones.iter().map(Credentials::token)).await;
    for token in all {
        assert_eq!(token.expect("a token").expose_secret(), "one");
    }
}

#[tokio::test]
async fn it_is_renewed_early_and_serves_to_its_end_while_nobody_answers() {
    let auth = MockServer::start().await;
    gives(&auth, token("short", 30), 1, 1).await;
    let ours = credentials(&auth);
    assert_eq!(ours.token().await.expect("a token").expose_secret(), "short");
    // Nobody gives another one now: half a minute is left of the old one.
    assert_eq!(ours.token().await.expect("a token").expose_secret(), "short");

    let auth = MockServer::start().await;
    gives(&auth, token("short", 30), 1, 1).await;
    gives(&auth, token("next", 300), 1, 1).await;
    let ours = credentials(&auth);
    assert_eq!(ours.token().await.expect("a token").expose_secret(), "short");
    assert_eq!(ours.token().await.expect("a token").expose_secret(), "next");
    assert_eq!(ours.token().await.expect("a token").expose_secret(), "next");
}

#[tokio::test]
async fn a_refusal_is_not_asked_for_again_at_once() {
    let auth = MockServer::start().await;
    gives(&auth, ResponseTemplate::new(401), 9, 1).await;
    let ours = credentials(&auth);
    assert!(matches!(ours.token().await, Err(CallError::Refused(401))));
    assert!(matches!(ours.token().await, Err(CallError::Waiting)));
}

#[tokio::test]
async fn nonsense_is_no_token() {
    for body in ["", "[]", "{}", &"x".repeat(20_000)] {
        let auth = MockServer::start().await;
        gives(&auth, ResponseTemplate::new(200).set_body_string(body), 1, 1).await;
        let refused = credentials(&auth).token().await;
        assert!(
            matches!(refused, Err(CallError::Format(_) | CallError::Body(_))),
            "{refused:?}"
        );
    }
    let nowhere = Credentials::new(None, "task-service", SecretString::from("x")).expect("an HTTP client");
    assert!(matches!(nowhere.token().await, Err(CallError::NoAddress)));
}

#[tokio::test]
async fn a_token_that_is_refused_is_replaced_once() {
    let auth = MockServer::start().await;
    gives(&auth, token("old", 300), 1, 1).await;
    gives(&auth, token("new", 300), 1, 1).await;
    let other = MockServer::start().await;
    for (token, status) in [("old", 401), ("new", 200)] {
        Mock::given(path("/internal/things"))
            .and(header("authorization", format!("Bearer {token}")))
            .respond_with(ResponseTemplate::new(status))
            .expect(1)
            .mount(&other)
            .await;
    }
    assert_eq!(asked_for_things(&auth, &other).await, 200);
}

#[tokio::test]
async fn any_other_answer_is_the_answer() {
    for status in [200, 403, 404, 503] {
        let auth = MockServer::start().await;
        gives(&auth, token("one", 300), 9, 1).await;
        let other = MockServer::start().await;
        Mock::given(path("/internal/things"))
            .respond_with(ResponseTemplate::new(status))
            .expect(1)
            .mount(&other)
            .await;
        assert_eq!(asked_for_things(&auth, &other).await, status);
    }
}

#[test]
fn credentials_print_no_secret() {
    let ours =
        Credentials::new(None, "task-service", SecretString::from("a secret")).expect("an HTTP client");
    assert_eq!(format!("{ours:?}"), "Credentials(\"task-service\")");
}
