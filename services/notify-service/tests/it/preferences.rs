//! `/api/preferences`, and what it does to mail.

use policy::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use test_kit::TestCaller;
use uuid::Uuid;

use crate::house::{Answer, House, Team};

const PATH: &str = "/api/preferences";

async fn set(house: &House, who: &TestCaller, version: i64, mail: &str) -> Answer {
    let seen = format!("\"{version}\"");
    house
        .ask_with(
            who,
            (Method::PATCH, PATH),
            &[("if-match", &seen)],
            json!({"mail": mail}),
        )
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn they_have_a_default_and_a_version() {
    let house = House::without_workers(&[]).await;
    let pat = TestCaller::new(Uuid::now_v7(), Role::Pic);
    let first = house.ask(&pat, Method::GET, PATH, Value::Null).await;
    assert_eq!(
        (first.etag.as_deref(), &first.body),
        (Some("\"1\""), &json!({"mail": "all", "version": 1}))
    );
    let second = set(&house, &pat, 1, "mine").await;
    assert_eq!(
        (second.etag.as_deref(), &second.body),
        (Some("\"2\""), &json!({"mail": "mine", "version": 2}))
    );
    let late = set(&house, &pat, 1, "none").await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(late.body["current"], json!({"mail": "mine", "version": 2}));
    assert_eq!(house.get(&pat, PATH).await, json!({"mail": "mine", "version": 2}));
    // Somebody else's are their own.
    let kim = TestCaller::new(pat.workspace, Role::Pic);
    assert_eq!(house.get(&kim, PATH).await["mail"], json!("all"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_key_repeats_the_answer() {
    let house = House::without_workers(&[]).await;
    let pat = TestCaller::new(Uuid::now_v7(), Role::Pic);
    let headers = [("if-match", "\"1\""), ("idempotency-key", "one")];
    let request = || house.ask_with(&pat, (Method::PATCH, PATH), &headers, json!({"mail": "none"}));
    let (first, again) = (request().await, request().await);
    assert_eq!(
        (first.status, &first.body),
        (StatusCode::OK, &json!({"mail": "none", "version": 2}))
    );
    assert_eq!((again.status, &again.body), (StatusCode::OK, &first.body));
    let other = house
        .ask_with(&pat, (Method::PATCH, PATH), &headers, json!({"mail": "mine"}))
        .await;
    assert_eq!(
        (other.status, &other.body["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("idempotency_key_reused"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_named() {
    let house = House::without_workers(&[]).await;
    let pat = TestCaller::new(Uuid::now_v7(), Role::Pic);
    for (body, field) in [
        (json!({"mail": "some"}), "mail"),
        (json!({"mail": null}), "mail"),
        (json!({}), "mail"),
        (json!({"mail": "all", "sms": true}), "sms"),
    ] {
        let answer = house
            .ask_with(
                &pat,
                (Method::PATCH, PATH),
                &[("if-match", "\"1\"")],
                body.clone(),
            )
            .await;
        assert_eq!(
            (answer.status, answer.fields()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec![field]),
            "{body}"
        );
    }
    let missing = house.ask(&pat, Method::PATCH, PATH, json!({"mail": "all"})).await;
    assert_eq!(missing.status, StatusCode::PRECONDITION_REQUIRED);
}

#[tokio::test(flavor = "multi_thread")]
async fn they_decide_about_mail_and_not_about_the_inbox() {
    let house = House::start().await;
    let team = Team::new();
    house.hear(&team.joined()).await;
    set(&house, &team.pat, 1, "none").await;
    set(&house, &team.sue, 1, "mine").await;
    // Kim moves a task of Sue's with Pat in charge: both are told in the app, neither by mail.
    let by_kim = team
        .change(Uuid::now_v7(), 2, "moved")
        .by(team.kim.person, "Kim")
        .into_event(None)
        .unwrap();
    house.hear(&[by_kim]).await;
    // The sentinel: a change of which Kim wants mail. It is planned last, so nothing can come after it.
    let sentinel = team
        .change(Uuid::now_v7(), 2, "moved")
        .people(Some(team.kim.person), team.sue.person)
        .into_event(None)
        .unwrap();
    house.hear(&[sentinel]).await;
    house.until_states(&[("sent", 1)]).await;
    assert_eq!(house.items(&team.kim, "/api/mailbox").await.len(), 1);
    assert_eq!(house.items(&team.pat, "/api/notifications").await.len(), 1);
    assert_eq!(house.items(&team.sue, "/api/notifications").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wish_for_no_mail_stops_mail_that_waits() {
    let house = House::without_workers(&[]).await;
    let team = Team::new();
    house.hear(&team.joined()).await;
    house.hear(&[team.moved(Uuid::now_v7(), 2)]).await;
    set(&house, &team.pat, 1, "none").await;
    house.work();
    house.until_states(&[("failed", 1)]).await;
}
