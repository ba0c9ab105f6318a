//! The channel `ses`, against a stand-in that misbehaves and against an emulator that does not.

use serde_json::{Value, json};
use test_kit::eventually;
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::house::{House, SOON, Team};
use crate::stand_ins::ses::{Manner, SesStandIn};

async fn house(endpoint: &str) -> House {
    House::without_workers(&[
        ("mail.channel", "ses".to_owned()),
        ("mail.from", "Onus <onus@example.com>".to_owned()),
        ("ses.endpoint", endpoint.to_owned()),
        ("ses.region", "us-east-1".to_owned()),
        ("ses.test_credentials", "true".to_owned()),
    ])
    .await
}

async fn hears_of(house: &House, team: &Team, tasks: usize) {
    house.hear(&team.joined()).await;
    let events: Vec<_> = (0..tasks).map(|_| team.moved(Uuid::now_v7(), 2)).collect();
    house.hear(&events).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_mail_is_sent_twice_though_every_fifth_answer_is_lost() {
    let ses = SesStandIn::start(Manner::LosesAnswers).await;
    let house = house(&ses.url).await;
    hears_of(&house, &Team::new(), 100).await;
    house.work();
    let states = house.settled().await;
    assert_eq!(
        states,
        [("sent".to_owned(), 80), ("unknown".to_owned(), 20)].into()
    );
    let taken = ses.taken();
    let twice = taken.values().filter(|mails| mails.len() > 1).count();
    assert_eq!((taken.len(), twice, ses.requests()), (100, 0, 100));
    let mail = &taken.values().next().unwrap()[0];
    assert_eq!(mail["FromEmailAddress"], json!("Onus <onus@example.com>"));
    assert_eq!(
        mail["Content"]["Simple"]["Subject"]["Data"],
        json!("[House] Paint the door — Sue moved the task")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn throttled_mail_goes_out_later() {
    let ses = SesStandIn::start(Manner::Throttles).await;
    let house = house(&ses.url).await;
    hears_of(&house, &Team::new(), 3).await;
    house.work();
    eventually(SOON, async || (ses.requests() > 5).then_some(())).await;
    house.until_states(&[("pending", 3)]).await;
    assert!(ses.taken().is_empty());
    ses.behave(Manner::LosesAnswers);
    house.until_states(&[("sent", 3)]).await;
    assert!(ses.taken().values().all(|mails| mails.len() == 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_error_of_the_server_nobody_knows() {
    let ses = SesStandIn::start(Manner::Breaks).await;
    let house = house(&ses.url).await;
    hears_of(&house, &Team::new(), 1).await;
    house.work();
    house.until_states(&[("unknown", 1)]).await;
    assert_eq!(ses.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_never_connected_is_tried_again() {
    // A port that was free a moment ago: nobody listens there.
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let house = house(&endpoint).await;
    hears_of(&house, &Team::new(), 1).await;
    house.work();
    let tried = "SELECT reason AS text FROM delivery WHERE state = 'pending' AND attempts > 2";
    let reason = eventually(SOON, async || crate::store::text(&house.db, tried).await).await;
    assert_eq!(reason, "no connection to SES");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_emulator_takes_the_mail() {
    let endpoint = std::env::var("ONUS_TEST_SES_ENDPOINT").unwrap_or_else(|_| {
        panic!("ONUS_TEST_SES_ENDPOINT is not set: run `cargo xtask test`, which starts the AWS emulator")
    });
    let client = reqwest::Client::new();
    // The emulator wants to know the sender, as SES does.
    let identity = client
        .post(format!("{endpoint}/v2/email/identities"))
        .header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/ses/aws4_request",
        )
        .json(&json!({"EmailIdentity": "onus@example.com"}));
    identity.send().await.unwrap();
    let house = house(&endpoint).await;
    let team = Team::new();
    hears_of(&house, &team, 2).await;
    house.work();
    house.until_states(&[("sent", 2)]).await;
    let sent: Value = client
        .get(format!("{endpoint}/_ministack/ses/messages"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    // Other tests use the same emulator; the address is this test's own.
    let mine = format!("{}@example.com", team.pat.person);
    assert_eq!(sent.to_string().matches(&mine).count(), 2, "{sent}");
    assert!(sent.to_string().contains("Column: To do → Doing"), "{sent}");
    let ids = "SELECT count(DISTINCT message_id)::text AS text FROM delivery";
    assert_eq!(crate::store::text(&house.db, ids).await.as_deref(), Some("2"));
}
