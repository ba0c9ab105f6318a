//! Mails about accounts: their link is fetched when the mail is sent and is nowhere else, and nobody but an
//! admin and the owner of the address sees them.

use std::time::Duration;

use contracts::{Change, Event, EventType, MailCommand, Stream};
use messaging::Outgoing;
use notify_service::store::deliveries::{claim, lapse};
use policy::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use test_kit::{TestCaller, eventually};
use uuid::Uuid;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::house::{House, SOON, TOKEN, Team};
use crate::stand_ins::smtp::{Manner, SmtpStandIn};
use crate::store;

const LINK: &str = "https://onus.example/reset#s3cret";

fn wanted(workspace: Uuid, mail: MailCommand) -> Event {
    Change::new(
        EventType::MailRequested,
        "/auth-service",
        workspace,
        Stream::mail(Uuid::now_v7()),
        1,
        "requested",
    )
    .mail(mail)
    .into_event(None)
    .unwrap()
}

fn reset(link: Uuid, email: &str) -> MailCommand {
    MailCommand::PasswordReset {
        link,
        email: email.to_owned(),
        language: "ko".to_owned(),
        name: "김민지".to_owned(),
    }
}

fn verification(link: Uuid, email: &str) -> MailCommand {
    MailCommand::AddressVerification {
        link,
        email: email.to_owned(),
        language: "en".to_owned(),
        name: "Pat".to_owned(),
    }
}

fn sign_up(link: Uuid, email: &str) -> MailCommand {
    MailCommand::SignUp {
        link,
        email: email.to_owned(),
        language: "ko".to_owned(),
    }
}

fn account_exists(link: Uuid, email: &str) -> MailCommand {
    MailCommand::AccountExists {
        link,
        email: email.to_owned(),
        language: "en".to_owned(),
        name: "Pat".to_owned(),
    }
}

fn notice(word: &str, email: &str) -> MailCommand {
    MailCommand::SecurityNotice {
        notice: word.to_owned(),
        email: email.to_owned(),
        language: "en".to_owned(),
        name: "Pat".to_owned(),
        time_zone: "Asia/Seoul".to_owned(),
        device: "Chrome · macOS".to_owned(),
        place: String::new(),
    }
}

fn address(who: &TestCaller) -> String {
    format!("{}@example.com", who.person)
}

fn answers(link: Uuid, answer: ResponseTemplate) -> Mock {
    let authorization = format!("Bearer {TOKEN}");
    Mock::given(method("GET"))
        .and(path(format!("/internal/links/{link}")))
        .and(header("authorization", authorization.as_str()))
        .respond_with(answer)
}

fn gives_the_link(link: Uuid) -> Mock {
    answers(
        link,
        ResponseTemplate::new(200).set_body_json(json!({"url": LINK})),
    )
}

async fn house(auth: &MockServer) -> House {
    House::beside(auth).await
}

/// The consumer asks auth-service for its events as well; that does not count.
async fn links_asked_for(auth: &MockServer) -> usize {
    let requests = auth.received_requests().await.unwrap();
    requests
        .iter()
        .filter(|request| request.url.path().starts_with("/internal/links/"))
        .count()
}

