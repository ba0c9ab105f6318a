//! Erasing a person: nowhere in the house is anything left that says who they were, and every record still stands.

use contracts::{Change, Event, EventType, MailCommand, Stream};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use test_kit::eventually;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::house::House;
use crate::traces::{ADDRESS, NAME, OLD_NAME, SOON, hits, records, settled};

/// A board with a task.
async fn task(house: &House, by: &Value, pic: &Value) -> Value {
    let board = house.create("/api/boards", by, &json!({ "name": "Board" })).await;
    let path = format!("/api/boards/{}", board["id"].as_str().expect("an id"));
    let page = house.get(&path, by).await;
    let body =
        json!({ "title": "Glass", "column_id": page["columns"][0]["id"], "pic_id": pic["person"]["id"] });
    house.create(&format!("{path}/tasks"), by, &body).await
}

fn id(value: &Value) -> Uuid {
    value.as_str().expect("an id").parse().expect("an id")
}

/// Lets the person leave traces everywhere; gives a session of theirs and the task they worked on.
async fn live(house: &House, admin: &Value) -> (Value, Value) {
    // A link that leads nowhere, since they come by an invitation in the end.
    house.ask_to_sign_up(ADDRESS).await;
    let person = house.join_as(admin, ADDRESS, "admin", OLD_NAME).await;
    let rename = json!({ "name": NAME });
    let (status, answer) = house
        .send(Method::PATCH, "/api/auth/me", &person, Some((&rename, 1)))
        .await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let (_, person) = house.sign_in_by(ADDRESS).await;
    let wrong = json!({ "email": ADDRESS, "password": "not the password" });
    let (status, _) = house
        .send(Method::POST, "/api/auth/sign-in", &Value::Null, Some((&wrong, 0)))
        .await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);

    let theirs = task(house, &person, admin).await;
    let path = format!("/api/tasks/{}", theirs["id"].as_str().expect("an id"));
    let comment = json!({ "body": "I ordered it." });
    house.create(&format!("{path}/comments"), &person, &comment).await;
    // To others' mail and inbox, and to their own.
    let hand_over = json!({ "pic_id": person["person"]["id"] });
    let version = house.get(&path, admin).await["version"]
        .as_i64()
        .expect("a version");
    let (status, answer) = house
        .send(Method::PATCH, &path, admin, Some((&hand_over, version)))
        .await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let wish = json!({ "mail": "all" });
    house
        .send(Method::PATCH, "/api/preferences", &person, Some((&wish, 0)))
        .await;
    // Mails of the account, in the person's name, and to an address that another workspace wrote down.
    let forgot = json!({ "email": ADDRESS });
    house
        .send(
            Method::POST,
            "/api/auth/password/forgot",
            &Value::Null,
            Some((&forgot, 0)),
        )
        .await;
    let invited = json!({ "email": "friend@example.com", "role": "pic" });
    house.create("/api/invitations", &person, &invited).await;
    let foreign = house.sign_up("foreign@example.com").await;
    let invited = json!({ "email": ADDRESS, "role": "pic" });
    house.create("/api/invitations", &foreign, &invited).await;
    (person, theirs)
}

async fn erase(house: &House, person: &Value) {
    let body = json!({ "email": ADDRESS.to_uppercase() });
    let (status, answer) = house
        .send(Method::POST, "/api/auth/me/erase", person, Some((&body, 0)))
        .await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{answer}");
}

