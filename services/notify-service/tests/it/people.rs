//! The copy of the people: who may look, who is written to.

use contracts::{Change, Event, EventType, PersonState, Stream};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use test_kit::TestCaller;
use uuid::Uuid;

use crate::house::{House, Team};
use crate::store;

fn changed(who: &TestCaller, version: i64, kind: &str, edit: impl FnOnce(&mut PersonState)) -> Event {
    let mut person = PersonState {
        id: who.person,
        name: who.name.clone(),
        email: format!("{}@example.com", who.name),
        language: "ko".to_owned(),
        time_zone: "Asia/Seoul".to_owned(),
        role: who.role.to_string(),
        epoch: 1,
        removed: false,
    };
    edit(&mut person);
    let stream = Stream::person(who.workspace, who.person);
    Change::new(
        EventType::UserChanged,
        "/auth-service",
        who.workspace,
        stream,
        version,
        kind,
    )
    .person(person)
    .into_event(None)
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_an_older_epoch_does_not_count() {
    let house = House::without_workers(&[]).await;
    let team = Team::new();
    let paths = [
        "/api/notifications",
        "/api/notifications/unread-count",
        "/api/preferences",
        "/api/mailbox",
    ];
    for path in paths {
        // Not heard of yet: the token counts.
        house.get(&team.pat, path).await;
    }
    house
        .hear(&[changed(&team.pat, 2, "role_changed", |person| person.epoch = 2)])
        .await;
    let newer = TestCaller {
        epoch: 2,
        ..team.pat.clone()
    };
    for path in paths {
        let answer = house.ask(&team.pat, Method::GET, path, Value::Null).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        house.get(&newer, path).await;
    }
    house
        .hear(&[changed(&team.pat, 3, "removed", |person| {
            (person.epoch, person.removed) = (2, true)
        })])
        .await;
    let answer = house
        .ask(&newer, Method::GET, "/api/notifications", Value::Null)
        .await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_left_hears_nothing_and_their_address_is_gone() {
    let house = House::without_workers(&[]).await;
    let team = Team::new();
    house.hear(&team.joined()).await;
    house.hear(&[team.moved(Uuid::now_v7(), 2)]).await;
    // Pat leaves while a mail is waiting.
    house
        .hear(&[changed(&team.pat, 2, "removed", |person| person.removed = true)])
        .await;
    house.hear(&[team.moved(Uuid::now_v7(), 2)]).await;
    house.work();
    house.until_states(&[("failed", 1)]).await;
    assert!(house.items(&team.sue, "/api/mailbox").await.is_empty());
    let query = format!(
        "SELECT email AS text FROM person WHERE person_id = '{}'",
        team.pat.person
    );
    assert_eq!(store::text(&house.db, &query).await.as_deref(), Some(""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_account_in_charge_gets_no_mail() {
    let house = House::without_workers(&[]).await;
    let team = Team::new();
    // Pat's copy comes later than the change: that mail is planned for somebody not known yet.
    house.hear(&[team.moved(Uuid::now_v7(), 2)]).await;
    house
        .hear(&[changed(&team.pat, 1, "joined", |person| {
            person.email = format!("{}@service.invalid", team.pat.person);
        })])
        .await;
    house.hear(&[team.moved(Uuid::now_v7(), 2)]).await;
    let notes = format!(
        "SELECT count(*)::text AS text FROM notification WHERE recipient_id = '{}'",
        team.pat.person
    );
    assert_eq!(store::text(&house.db, &notes).await.as_deref(), Some("1"));
    house.work();
    house.until_states(&[("failed", 1)]).await;
    assert!(house.items(&team.sue, "/api/mailbox").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_event_does_not_overwrite_a_newer_one() {
    let house = House::without_workers(&[]).await;
    let team = Team::new();
    house
        .hear(&[changed(&team.pat, 3, "edited", |person| {
            person.name = "New".to_owned()
        })])
        .await;
    house
        .hear(&[changed(&team.pat, 2, "edited", |person| {
            person.name = "Old".to_owned()
        })])
        .await;
    let query = format!(
        "SELECT name AS text FROM person WHERE person_id = '{}'",
        team.pat.person
    );
    assert_eq!(store::text(&house.db, &query).await.as_deref(), Some("New"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_waits_for_somebody_not_heard_of_yet() {
    let house = House::start().await;
    let team = Team::new();
    house.hear(&[team.moved(Uuid::now_v7(), 2)]).await;
    let waits =
        "SELECT reason AS text FROM delivery WHERE state = 'pending' AND attempts > 0 AND reason IS NOT NULL";
    let reason = test_kit::eventually(crate::house::SOON, async || store::text(&house.db, waits).await).await;
    assert_eq!(reason, "the recipient is not known yet");
    house.hear(&team.joined()).await;
    house.until_states(&[("sent", 1)]).await;
    assert_eq!(house.items(&team.pat, "/api/mailbox").await.len(), 1);
}
