//! What the service knows of people, and whom it lets be in charge.

use contracts::{Change, Event, EventType, PersonState, Stream};
use policy::Role;
use reqwest::StatusCode;
use secrecy::SecretString;
use serde_json::{Value, json};
use test_kit::{eventually, person_joined};

use crate::support::{Person, SOON, World, id_of, version_of};

/// What auth-service would publish.
fn changed(person: &Person, version: i64, what: &str, (role, epoch, removed): (Role, i64, bool)) -> Event {
    let caller = &person.caller;
    let stream = Stream::person(caller.workspace, person.id);
    Change::new(
        EventType::UserChanged,
        "/auth-service",
        caller.workspace,
        stream,
        version,
        what,
    )
    .person(PersonState {
        id: person.id,
        name: caller.name.clone(),
        email: "a@example.com".to_owned(),
        language: "ko".to_owned(),
        time_zone: "Asia/Seoul".to_owned(),
        role: role.to_string(),
        epoch,
        removed,
    })
    .into_event(None)
    .unwrap()
}

/// Puts an event into the service's queue.
async fn publish(world: &World, event: &Event) {
    let settings: messaging::Settings = serde_json::from_value(json!({})).unwrap();
    let db = world.db.database("task");
    let transport = messaging::transport(&settings, &db).await.unwrap();
    let entry = messaging::Outgoing {
        id: event.id,
        group: event.stream.to_string(),
        body: event.to_json().unwrap(),
    };
    transport
        .send("task", &[entry])
        .await
        .unwrap()
        .into_iter()
        .for_each(|sent| sent.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn people_arrive_by_the_bus_and_their_new_role_ends_old_tokens() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let person = world.stranger(world.workspace, Role::Supervisor);
    let task = lead.task(&board, "t").await;
    let path = format!("/api/tasks/{}", id_of(&task));
    lead.patch(&path, 1, &json!({"pic_id": person.id}))
        .refused(422, &["pic_id"])
        .await;
    publish(
        &world,
        &person_joined(world.workspace, person.id, "새 사람", Role::Supervisor),
    )
    .await;
    let edited = eventually(SOON, async || {
        let answer = lead.patch(&path, 1, &json!({"pic_id": person.id})).send().await;
        (answer.status == 200).then_some(answer.body)
    })
    .await;
    person
        .patch(&path, version_of(&edited), &json!({"title": "still good"}))
        .ok()
        .await;

    publish(
        &world,
        &changed(&person, 2, "role_changed", (Role::Pic, 2, false)),
    )
    .await;
    eventually(SOON, async || {
        (person.get(&path).send().await.status == 401).then_some(())
    })
    .await;
    let outdated = person
        .patch(&path, 3, &json!({"title": "too late"}))
        .refused(401, &[])
        .await;
    assert_eq!(outdated["code"], json!("unauthenticated"));
    person
        .move_task(&edited, &json!({"column_id": board.columns[1]}))
        .refused(401, &[])
        .await;
    person.delete(&path, 3).refused(401, &[]).await;
    person
        .post(&format!("{path}/comments"), &json!({"body": "c"}))
        .refused(401, &[])
        .await;
    let body = json!({"title": "t", "column_id": board.columns[0]});
    person
        .post(&format!("/api/boards/{}/tasks", board.id), &body)
        .refused(401, &[])
        .await;
    person
        .post("/api/boards", &json!({"name": "b"}))
        .refused(401, &[])
        .await;
    for path in [
        "/api/boards".to_owned(),
        format!("/api/boards/{}", board.id),
        "/api/tasks".to_owned(),
    ] {
        person.get(&path).refused(401, &[]).await;
    }

    publish(&world, &changed(&person, 3, "removed", (Role::Pic, 3, true))).await;
    eventually(SOON, async || {
        let answer = lead.task_with_pic(&board, person.id).await;
        (answer == StatusCode::UNPROCESSABLE_ENTITY).then_some(())
    })
    .await;
    // Who has left stays in charge of what they had, for the board to show.
    assert_eq!(lead.get(&path).ok().await["pic_id"], json!(person.id));
    lead.patch(&path, 3, &json!({"title": "later", "pic_id": person.id}))
        .ok()
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_members_who_work_can_be_in_charge() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let observer = world.person(Role::Observer).await;
    let board = lead.board().await;
    let foreign = world.stranger(uuid::Uuid::now_v7(), Role::Pic);
    world.know(&foreign.caller).await;
    for nobody in [observer.id, foreign.id, uuid::Uuid::now_v7()] {
        assert_eq!(
            lead.task_with_pic(&board, nobody).await,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let task = lead.task(&board, "t").await;
        let path = format!("/api/tasks/{}", id_of(&task));
        lead.patch(&path, 1, &json!({"pic_id": nobody}))
            .refused(422, &["pic_id"])
            .await;
    }
    for role in [Role::Admin, Role::Supervisor, Role::Pic] {
        let person = world.person(role).await;
        assert_eq!(
            lead.task_with_pic(&board, person.id).await,
            StatusCode::CREATED,
            "{role}"
        );
    }
    // Somebody who has just signed up is not known here yet: for themselves the token's word counts.
    let new = world.stranger(world.workspace, Role::Admin);
    assert_eq!(new.task_with_pic(&board, new.id).await, StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread")]
async fn missed_events_can_be_fetched_by_their_consumers_alone() {
    let world = World::start().await;
    let lead = world.person(Role::Supervisor).await;
    let board = lead.board().await;
    let (client, base) = (&world.replica.client, &world.replica.internal);
    let url = format!(
        "{base}/internal/events?source=/task-service&stream=board/{}",
        board.id
    );
    assert_eq!(client.get(&url).send().await.unwrap().status(), 401);
    assert_eq!(
        client
            .get(&url)
            .bearer_auth(&lead.token)
            .send()
            .await
            .unwrap()
            .status(),
        401
    );
    let stranger = client
        .get(&url)
        .bearer_auth(world.issuer.service_token("task-service"))
        .send()
        .await
        .unwrap();
    assert_eq!(stranger.status(), 403);
    let answer = client
        .get(&url)
        .bearer_auth(world.issuer.service_token("audit-service"))
        .send()
        .await
        .unwrap();
    let events: Value = answer.json().await.unwrap();
    assert_eq!(events["items"][0]["type"], json!("board.changed"));
    let outside = lead.get("/internal/heads").send().await;
    assert_eq!(outside.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_migrations_go_down_and_up_again() {
    use web_kit::Service as _;
    let schema = task_service::TaskService::schema();
    let db = test_kit::TestDb::new(&[schema]).await;
    let url = SecretString::from(db.admin_url());
    let before = shape(&db).await;
    assert!(before.contains("task_place"));
    postgres::revert_all(&url, &schema).await.unwrap();
    assert!(!shape(&db).await.contains("task_place"));
    postgres::migrate(&url, &schema).await.unwrap();
    assert_eq!(shape(&db).await, before);
}

/// All columns, indexes and constraints of the schema as text.
async fn shape(db: &test_kit::TestDb) -> String {
    let (client, connection) = tokio_postgres::connect(&db.admin_url(), tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    let sql = "SELECT coalesce(string_agg(line, E'\\n' ORDER BY line), '') FROM (
        SELECT format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) AS line
        FROM information_schema.columns WHERE table_schema = 'task'
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'task'
        UNION ALL SELECT format('%s %s', conrelid::regclass, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE connamespace = 'task'::regnamespace) AS lines";
    client.query_one(sql, &[]).await.unwrap().get(0)
}
