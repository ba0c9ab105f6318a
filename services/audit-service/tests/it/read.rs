//! What can be asked: filters, pages, one's own workspace only, and answers to bad questions.

use contracts::{Change, Event, EventType, Stream};
use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{House, Team, events_of, ids};

fn event(change: Change) -> Event {
    change.into_event(None).unwrap()
}

fn percent(text: &str) -> String {
    text.replace('+', "%2B").replace(':', "%3A")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_shows_who_changed_what_from_which_value_to_which() {
    let house = House::start().await;
    let team = Team::new();
    let task = Uuid::now_v7();
    let change = team.change(task, 1, "edited").titled("릴리스 노트");
    let change = change.field("deadline", Value::Null, json!("2026-12-01T08:00:00Z"));
    let event = event(change.field("title", json!("Notes"), json!("릴리스 노트")));
    house.send(std::slice::from_ref(&event)).await;
    let log = house.log_of(team.workspace, 1).await;
    let expected = json!({
        "index": 0,
        "event_id": event.id,
        "type": "task.changed",
        "kind": "edited",
        "stream": format!("task/{task}"),
        "task_id": task,
        "board_id": team.board,
        "version": 1,
        "actor": {"id": team.actor, "name": "Mina"},
        "time": event.time,
        "title": "릴리스 노트",
        "fields": [
            {"name": "deadline", "before": null, "after": "2026-12-01T08:00:00Z"},
            {"name": "title", "before": "Notes", "after": "릴리스 노트"},
        ],
        "erased": false,
    });
    assert_eq!(log[0], expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_without_its_values_still_says_what_was_done() {
    let house = House::start().await;
    let team = Team::new();
    let task = Uuid::now_v7();
    let mut event = event(
        team.change(task, 1, "edited")
            .field("title", json!("a"), json!("b")),
    );
    event.data.particulars = None;
    house.send(&[event]).await;
    let log = house.log_of(team.workspace, 1).await;
    assert_eq!(log[0]["erased"], json!(true));
    assert_eq!(log[0]["actor"], json!({"id": team.actor, "name": null}));
    assert_eq!(
        log[0]["fields"],
        json!([{"name": "title", "before": null, "after": null}])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_filter_finds_its_entries_and_all_combine() {
    let house = House::start().await;
    let team = Team::new();
    let other = Team {
        board: Uuid::now_v7(),
        actor: Uuid::now_v7(),
        ..team
    };
    let (task, second, column) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    let at = |hour: &str| format!("2026-03-01T{hour}:00:00Z").parse().unwrap();
    let column = Change::new(
        EventType::ColumnChanged,
        "/task-service",
        team.workspace,
        Stream::column(column),
        1,
        "moved",
    );
    let board = Stream::board(team.board);
    let board = Change::new(
        EventType::BoardChanged,
        "/task-service",
        team.workspace,
        board,
        1,
        "created",
    );
    let events = [
        event(board.at(at("08")).by(team.actor, "Mina")),
        event(team.change(task, 1, "created").at(at("09"))),
        event(team.change(task, 2, "moved").at(at("10"))),
        event(other.change(second, 1, "created").at(at("11"))),
        event(column.on_board(team.board, "Launch").at(at("12"))),
    ];
    house.send(&events).await;
    house.log_of(team.workspace, 5).await;
    let found = async |query: String| {
        let mut found = events_of(&house.entries(team.workspace, &query).await);
        found.reverse();
        found
            .iter()
            .map(|id| events.iter().position(|event| event.id == *id).unwrap())
            .collect::<Vec<usize>>()
    };
    // Streams have an order, one by one; between them the log's order is the order of arrival.
    let sorted = async |query: String| {
        let mut found = found(query).await;
        found.sort_unstable();
        found
    };
    assert_eq!(found(format!("?task={task}")).await, [1, 2]);
    assert_eq!(sorted(format!("?board={}", team.board)).await, [0, 1, 2, 4]);
    assert_eq!(sorted(format!("?board={}", other.board)).await, [3]);
    assert_eq!(sorted(format!("?actor={}", team.actor)).await, [0, 1, 2]);
    assert_eq!(sorted("?kind=created".to_owned()).await, [0, 1, 3]);
    assert_eq!(sorted("?from=2026-03-01T10:00:00Z".to_owned()).await, [2, 3, 4]);
    assert_eq!(sorted("?to=2026-03-01T10:00:00Z".to_owned()).await, [0, 1]);
    let korean = percent("2026-03-01T18:00:00+09:00");
    assert_eq!(
        sorted(format!("?from={korean}&to=2026-03-01T11:00:00Z")).await,
        [1, 2]
    );
    assert_eq!(
        sorted(format!("?task={task}&kind=moved&actor={}", team.actor)).await,
        [2]
    );
    assert_eq!(
        sorted(format!("?task={task}&actor={}", other.actor)).await,
        [0; 0]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other_while_the_log_grows() {
    let house = House::start().await;
    let team = Team::new();
    let task = Uuid::now_v7();
    let events = team.history(task, 1..=23);
    house.send(&events).await;
    house.log_of(team.workspace, 23).await;
    let mut seen = Vec::new();
    let mut cursor = String::new();
    let mut sizes = Vec::new();
    loop {
        let (status, page) = house
            .ask(team.workspace, &format!("?task={task}&limit=10{cursor}"))
            .await;
        assert_eq!(status, StatusCode::OK);
        let items = page["items"].as_array().unwrap();
        sizes.push(items.len());
        seen.extend(events_of(items));
        if sizes.len() == 1 {
            house.send(&team.history(task, 24..=24)).await;
            house.log_of(team.workspace, 24).await;
        }
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    seen.reverse();
    assert_eq!(sizes, [10, 10, 3]);
    assert_eq!(seen, ids(&events));
}

#[tokio::test(flavor = "multi_thread")]
async fn other_workspaces_do_not_exist() {
    let house = House::start().await;
    let (ours, theirs) = (Team::new(), Team::new());
    let (our_task, their_task) = (Uuid::now_v7(), Uuid::now_v7());
    house.send(&ours.history(our_task, 1..=2)).await;
    house.send(&theirs.history(their_task, 1..=3)).await;
    house.log_of(theirs.workspace, 3).await;
    let log = house.log_of(ours.workspace, 2).await;
    assert!(log.iter().all(|entry| entry["task_id"] == json!(our_task)));
    for query in [
        format!("?task={their_task}"),
        format!("?board={}", theirs.board),
        format!("?actor={}", theirs.actor),
        format!("?task={}", Uuid::now_v7()),
    ] {
        let (status, page) = house.ask(ours.workspace, &query).await;
        assert_eq!(
            (status, page),
            (StatusCode::OK, json!({"items": [], "next": null})),
            "{query}"
        );
    }
    let (_, page) = house.ask(theirs.workspace, "?limit=1").await;
    let cursor = page["next"].as_str().unwrap();
    let entries = house.entries(ours.workspace, &format!("?cursor={cursor}")).await;
    assert!(entries.iter().all(|entry| entry["task_id"] == json!(our_task)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_question_is_named() {
    let house = House::start().await;
    let workspace = Uuid::now_v7();
    let huge = format!("?kind={}", "x".repeat(3_000));
    let cases = [
        ("task", "?task=seven"),
        ("board", "?board="),
        ("actor", "?actor=00000000-0000-0000-0000-00000000000g"),
        ("kind", "?kind="),
        ("kind", "?kind=mo%00ved"),
        ("kind", "?kind=a%20b"),
        ("kind", &huge),
        ("from", "?from=yesterday"),
        ("from", "?from=2026-13-01T00:00:00Z"),
        ("from", "?from=-4800-01-01T00:00:00Z"),
        ("to", "?to=%2B12026-01-01T00:00:00Z"),
        ("to", "?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z"),
        ("limit", "?limit=0"),
        ("limit", "?limit=-1"),
        ("limit", "?limit=201"),
        ("limit", "?limit=many"),
        ("cursor", "?cursor=nonsense"),
        ("cursor", "?cursor=-5"),
        ("cursor", "?cursor=LTU"),
        ("cursor", "?cursor=LTkyMjMzNzIwMzY4NTQ3NzU4MDg"),
        ("colour", "?colour=red"),
        (
            "task",
            "?task=00000000-0000-0000-0000-000000000001&task=00000000-0000-0000-0000-000000000002",
        ),
    ];
    for (field, query) in cases {
        let (status, problem) = house.ask(workspace, query).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {problem}");
        assert_eq!(problem["errors"][0]["field"], json!(field), "{query}: {problem}");
        assert!(problem["request_id"].is_string());
    }
    let (status, _) = house.ask(workspace, "?from=9999-12-31T23:59:59Z").await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_are_signed_in_may_ask() {
    let house = House::start().await;
    let (status, problem) = house.ask_with("no.such.token", "").await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::UNAUTHORIZED, &json!("unauthenticated"))
    );
}
