//! How the issuer's keys are fetched and kept.

use crate::forge::{self, Issuer, claims, header, jwk, sign, with};
use auth_token::{TokenError, Verifier};
use serde_json::json;
use std::time::{Duration, Instant};
use wiremock::matchers::any;
use wiremock::{Mock, ResponseTemplate};

fn signed_by(id: &str) -> String {
    sign(
        &with(header(), "kid", json!(id)).to_string(),
        &claims().to_string(),
    )
}

#[tokio::test]
async fn the_keys_are_fetched_once_for_many_tokens() {
    let issuer = Issuer::start().await;
    let verifier = issuer.verifier();
    let token = forge::good();
    let outcomes = futures::future::join_all((0..50).map(|_| verifier.verify(&token))).await;
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(issuer.fetches().await, 1);
}

#[tokio::test]
async fn invented_key_ids_cause_no_more_than_one_fetch() {
    let issuer = Issuer::start().await;
    let verifier = issuer.verifier();
    verifier.verify(&forge::good()).await.expect("a good token");
    for invented in 0..100 {
        let outcome = verifier.verify(&signed_by(&format!("invented-{invented}"))).await;
        assert!(matches!(outcome, Err(TokenError::UnknownKey)), "{outcome:?}");
    }
    assert_eq!(
        issuer.fetches().await,
        1,
        "the fetch of the first token was a moment ago"
    );
    assert!(verifier.verify(&forge::good()).await.is_ok());
}

#[tokio::test]
async fn an_issuer_that_is_down_makes_us_unavailable_and_not_the_caller_wrong() {
    let issuer = Issuer::start().await;
    issuer.server.reset().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(500))
        .mount(&issuer.server)
        .await;
    let verifier = issuer.verifier();
    for _ in 0..10 {
        let outcome = verifier.verify(&forge::good()).await;
        assert!(matches!(outcome, Err(TokenError::Keys(_))), "{outcome:?}");
    }
    assert_eq!(issuer.fetches().await, 1, "it is not asked again at once");

    issuer.serve(json!({ "keys": [jwk("key-1")] })).await;
    let deadline = Instant::now() + Duration::from_secs(10);
    while verifier.verify(&forge::good()).await.is_err() {
        assert!(Instant::now() < deadline, "it is asked again soon");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_slow_issuer_is_given_up() {
    let issuer = Issuer::start().await;
    issuer.server.reset().await;
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(30));
    Mock::given(any()).respond_with(slow).mount(&issuer.server).await;
    let began = Instant::now();
    let outcome = issuer.verifier().verify(&forge::good()).await;
    assert!(matches!(outcome, Err(TokenError::Keys(_))), "{outcome:?}");
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn only_strong_signing_keys_count_and_an_endless_answer_is_cut() {
    let issuer = Issuer::start().await;
    let other_use = with(jwk("key-1"), "use", json!("enc"));
    let other_alg = with(jwk("key-1"), "alg", json!("RS512"));
    let weak = with(jwk("key-1"), "n", json!("AQAB"));
    for key in [
        other_use,
        other_alg,
        weak,
        json!({ "kty": "oct", "kid": "key-1", "k": "AAAA" }),
        json!(7),
    ] {
        issuer.serve(json!({ "keys": [key.clone()] })).await;
        let outcome = issuer.verifier().verify(&forge::good()).await;
        assert!(
            matches!(outcome, Err(TokenError::UnknownKey)),
            "{key}: {outcome:?}"
        );
    }
    issuer
        .serve(json!({ "keys": [jwk("key-1")], "padding": "x".repeat(100_000) }))
        .await;
    assert!(matches!(
        issuer.verifier().verify(&forge::good()).await,
        Err(TokenError::Keys(_))
    ));
}

#[tokio::test]
async fn keys_at_hand_need_no_fetch() {
    let issuer = Issuer::start().await;
    let verifier: Verifier = issuer.verifier();
    let jwks = json!({ "keys": [jwk("key-1"), jwk("key-2")] }).to_string();
    assert_eq!(verifier.learn(jwks.as_bytes()).expect("a JWKS"), 2);
    assert!(verifier.verify(&signed_by("key-2")).await.is_ok());
    assert_eq!(issuer.fetches().await, 0);
    assert!(verifier.learn(b"[]").is_err());
}
