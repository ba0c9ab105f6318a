//! Which tokens pass.

use crate::forge::{self, Issuer, claims, header, now, sign, with};
use auth_token::TokenError;
use policy::Role;
use serde_json::{Value, json};

async fn verdict(token: &str) -> Result<auth_token::Claims, TokenError> {
    Issuer::start().await.verifier().verify(token).await
}

#[tokio::test]
async fn a_good_token_says_who_is_calling() {
    let claims = verdict(&forge::good()).await.expect("a good token");
    assert_eq!(
        (claims.sub, claims.workspace, claims.role),
        (forge::PERSON, forge::WORKSPACE, Role::Supervisor)
    );
    assert_eq!((claims.name.as_str(), claims.epoch), ("한지민", 4));
}

#[tokio::test]
async fn a_header_that_is_not_ours_is_malformed() {
    let issuer = Issuer::start().await;
    let verifier = issuer.verifier();
    let unsigned = forge::message(
        &with(header(), "alg", json!("none")).to_string(),
        &claims().to_string(),
    );
    let mut tokens = vec![
        format!("{unsigned}."),
        unsigned,
        forge::sign_hs256_with_public_key(&claims().to_string()),
        String::new(),
        "..".to_owned(),
        "not a token".to_owned(),
    ];
    let faults = [
        ("typ", json!("JWT")),
        ("typ", Value::Null),
        ("kid", Value::Null),
        ("kid", json!("")),
        ("alg", json!("RS512")),
        ("alg", json!("PS256")),
        ("crit", json!(["exp"])),
    ];
    for (name, value) in faults {
        tokens.push(sign(
            &with(header(), name, value).to_string(),
            &claims().to_string(),
        ));
    }
    tokens.push(sign(
        r#"{"alg":"none","alg":"RS256","typ":"at+jwt","kid":"key-1"}"#,
        &claims().to_string(),
    ));
    for token in tokens {
        let outcome = verifier.verify(&token).await;
        assert!(
            matches!(outcome, Err(TokenError::Malformed)),
            "{token}: {outcome:?}"
        );
    }
    assert_eq!(
        issuer.fetches().await,
        0,
        "no key is looked up for a header that cannot be right"
    );
}

#[tokio::test]
async fn claims_that_are_not_for_us_are_refused() {
    let verifier_of = Issuer::start().await;
    let verifier = verifier_of.verifier();
    let with_claim =
        |name: &str, value: Value| sign(&header().to_string(), &with(claims(), name, value).to_string());
    for (name, value) in [
        ("iss", json!("https://evil.test")),
        ("aud", json!("other")),
        ("iss", json!("https://onus.test/")),
    ] {
        let outcome = verifier.verify(&with_claim(name, value)).await;
        assert!(matches!(outcome, Err(TokenError::Foreign)), "{name}: {outcome:?}");
    }
    for (name, value) in [("exp", json!(now() - 6)), ("nbf", json!(now() + 60))] {
        let outcome = verifier.verify(&with_claim(name, value)).await;
        assert!(matches!(outcome, Err(TokenError::Expired)), "{name}: {outcome:?}");
    }
    let malformed = [
        ("exp", Value::Null),
        ("exp", json!("soon")),
        ("iss", Value::Null),
        ("aud", Value::Null),
        ("aud", json!(["onus"])),
        ("sub", json!("me")),
        ("role", json!("owner")),
        ("iat", json!(now() + 3600)),
        ("workspace", Value::Null),
    ];
    for (name, value) in malformed {
        let outcome = verifier.verify(&with_claim(name, value)).await;
        assert!(
            matches!(outcome, Err(TokenError::Malformed | TokenError::Foreign)),
            "{name}: {outcome:?}"
        );
    }
    assert!(
        verifier
            .verify(&with_claim("exp", json!(now() - 2)))
            .await
            .is_ok(),
        "clocks may differ a little"
    );
}

#[tokio::test]
async fn a_claim_given_twice_is_refused() {
    for twice in [
        r#""role":"admin""#,
        r#""sub":"00000000-0000-0000-0000-000000000009""#,
        r#""exp":99999999999"#,
    ] {
        let text = claims().to_string().replacen('{', &format!("{{{twice},"), 1);
        let outcome = verdict(&sign(&header().to_string(), &text)).await;
        assert!(
            matches!(outcome, Err(TokenError::Malformed)),
            "{twice}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_changed_token_has_a_wrong_signature() {
    let token = forge::good();
    let (_, signature) = token.rsplit_once('.').expect("three parts");
    let promoted = forge::message(
        &header().to_string(),
        &with(claims(), "role", json!("admin")).to_string(),
    );
    let outcome = verdict(&format!("{promoted}.{signature}")).await;
    assert!(matches!(outcome, Err(TokenError::Signature)), "{outcome:?}");
}

#[tokio::test]
async fn a_huge_token_is_not_even_read() {
    let huge = sign(
        &header().to_string(),
        &with(claims(), "name", json!("x".repeat(64 * 1024))).to_string(),
    );
    assert!(matches!(verdict(&huge).await, Err(TokenError::TooLong)));
}

#[tokio::test]
async fn the_bounds_are_where_they_are_said_to_be() {
    let longest = "x".repeat(8 * 1024);
    assert!(matches!(verdict(&longest).await, Err(TokenError::Malformed)));
    assert!(matches!(
        verdict(&format!("{longest}x")).await,
        Err(TokenError::TooLong)
    ));
    let at_the_leeway = with(claims(), "iat", json!(now() + 5));
    verdict(&sign(&header().to_string(), &at_the_leeway.to_string()))
        .await
        .expect("a clock that is ahead by the leeway and no more");
}

#[tokio::test]
async fn a_verifier_shows_none_of_its_keys() {
    let shown = format!("{:?}", Issuer::start().await.verifier());
    assert_eq!(shown, "Verifier { .. }");
}