async fn texts(house: &House, admin: &TestCaller) -> Vec<String> {
    let mut texts = Vec::new();
    for line in house.items(admin, "/api/mailbox").await {
        let path = format!("/api/mailbox/{}", line["id"].as_str().unwrap());
        texts.push(house.get(admin, &path).await["text"].as_str().unwrap().to_owned());
    }
    texts
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_is_fetched_when_the_mail_is_sent_and_is_in_no_table_but_the_mailbox() {
    let auth = MockServer::start().await;
    let (workspace, forgotten, unproven) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    let (new, known) = (Uuid::now_v7(), Uuid::now_v7());
    for link in [forgotten, unproven, new, known] {
        gives_the_link(link).expect(1).mount(&auth).await;
    }
    let house = house(&auth).await;
    let events = [
        wanted(workspace, reset(forgotten, "mina@example.com")),
        wanted(workspace, verification(unproven, "pat@example.com")),
        wanted(workspace, sign_up(new, "new@example.com")),
        wanted(workspace, account_exists(known, "pat@example.com")),
    ];
    // The events come twice, and before anything is sent nobody has asked for a link.
    house.hear(&events).await;
    house.hear(&events).await;
    house.until_states(&[("pending", 4)]).await;
    assert_eq!(links_asked_for(&auth).await, 0);
    house.work();
    house.until_states(&[("sent", 4)]).await;

    let admin = TestCaller::new(workspace, Role::Admin);
    let mails = house.items(&admin, "/api/mailbox").await;
    let lines: Vec<_> = mails.iter().map(|mail| (&mail["to"], &mail["subject"])).collect();
    let expected = [
        ("pat@example.com", "[Onus] You have an account already"),
        ("new@example.com", "[Onus] 워크스페이스 시작하기"),
        ("pat@example.com", "[Onus] Confirm your email address"),
        ("mina@example.com", "[Onus] 비밀번호 재설정"),
    ]
    .map(|(to, subject)| (json!(to), json!(subject)));
    assert_eq!(
        lines,
        expected
            .iter()
            .map(|(to, subject)| (to, subject))
            .collect::<Vec<_>>()
    );
    for text in texts(&house, &admin).await {
        assert!(text.contains(LINK), "{text}");
    }
    let tables = "SELECT (SELECT string_agg(delivery::text, '') FROM delivery)
        || (SELECT string_agg(account_mail::text, '') FROM account_mail) AS text";
    let rows = store::text(&house.db, tables).await.unwrap();
    assert!(
        rows.contains("mina@example.com") && !rows.contains("s3cret"),
        "{rows}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn they_wait_while_auth_service_is_away() {
    let auth = MockServer::start().await;
    let (workspace, link) = (Uuid::now_v7(), Uuid::now_v7());
    let away = answers(link, ResponseTemplate::new(503))
        .mount_as_scoped(&auth)
        .await;
    let house = house(&auth).await;
    house.work();
    // A notice needs no link and goes out meanwhile.
    house
        .hear(&[
            wanted(workspace, reset(link, "mina@example.com")),
            wanted(workspace, notice("password_changed", "pat@example.com")),
        ])
        .await;
    let tried = "SELECT reason AS text FROM delivery WHERE attempts > 2 AND state = 'pending'";
    let reason = eventually(SOON, async || store::text(&house.db, tried).await).await;
    assert_eq!(reason, "auth-service gave no link");
    house.until_states(&[("pending", 1), ("sent", 1)]).await;
    drop(away);
    gives_the_link(link).mount(&auth).await;
    house.until_states(&[("sent", 2)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_over_and_a_bad_address_are_given_up() {
    let auth = MockServer::start().await;
    let (workspace, over, injected) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    answers(over, ResponseTemplate::new(404))
        .expect(1)
        .mount(&auth)
        .await;
    let house = house(&auth).await;
    house.work();
    let bad = "pat@example.com\r\nBcc: everybody@example.com";
    house
        .hear(&[
            wanted(workspace, reset(over, "mina@example.com")),
            wanted(workspace, verification(injected, bad)),
            wanted(workspace, notice("password_changed", bad)),
        ])
        .await;
    house.until_states(&[("failed", 3)]).await;
    let reason = "SELECT reason AS text FROM delivery JOIN account_mail ON delivery_id = id
        WHERE kind = 'password_reset'";
    assert_eq!(
        store::text(&house.db, reason).await.as_deref(),
        Some("the link is no longer open")
    );
    let admin = TestCaller::new(workspace, Role::Admin);
    assert!(house.items(&admin, "/api/mailbox").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_notice_is_kept_and_told_in_general_terms() {
    let auth = MockServer::start().await;
    let workspace = Uuid::now_v7();
    let house = house(&auth).await;
    house.work();
    let event = wanted(workspace, notice("birthday_card", "pat@example.com"));
    house.hear(std::slice::from_ref(&event)).await;
    house.hear(&[event]).await;
    house.until_states(&[("sent", 1)]).await;
    let admin = TestCaller::new(workspace, Role::Admin);
    let texts = texts(&house, &admin).await;
    assert_eq!(texts.len(), 1);
    for part in [
        "The security settings of your account were changed",
        "(Asia/Seoul)",
        "Device: Chrome · macOS",
        "https://onus.example/forgot",
    ] {
        assert!(texts[0].contains(part), "{part} is not in {}", texts[0]);
    }
    assert!(!texts[0].contains("Network"), "{}", texts[0]);
    let kept = "SELECT notice || coalesce(place, '') AS text FROM account_mail";
    assert_eq!(
        store::text(&house.db, kept).await.as_deref(),
        Some("birthday_card")
    );
    assert_eq!(links_asked_for(&auth).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_them_but_an_admin_and_the_owner_of_the_address() {
    let auth = MockServer::start().await;
    let team = Team::new();
    let (links, elsewhere) = ([Uuid::now_v7(), Uuid::now_v7()], Uuid::now_v7());
    for link in links {
        gives_the_link(link).mount(&auth).await;
    }
    let house = house(&auth).await;
    house.work();
    house.hear(&team.joined()).await;
    house
        .hear(&[
            wanted(team.workspace, reset(links[0], &address(&team.pat))),
            wanted(team.workspace, reset(links[1], &address(&team.sue))),
            // The same address, but a mail of another workspace.
            wanted(elsewhere, notice("password_changed", &address(&team.pat))),
        ])
        .await;
    house.until_states(&[("sent", 3)]).await;
    let admin = TestCaller::new(team.workspace, Role::Admin);
    let observer = TestCaller::new(team.workspace, Role::Observer);
    let foreign = TestCaller::new(elsewhere, Role::Admin);
    let (pats, sues) = (address(&team.pat), address(&team.sue));
    let table: [(&TestCaller, &[&str]); 6] = [
        (&admin, &[&sues, &pats]),
        (&team.pat, &[&pats]),
        // A supervisor sees the mails about changes, and of these only her own.
        (&team.sue, &[&sues]),
        (&team.kim, &[]),
        (&observer, &[]),
        (&foreign, &[&pats]),
    ];
    let all = house.items(&admin, "/api/mailbox").await;
    for (who, expected) in table {
        let seen = house.items(who, "/api/mailbox").await;
        let to: Vec<_> = seen.iter().map(|mail| mail["to"].as_str().unwrap()).collect();
        assert_eq!(to, expected, "{}", who.name);
        for mail in &all {
            let path = format!("/api/mailbox/{}", mail["id"].as_str().unwrap());
            let answer = house.ask(who, Method::GET, &path, Value::Null).await;
            let status = if seen.contains(mail) {
                StatusCode::OK
            } else {
                StatusCode::NOT_FOUND
            };
            assert_eq!(answer.status, status, "{}", who.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_whose_sender_died_goes_again() {
    let auth = MockServer::start().await;
    let (workspace, link) = (Uuid::now_v7(), Uuid::now_v7());
    gives_the_link(link).mount(&auth).await;
    let house = house(&auth).await;
    house
        .hear(&[wanted(workspace, reset(link, "mina@example.com"))])
        .await;
    let mut conn = house.app.db.read().await.unwrap();
    let claims = claim(&mut conn, "ses", Duration::from_millis(1), 10)
        .await
        .unwrap();
    assert_eq!(claims[0].purpose.as_str(), "account");
    eventually(SOON, async || {
        (lapse(&mut conn).await.unwrap() == 1).then_some(())
    })
    .await;
    assert_eq!(store::states(&house.db).await["pending"], 1);
    house.work();
    house.until_states(&[("sent", 1)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_whose_answer_was_lost_goes_again() {
    let server = SmtpStandIn::down(Manner::Vanishes);
    server.up();
    let house = House::without_workers(&[
        ("mail.channel", "smtp".to_owned()),
        ("mail.from", "Onus <onus@example.com>".to_owned()),
        ("smtp.port", server.port().to_string()),
    ])
    .await;
    let mail = notice("second_factor_off", "pat@example.com");
    house.hear(&[wanted(Uuid::now_v7(), mail)]).await;
    house.work();
    eventually(SOON, async || (server.taken().len() > 1).then_some(())).await;
    server.behave(Manner::Takes);
    house.until_states(&[("sent", 1)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_of_mail_that_is_not_known_yet_holds_up_no_other() {
    let auth = MockServer::start().await;
    let workspace = Uuid::now_v7();
    let house = house(&auth).await;
    house.work();
    let known = wanted(workspace, notice("password_changed", "pat@example.com"));
    let unknown = wanted(workspace, notice("password_changed", "pat@example.com"));
    let unknown_body = unknown
        .to_json()
        .unwrap()
        .replace("\"security_notice\"", "\"birthday_card\"");
    for (event, body) in [(&unknown, unknown_body), (&known, known.to_json().unwrap())] {
        let entry = Outgoing {
            id: Uuid::now_v7(),
            group: event.stream.to_string(),
            body,
        };
        assert_eq!(house.queue.send("notify", &[entry]).await.unwrap(), [Ok(())]);
    }
    house.until_states(&[("sent", 1)]).await;
    let kept = "SELECT stream AS text FROM quarantine WHERE body LIKE '%birthday_card%'";
    let stream = eventually(SOON, async || store::text(&house.db, kept).await).await;
    assert_eq!(stream, unknown.stream.to_string());
}
