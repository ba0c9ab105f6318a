//! The feed by which other services learn that tokens ended before their time.

use std::time::{Duration, Instant};

use auth_token::{Credentials, Follower, Revocations};
use serde_json::{Value, json};
use test_kit::eventually;
use uuid::Uuid;

use crate::support::{Answer, Api, CLIENTS, PASSWORD, Person, SOON, claims};

async fn feed(api: &Api, query: &str) -> Answer {
    api.inside(&format!("/internal/revocations?{query}")).send().await
}

fn session_of(person: &Person) -> Uuid {
    claims(&person.token)["sid"].as_str().unwrap().parse().unwrap()
}

fn entries(answer: &Answer) -> Vec<(Uuid, i64)> {
    assert_eq!(answer.status, 200, "{answer:?}");
    let entry = |item: &Value| {
        (
            item["session"].as_str().unwrap().parse().unwrap(),
            item["minimum_epoch"].as_i64().unwrap(),
        )
    };
    answer.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(entry)
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_sessions_that_ended_and_epochs_that_rose() {
    let api = Api::start().await;
    let admin = api.admin("minji@example.com").await;
    let jun = api.join(&admin, "jun@example.com", "pic").await;
    let gone = api.sign_in("minji@example.com", PASSWORD).await.person();
    assert_eq!(entries(&feed(&api, "after=0").await), []);
    api.post("/api/auth/sign-out").by(&gone).send().await;
    let answer = feed(&api, "after=0").await;
    assert_eq!(entries(&answer), [(session_of(&gone), i64::MAX)]);
    let next = answer.body["next"].as_i64().unwrap();

    let role = json!({ "role": "observer" });
    let path = format!("/api/members/{}", jun.id);
    let changed = api.patch(&path).by(&admin).version(1).json(&role).send().await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let answer = feed(&api, &format!("after={next}")).await;
    assert_eq!(entries(&answer), [(session_of(&jun), 2)]);
    let renewed = api
        .post("/api/auth/refresh")
        .cookie(&jun.cookie)
        .send()
        .await
        .person();
    assert_eq!(
        claims(&renewed.token)["epoch"],
        2,
        "a refreshed token is not refused"
    );
    let next = answer.body["next"].as_i64().unwrap();

    let removed = api.delete(&path).by(&admin).version(2).send().await;
    assert_eq!(removed.status, 204, "{removed:?}");
    let answer = feed(&api, &format!("after={next}")).await;
    assert_eq!(entries(&answer), [(session_of(&jun), i64::MAX)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_a_waiting_follower_within_two_seconds() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let started = Instant::now();
    let waiting = feed(&api, "after=0&wait=20");
    let signing_out = async {
        // The follower is certainly waiting, or will find the entry when it comes.
        api.post("/api/auth/sign-out").by(&person).send().await
    };
    let (answer, _) = tokio::join!(waiting, signing_out);
    assert_eq!(entries(&answer), [(session_of(&person), i64::MAX)]);
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_refuses_what_was_revoked() {
    let api = Api::start().await;
    let person = api.admin("minji@example.com").await;
    let revocations = Revocations::default();
    let (name, secret) = CLIENTS[0];
    let credentials = Credentials::new(Some(api.internal()), name, secret.to_owned().into()).unwrap();
    let follower = Follower::new(api.internal(), credentials, revocations.clone()).unwrap();
    let following = tokio::spawn(follower.run());
    let (session, epoch) = (session_of(&person), 1);
    assert!(!revocations.refuse(session, epoch));
    api.post("/api/auth/sign-out").by(&person).send().await;
    eventually(SOON, async || revocations.refuse(session, epoch).then_some(())).await;
    following.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn positions_have_no_gaps_however_many_revoke_and_read() {
    let api = Api::start().await;
    let people =
        futures::future::join_all((0..12).map(async |n| api.admin(&format!("p{n}@example.com")).await));
    let people = people.await;
    let out = people
        .iter()
        .map(|person| api.post("/api/auth/sign-out").by(person).send());
    let read = (0..12).map(|_| feed(&api, "after=0"));
    let (_, _) = tokio::join!(futures::future::join_all(out), futures::future::join_all(read));
    let answer = feed(&api, "after=0").await;
    assert_eq!(entries(&answer).len(), 12);
    assert_eq!(answer.body["next"], 12);
    let rows = "select count(*) from revocation where position between 1 and 12";
    assert_eq!(api.count(rows).await, 12);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_for_services_alone_and_bounds_what_it_takes() {
    let api = Api::start().await;
    let stranger = api.inside_as_stranger("/internal/revocations").send().await;
    assert_eq!(stranger.problem(), (401, "unauthenticated"));
    for query in ["after=-1", "wait=26", "wait=x", "since=1"] {
        let answer = feed(&api, query).await;
        assert!(
            (400..500).contains(&answer.status.as_u16()),
            "{query}: {answer:?}"
        );
    }
}