/// Events as they might come late, from a queue that was away for long.
fn late(person: &Value, admin: &Value, forgotten_mail: &Value) -> Vec<(&'static str, Event)> {
    let (workspace, who) = (
        id(&person["person"]["workspace"]["id"]),
        id(&person["person"]["id"]),
    );
    let change = |kind: EventType, source: &str, stream: Stream, what: &str| {
        Change::new(kind, source, workspace, stream, 1, what)
    };
    let task = change(
        EventType::TaskChanged,
        "/task-service",
        Stream::task(Uuid::now_v7()),
        "edited",
    )
    .by(who, NAME)
    .titled("Late")
    .people(None, id(&admin["person"]["id"]));
    let incident = change(
        EventType::SecurityLogged,
        "/auth-service",
        Stream::security(Uuid::now_v7()),
        "sign_in_refused",
    )
    .titled(NAME)
    .field("account", Value::Null, json!(who))
    .field("place", Value::Null, json!(ADDRESS));
    let mail = change(
        EventType::MailRequested,
        "/auth-service",
        Stream::mail(Uuid::now_v7()),
        "reset",
    )
    .mail(MailCommand::PasswordReset {
        link: Uuid::now_v7(),
        email: ADDRESS.to_owned(),
        language: "en".to_owned(),
        name: NAME.to_owned(),
    });
    let event = |change: Change| change.into_event(None).expect("an event");
    let (task, incident) = (event(task), event(incident));
    // Under the id of the event that was forgotten, and on a stream of its own, so that no inbox has seen it.
    let mail = Event {
        id: id(&forgotten_mail["id"]),
        ..event(mail)
    };
    vec![
        ("audit", task.clone()),
        ("notify", task),
        ("audit", incident),
        ("notify", mail),
    ]
}

/// The values that stayed still open the commitments of their records.
async fn check_commitments(house: &House, task: &Value) {
    let stream = Stream::task(id(&task["id"]));
    let mut opened = 0;
    for event in house.events("/task-service", stream.as_str()).await {
        let event = Event::parse(&event.to_string()).expect("an event");
        let record = event.data.record.parse().expect("a record");
        let particulars = event.data.particulars.expect("values");
        for field in record.fields {
            let values = &particulars.fields[&field.name];
            for (value, commitment) in [(&values.before, field.before), (&values.after, field.after)] {
                let opens = match (value, commitment) {
                    (Some(value), Some(commitment)) => value.opens(&commitment),
                    (None, None) => continue,
                    _ => false,
                };
                assert!(opens, "{}", field.name);
                opened += 1;
            }
        }
    }
    assert!(opened > 3, "only {opened} values");
}

