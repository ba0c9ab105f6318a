//! Invitations: their link is fetched when the mail is sent, and is nowhere else.

use contracts::{Change, Event, EventType, MailCommand, Stream};
use policy::Role;
use serde_json::json;
use test_kit::TestCaller;
use uuid::Uuid;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::house::{House, TOKEN};
use crate::store;

const LINK: &str = "https://onus.example/join#s3cret";

fn invited(workspace: Uuid, invitation: Uuid, email: &str, language: &str) -> Event {
    let stream = Stream::invitation(invitation);
    Change::new(
        EventType::MailRequested,
        "/auth-service",
        workspace,
        stream,
        1,
        "invited",
    )
    .mail(MailCommand::Invitation {
        invitation,
        email: email.to_owned(),
        language: language.to_owned(),
        workspace_name: "Atelier".to_owned(),
        invited_by: "Sue".to_owned(),
    })
    .into_event(None)
    .unwrap()
}

async fn auth_service() -> MockServer {
    MockServer::start().await
}

fn answers(invitation: Uuid, answer: ResponseTemplate) -> Mock {
    let authorization = format!("Bearer {TOKEN}");
    Mock::given(method("GET"))
        .and(path(format!("/internal/invitations/{invitation}/link")))
        .and(header("authorization", authorization.as_str()))
        .respond_with(answer)
}

async fn house(auth: &MockServer) -> House {
    let house = House::beside(auth).await;
    house.work();
    house
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_is_in_the_mail_and_in_no_table_but_the_mailbox() {
    let auth = auth_service().await;
    let (workspace, invitation) = (Uuid::now_v7(), Uuid::now_v7());
    answers(
        invitation,
        ResponseTemplate::new(200).set_body_json(json!({"url": LINK})),
    )
    .mount(&auth)
    .await;
    let house = house(&auth).await;
    let event = invited(workspace, invitation, "new@example.com", "ko");
    house.hear(std::slice::from_ref(&event)).await;
    house.hear(&[event]).await;
    house.until_states(&[("sent", 1)]).await;

    let admin = TestCaller::new(workspace, Role::Admin);
    let mails = house.items(&admin, "/api/mailbox").await;
    assert_eq!(mails.len(), 1);
    assert_eq!(
        (&mails[0]["to"], &mails[0]["subject"]),
        (
            &json!("new@example.com"),
            &json!("Sue님이 Atelier에 초대했습니다")
        )
    );
    let mail = house
        .get(
            &admin,
            &format!("/api/mailbox/{}", mails[0]["id"].as_str().unwrap()),
        )
        .await;
    assert!(mail["text"].as_str().unwrap().contains(LINK));
    // Its link opens the door, so nobody but an admin sees it.
    for role in [Role::Supervisor, Role::Pic, Role::Observer] {
        assert!(
            house
                .items(&TestCaller::new(workspace, role), "/api/mailbox")
                .await
                .is_empty(),
            "{role}"
        );
    }
    let tables = "SELECT (SELECT string_agg(delivery::text, '') FROM delivery)
        || (SELECT string_agg(invitation_mail::text, '') FROM invitation_mail) AS text";
    assert!(!store::text(&house.db, tables).await.unwrap().contains("s3cret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_waits_while_auth_service_is_away() {
    let auth = auth_service().await;
    let (workspace, invitation) = (Uuid::now_v7(), Uuid::now_v7());
    let away = answers(invitation, ResponseTemplate::new(503))
        .mount_as_scoped(&auth)
        .await;
    let house = house(&auth).await;
    house
        .hear(&[invited(workspace, invitation, "new@example.com", "en")])
        .await;
    let tried = "SELECT reason AS text FROM delivery WHERE attempts > 2 AND state = 'pending'";
    let reason = test_kit::eventually(crate::house::SOON, async || store::text(&house.db, tried).await).await;
    assert_eq!(reason, "auth-service gave no link");
    drop(away);
    answers(
        invitation,
        ResponseTemplate::new(200).set_body_json(json!({"url": LINK})),
    )
    .mount(&auth)
    .await;
    house.until_states(&[("sent", 1)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_waits_while_auth_service_gives_no_token() {
    let auth = auth_service().await;
    let (workspace, invitation) = (Uuid::now_v7(), Uuid::now_v7());
    // For this and the pause after it there is none.
    Mock::given(method("POST"))
        .and(path("/internal/token"))
        .respond_with(ResponseTemplate::new(503))
        .up_to_n_times(1)
        .expect(1)
        .mount(&auth)
        .await;
    let link = ResponseTemplate::new(200).set_body_json(json!({"url": LINK}));
    answers(invitation, link).mount(&auth).await;
    let house = house(&auth).await;
    house
        .hear(&[invited(workspace, invitation, "new@example.com", "en")])
        .await;
    house.until_states(&[("sent", 1)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_one_and_a_bad_address_are_given_up() {
    let auth = auth_service().await;
    let (workspace, gone, injected) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    answers(gone, ResponseTemplate::new(404)).mount(&auth).await;
    let house = house(&auth).await;
    let bad = "new@example.com\r\nBcc: everybody@example.com";
    house
        .hear(&[
            invited(workspace, gone, "a@example.com", "en"),
            invited(workspace, injected, bad, "en"),
        ])
        .await;
    house.until_states(&[("failed", 2)]).await;
    let admin = TestCaller::new(workspace, Role::Admin);
    assert!(house.items(&admin, "/api/mailbox").await.is_empty());
}
