//! The security log: in the same chain of entries, and for admins alone.

use contracts::{Change, Event, EventType, Stream};
use policy::Role;
use reqwest::StatusCode;
use serde_json::{Value, json};
use test_kit::{TestCaller, eventually};
use uuid::Uuid;

use crate::support::{House, SOON, Team};

fn incident(team: &Team, kind: &str) -> Event {
    let stream = Stream::security(Uuid::now_v7());
    Change::new(
        EventType::SecurityLogged,
        "/auth-service",
        team.workspace,
        stream,
        1,
        kind,
    )
    .by(team.actor, "Mina")
    .titled("Mina")
    .field("place", Value::Null, json!("203.0.113.0/24"))
    .into_event(None)
    .unwrap()
}

async fn security(house: &House, team: &Team, role: Role, query: &str) -> (StatusCode, Value) {
    let token = house.issuer.token(&TestCaller::new(team.workspace, role));
    house.get(&token, &format!("/api/audit/security{query}")).await
}

fn kinds(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["kind"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_see_it_and_the_history_does_not_show_it() {
    let house = House::start().await;
    let (team, elsewhere) = (Team::new(), Team::new());
    let task = Uuid::now_v7();
    house
        .send(&[incident(&team, "signed_in"), incident(&elsewhere, "signed_in")])
        .await;
    house.send(&team.history(task, 1..=1)).await;
    house.send(&[incident(&team, "sign_in_refused")]).await;
    let page = eventually(SOON, async || {
        let (status, page) = security(&house, &team, Role::Admin, "").await;
        assert_eq!(status, StatusCode::OK, "{page}");
        (kinds(&page).len() == 2).then_some(page)
    })
    .await;
    assert_eq!(kinds(&page), ["sign_in_refused", "signed_in"]);
    assert_eq!(page["items"][0]["fields"][0]["after"], "203.0.113.0/24");
    let history = house.log_of(team.workspace, 1).await;
    assert_eq!(history.len(), 1);
    assert_eq!(history[0]["type"], "task.changed");

    let (_, page) = security(&house, &team, Role::Admin, "?kind=signed_in").await;
    assert_eq!(kinds(&page), ["signed_in"]);
    let (_, page) = security(&house, &team, Role::Admin, "?limit=1").await;
    let next = page["next"].as_str().unwrap();
    let (_, page) = security(&house, &team, Role::Admin, &format!("?limit=1&cursor={next}")).await;
    assert_eq!(kinds(&page), ["signed_in"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_its_entries_also_those_that_nobody_did() {
    let house = House::start().await;
    let team = Team::new();
    let account = Uuid::now_v7();
    let about = |account: Uuid, kind: &str| {
        let stream = Stream::security(Uuid::now_v7());
        Change::new(
            EventType::SecurityLogged,
            "/auth-service",
            team.workspace,
            stream,
            1,
            kind,
        )
        .field("account", Value::Null, json!(account))
        .into_event(None)
        .unwrap()
    };
    house
        .send(&[
            about(account, "sign_in_refused"),
            about(Uuid::now_v7(), "code_refused"),
            incident(&team, "signed_in"),
        ])
        .await;
    eventually(SOON, async || {
        let (_, page) = security(&house, &team, Role::Admin, "").await;
        (kinds(&page).len() == 3).then_some(())
    })
    .await;
    let (status, page) = security(&house, &team, Role::Admin, &format!("?account={account}")).await;
    assert_eq!((status, kinds(&page)), (StatusCode::OK, vec!["sign_in_refused"]));
    let own = format!("?account={}", team.actor);
    let (_, page) = security(&house, &team, Role::Admin, &own).await;
    assert_eq!(
        kinds(&page),
        ["signed_in"],
        "without a word about it the actor counts"
    );
    let (status, _) = security(&house, &team, Role::Admin, "?account=x").await;
    assert!(status.is_client_error());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_sees_it_and_questions_are_checked() {
    let house = House::start().await;
    let team = Team::new();
    for role in [Role::Supervisor, Role::Pic, Role::Observer] {
        let (status, problem) = security(&house, &team, role, "").await;
        assert_eq!(
            (status, &problem["code"]),
            (StatusCode::FORBIDDEN, &json!("forbidden"))
        );
    }
    for query in [
        "?kind=",
        "?limit=0",
        "?limit=201",
        "?task=x",
        "?cursor=x",
        "?from=yesterday",
    ] {
        let (status, problem) = security(&house, &team, Role::Admin, query).await;
        assert!(status.is_client_error(), "{query}: {problem}");
    }
}