async fn queue(sql: &Client, queue: &str, stream: &str, body: &str) {
    sql.execute(
        "select bus.send($1, array[$2::text::uuid], array[$3], array[$4])",
        &[&queue, &Uuid::now_v7().to_string(), &stream, &body],
    )
    .await
    .expect("a message");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_left_of_who_they_were_and_every_record_stands() {
    let house = House::start_open().await;
    let admin = house.sign_up("admin@example.com").await;
    let (person, theirs) = live(&house, &admin).await;
    let sql = house.sql().await;
    settled(&sql).await;
    let before = hits(&sql).await;
    for table in [
        "auth.person",
        "auth.event_log",
        "auth.invitation",
        "task.person",
        "task.event_log",
        "task.comment",
        "audit.particulars",
        "notify.person",
        "notify.notification",
        "notify.account_mail",
        "notify.invitation_mail",
        "notify.mail",
    ] {
        assert!(
            before.iter().any(|hit| hit.starts_with(table)),
            "no trace in {table}"
        );
    }
    let logged = records(&sql).await;
    let stream = Stream::person(
        id(&person["person"]["workspace"]["id"]),
        id(&person["person"]["id"]),
    );
    let known = house.events("/auth-service", stream.as_str()).await;
    let mail: String = sql
        .query_one(
            "select stream from auth.event_log where stream like 'mail/%' limit 1",
            &[],
        )
        .await
        .expect("a mail")
        .get(0);
    let mail = house.events("/auth-service", &mail).await.remove(0);

    // A queue that nobody reads must not remember them either.
    for event in &known {
        queue(&sql, "nobody", stream.as_str(), &event.to_string()).await;
    }
    erase(&house, &person).await;
    settled(&sql).await;
    let left = hits(&sql).await;
    assert!(left.is_empty(), "{left:#?}");

    // Not one byte of what was logged is another, and the values that stayed still open their commitments.
    let after = records(&sql).await;
    assert_eq!(&after[..logged.len()], &logged[..]);
    let broken = sql
        .query_one(
            "select count(*) from audit.entry e join task.event_log l on l.event_id = e.event_id
             where convert_from(e.record, 'UTF8') <> l.record",
            &[],
        )
        .await
        .expect("a comparison");
    assert_eq!(broken.get::<_, i64>(0), 0);
    check_commitments(&house, &theirs).await;
    let page = house
        .get(
            &format!(
                "/api/audit/entries?task={}",
                theirs["id"].as_str().expect("an id")
            ),
            &admin,
        )
        .await;
    let entries = page["items"].as_array().expect("entries");
    let created = entries
        .iter()
        .find(|entry| entry["kind"] == "created")
        .expect("the first");
    assert_eq!(created["actor"]["name"], "Former member");
    assert_eq!(
        (&created["title"], &created["erased"]),
        (&json!("Glass"), &json!(false))
    );
    let page = house
        .get(
            &format!(
                "/api/audit/entries?actor={}&kind=joined",
                person["person"]["id"].as_str().expect("an id")
            ),
            &admin,
        )
        .await;
    let joined = &page["items"][0];
    assert_eq!(
        (&joined["title"], &joined["erased"]),
        (&json!("Former member"), &json!(true))
    );
    let path = format!("/api/tasks/{}/comments", theirs["id"].as_str().expect("an id"));
    let comments = house.get(&path, &admin).await;
    assert_eq!(comments["items"][0]["body"], "I ordered it.");
    assert!(comments.to_string().contains("Former member"), "{comments}");

    // What comes again, and what comes late, brings nothing back.
    for event in &known {
        for consumer in ["audit", "notify", "task"] {
            queue(&sql, consumer, stream.as_str(), &event.to_string()).await;
        }
    }
    for (consumer, event) in late(&person, &admin, &mail) {
        let body = event.to_json().expect("an event");
        queue(&sql, consumer, event.stream.as_str(), &body).await;
    }
    settled(&sql).await;
    let left = hits(&sql).await;
    assert!(left.is_empty(), "{left:#?}");
    assert_eq!(
        records(&sql).await.len(),
        after.len() + 2,
        "what came late is logged"
    );
    let notices = house.get("/api/notifications", &admin).await;
    assert_eq!(notices["items"][0]["title"], "Late", "whom it concerns is told");
    assert_eq!(notices["items"][0]["actor_name"], "Former member");
    let parked = "select (select count(*) from audit.quarantine) + (select count(*) from notify.quarantine)
        + (select count(*) from task.quarantine)";
    assert_eq!(
        sql.query_one(parked, &[])
            .await
            .expect("a count")
            .get::<_, i64>(0),
        0
    );

    // Nobody gets in as them, and the address is anybody's.
    let (status, _) = house.send(Method::GET, "/api/auth/me", &person, None).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let (status, _) = house.sign_in_by(ADDRESS).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let again = house.sign_up(ADDRESS).await;
    assert_ne!(again["person"]["id"], person["person"]["id"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_consumer_that_lost_its_queue_learns_no_more_than_the_others() {
    let house = House::start_open().await;
    let admin = house.sign_up("admin@example.com").await;
    let (person, _) = live(&house, &admin).await;
    let sql = house.sql().await;
    settled(&sql).await;
    erase(&house, &person).await;
    settled(&sql).await;
    // As if task-service and notify-service had never heard of the person: they fetch everything from the producer's log.
    let stream = Stream::person(
        id(&person["person"]["workspace"]["id"]),
        id(&person["person"]["id"]),
    );
    for schema in ["task", "notify"] {
        for statement in [
            format!("delete from {schema}.inbox where stream = '{stream}'"),
            format!(
                "delete from {schema}.person where workspace_id = '{}'",
                person["person"]["workspace"]["id"].as_str().expect("an id")
            ),
            format!(
                "insert into {schema}.inbox_gap (queue, source, stream, known) values ('{schema}', '/auth-service', '{stream}', 4)"
            ),
        ] {
            sql.execute(&statement, &[]).await.expect("a forgetful consumer");
        }
    }
    eventually(SOON, async || {
        let healed = "select (select count(*) from task.person where name = 'Former member' and removed)
            + (select count(*) from notify.person where erased)";
        let healed: i64 = sql.query_one(healed, &[]).await.expect("a count").get(0);
        (healed == 2).then_some(())
    })
    .await;
    let left = hits(&sql).await;
    assert!(left.is_empty(), "{left:#?}");
}
