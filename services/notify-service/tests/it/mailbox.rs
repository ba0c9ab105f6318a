//! The channel `mailbox`: what is written, how changes are gathered, who sees what.

use chrono::{TimeDelta, Utc};
use policy::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use test_kit::TestCaller;
use uuid::Uuid;

use crate::house::{House, Team};
use crate::store;

#[tokio::test(flavor = "multi_thread")]
async fn a_move_is_mailed_to_the_person_in_charge_and_not_to_the_actor() {
    let house = House::start().await;
    let team = Team::new();
    house.hear(&team.joined()).await;
    let task = Uuid::now_v7();
    let own = team.change(Uuid::now_v7(), 2, "moved").by(team.pat.person, "Pat");
    let own = own
        .people(Some(team.pat.person), team.pat.person)
        .into_event(None)
        .unwrap();
    house.hear(&[team.moved(task, 2), own]).await;
    house.until_states(&[("sent", 1)]).await;
    let mails = house.items(&team.sue, "/api/mailbox").await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0]["to"], json!(format!("{}@example.com", team.pat.person)));
    assert_eq!(
        mails[0]["subject"],
        json!("[House] Paint the door — Sue moved the task")
    );
    let mail = house
        .get(
            &team.pat,
            &format!("/api/mailbox/{}", mails[0]["id"].as_str().unwrap()),
        )
        .await;
    let text = mail["text"].as_str().unwrap();
    assert!(text.contains("Column: To do → Doing"), "{text}");
    let link = format!("https://onus.example/boards/{}?task={task}", team.board);
    assert!(text.contains(&link), "{text}");
    assert!(
        mail["html"]
            .as_str()
            .unwrap()
            .contains("<strong style=\"font-weight:600;\">Doing</strong>")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_close_together_share_a_mail_and_each_task_has_its_own() {
    let house = House::without_workers(&[]).await;
    let team = Team::new();
    house.hear(&team.joined()).await;
    let (door, roof) = (Uuid::now_v7(), Uuid::now_v7());
    house.hear(&[team.moved(door, 2), team.moved(roof, 2)]).await;
    house.hear(&[team.moved(door, 3)]).await;
    let comment = team
        .change(door, 4, "commented")
        .field("comment", Value::Null, json!("Looks <b>good</b>"));
    house.hear(&[comment.into_event(None).unwrap()]).await;
    assert_eq!(store::states(&house.db).await["pending"], 2);
    house.work();
    house.until_states(&[("sent", 2)]).await;
    let mails = house.items(&team.pat, "/api/mailbox").await;
    let subjects: Vec<_> = mails
        .iter()
        .map(|mail| mail["subject"].as_str().unwrap())
        .collect();
    assert!(
        subjects.contains(&"[House] Paint the door — 3 changes"),
        "{subjects:?}"
    );
    let folded = mails
        .iter()
        .find(|mail| mail["subject"].as_str().unwrap().ends_with("3 changes"))
        .unwrap();
    let mail = house
        .get(
            &team.pat,
            &format!("/api/mailbox/{}", folded["id"].as_str().unwrap()),
        )
        .await;
    assert!(mail["html"].as_str().unwrap().contains("Looks &lt;b&gt;good&lt;"));
    // A change after the mail has gone begins a new one.
    house.hear(&[team.moved(door, 5)]).await;
    house.until_states(&[("sent", 3)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn old_changes_are_shown_and_not_mailed() {
    let house = House::start().await;
    let team = Team::new();
    house.hear(&team.joined()).await;
    let old = team
        .change(Uuid::now_v7(), 2, "moved")
        .at(Utc::now() - TimeDelta::hours(25));
    house.hear(&[old.into_event(None).unwrap()]).await;
    house.hear(&[team.moved(Uuid::now_v7(), 2)]).await;
    house.until_states(&[("sent", 1)]).await;
    assert_eq!(house.items(&team.pat, "/api/notifications").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_their_own_mails_and_supervisors_those_of_the_workspace() {
    let house = House::start().await;
    let team = Team::new();
    house.hear(&team.joined()).await;
    house.hear(&[team.moved(Uuid::now_v7(), 2)]).await;
    house.until_states(&[("sent", 1)]).await;
    let id = house.items(&team.pat, "/api/mailbox").await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let admin = TestCaller::new(team.workspace, Role::Admin);
    let observer = TestCaller::new(team.workspace, Role::Observer);
    let stranger = TestCaller::new(Uuid::now_v7(), Role::Admin);
    for (who, sees) in [
        (&team.pat, true),
        (&team.sue, true),
        (&admin, true),
        (&team.kim, false),
        (&observer, false),
        (&stranger, false),
    ] {
        assert_eq!(
            house.items(who, "/api/mailbox").await.len(),
            usize::from(sees),
            "{}",
            who.name
        );
        let one = house
            .ask(who, Method::GET, &format!("/api/mailbox/{id}"), Value::Null)
            .await;
        assert_eq!(
            one.status,
            if sees {
                StatusCode::OK
            } else {
                StatusCode::NOT_FOUND
            },
            "{}",
            who.name
        );
    }
    for path in [
        "/api/mailbox/x",
        "/api/mailbox/00000000-0000-0000-0000-000000000000",
    ] {
        let answer = house.ask(&team.sue, Method::GET, path, Value::Null).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let answer = house
        .ask(&team.sue, Method::GET, "/api/mailbox?limit=0", Value::Null)
        .await;
    assert_eq!(answer.fields(), ["limit"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_no_mailbox_where_mail_is_sent() {
    let house = House::without_workers(&[("mail.channel", "smtp".to_owned())]).await;
    let admin = TestCaller::new(Uuid::now_v7(), Role::Admin);
    let id = Uuid::now_v7();
    for path in ["/api/mailbox".to_owned(), format!("/api/mailbox/{id}")] {
        assert_eq!(
            house.ask(&admin, Method::GET, &path, Value::Null).await.status,
            StatusCode::NOT_FOUND
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_that_died_repeats_nothing_but_what_is_harmless() {
    use notify_service::store::deliveries::claim;
    let house = House::without_workers(&[]).await;
    let team = Team::new();
    house.hear(&team.joined()).await;
    house.hear(&[team.moved(Uuid::now_v7(), 2)]).await;
    let soon = std::time::Duration::from_millis(1);
    for via in ["ses", "mailbox"] {
        // A process claims the mail and dies.
        let claims = test_kit::eventually(crate::house::SOON, async || {
            let mut conn = house.app.db.read().await.unwrap();
            let claims = claim(&mut conn, via, soon, 10).await.unwrap();
            (!claims.is_empty()).then_some(claims)
        })
        .await;
        assert_eq!(claims.len(), 1);
        if via == "ses" {
            let mut conn = house.app.db.read().await.unwrap();
            test_kit::eventually(crate::house::SOON, async || {
                use notify_service::store::deliveries::lapse;
                (lapse(&mut conn).await.unwrap() == 1).then_some(())
            })
            .await;
            assert_eq!(store::states(&house.db).await["unknown"], 1);
            store::run(&house.db, "UPDATE delivery SET state = 'pending'").await;
        }
    }
    // The mailbox knows a repeated delivery, so the next sender takes it up again.
    house.work();
    house.until_states(&[("sent", 1)]).await;
    assert_eq!(house.items(&team.pat, "/api/mailbox").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_that_waited_too_long_is_given_up() {
    let house = House::without_workers(&[]).await;
    let team = Team::new();
    house.hear(&team.joined()).await;
    house.hear(&[team.moved(Uuid::now_v7(), 2)]).await;
    store::run(
        &house.db,
        "UPDATE delivery SET created_at = now() - interval '73 hours'",
    )
    .await;
    house.work();
    house.until_states(&[("failed", 1)]).await;
    assert!(house.items(&team.pat, "/api/mailbox").await.is_empty());
}
