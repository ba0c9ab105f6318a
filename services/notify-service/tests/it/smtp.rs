//! The channel `smtp`, against a tiny server.

use serde_json::json;
use test_kit::eventually;
use uuid::Uuid;

use crate::house::{House, SOON, Team};
use crate::stand_ins::smtp::{Manner, SmtpStandIn};
use crate::store;

async fn house(server: &SmtpStandIn) -> House {
    House::without_workers(&[
        ("mail.channel", "smtp".to_owned()),
        ("mail.from", "Onus <onus@example.com>".to_owned()),
        ("smtp.port", server.port().to_string()),
    ])
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_server_is_down_mail_waits_and_then_goes_out() {
    let server = SmtpStandIn::down(Manner::Takes);
    let house = house(&server).await;
    let team = Team::new();
    house.work();
    house.hear(&team.joined()).await;
    house
        .hear(&[team.moved(Uuid::now_v7(), 2), team.moved(Uuid::now_v7(), 2)])
        .await;
    let tried = "SELECT count(*)::text AS text FROM delivery WHERE state = 'pending' AND attempts > 1 HAVING count(*) = 2";
    eventually(SOON, async || store::text(&house.db, tried).await).await;
    let parts = house.parts().await;
    assert!(parts.contains("degraded"), "{parts}");
    // The change itself is where it belongs.
    assert_eq!(house.items(&team.pat, "/api/notifications").await.len(), 2);
    server.up();
    house.until_states(&[("sent", 2)]).await;
    assert_eq!(server.taken().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_made_while_the_server_is_down_share_a_mail() {
    let server = SmtpStandIn::down(Manner::Takes);
    let house = house(&server).await;
    let team = Team::new();
    house.work();
    house.hear(&team.joined()).await;
    let task = Uuid::now_v7();
    house.hear(&[team.moved(task, 2)]).await;
    let tried = "SELECT 'yes' AS text FROM delivery WHERE attempts > 1";
    eventually(SOON, async || store::text(&house.db, tried).await).await;
    // Between two tries the waiting mail takes up what comes; should it be under way, a second one does.
    house.hear(&[team.moved(task, 3), team.moved(task, 4)]).await;
    server.up();
    let states = house.settled().await;
    let mails = server.taken();
    assert_eq!(states["sent"], i64::try_from(mails.len()).unwrap());
    assert!(mails.len() <= 2, "{}", mails.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_never_followed_by_a_second_mail() {
    let server = SmtpStandIn::down(Manner::Vanishes);
    server.up();
    let house = house(&server).await;
    let team = Team::new();
    house.hear(&team.joined()).await;
    house.hear(&[team.moved(Uuid::now_v7(), 2)]).await;
    house.work();
    house.until_states(&[("unknown", 1)]).await;
    server.behave(Manner::Takes);
    house.hear(&[team.moved(Uuid::now_v7(), 2)]).await;
    house.until_states(&[("sent", 1), ("unknown", 1)]).await;
    assert_eq!(server.taken().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_recipient_is_given_up_and_a_busy_server_is_not() {
    let server = SmtpStandIn::down(Manner::KnowsNobody);
    server.up();
    let house = house(&server).await;
    let team = Team::new();
    house.hear(&team.joined()).await;
    house.hear(&[team.moved(Uuid::now_v7(), 2)]).await;
    house.work();
    house.until_states(&[("failed", 1)]).await;
    server.behave(Manner::Busy);
    let before = server.connections();
    house.hear(&[team.moved(Uuid::now_v7(), 2)]).await;
    eventually(SOON, async || (server.connections() > before + 2).then_some(())).await;
    server.behave(Manner::Takes);
    house.until_states(&[("failed", 1), ("sent", 1)]).await;
    assert_eq!(server.taken().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_in_a_change_starts_a_header_line() {
    let server = SmtpStandIn::down(Manner::Takes);
    server.up();
    let house = house(&server).await;
    let team = Team::new();
    house.hear(&team.joined()).await;
    let injection = "Hello\r\nBcc: everybody@example.com\r\n\r\nbody";
    let event = team
        .change(Uuid::now_v7(), 2, "edited")
        .by(team.sue.person, injection)
        .on_board(team.board, injection)
        .titled(injection)
        .field("title", json!("Hello"), json!(injection))
        .into_event(None)
        .unwrap();
    house.hear(&[event]).await;
    house.work();
    house.until_states(&[("sent", 1)]).await;
    let mail = server.taken().remove(0);
    let (head, _) = mail.split_once("\n\n").unwrap();
    assert!(
        !head
            .lines()
            .any(|line| line.to_ascii_lowercase().starts_with("bcc")),
        "{head}"
    );
    let names: Vec<_> = head
        .lines()
        .filter(|line| !line.starts_with([' ', '\t']))
        .filter_map(|line| line.split_once(':').map(|(name, _)| name))
        .collect();
    for name in [
        "From",
        "To",
        "Subject",
        "Message-ID",
        "Auto-Submitted",
        "Date",
        "MIME-Version",
    ] {
        assert_eq!(
            names.iter().filter(|other| **other == name).count(),
            1,
            "{name} in {head}"
        );
    }
}
