//! What arrives is appended: once, in order, whoever delivers it and however often.

use contracts::{Event, EventType, RecordBytes};
use futures::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{House, Team, events_of, ids};

/// The versions of a stream in the order of the log.
fn versions(log: &[Value], task: Uuid) -> Vec<i64> {
    let of_task = log.iter().filter(|entry| entry["task_id"] == json!(task));
    of_task.map(|entry| entry["version"].as_i64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_becomes_one_entry_in_order() {
    let house = House::start().await;
    let team = Team::new();
    let task = Uuid::now_v7();
    let events = team.history(task, 1..=12);
    house.send(&events).await;
    let log = house.log_of(team.workspace, 12).await;
    assert_eq!(events_of(&log), ids(&events));
    let indexes: Vec<i64> = log.iter().map(|entry| entry["index"].as_i64().unwrap()).collect();
    assert_eq!(indexes, (0..12).collect::<Vec<i64>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicates_are_dropped() {
    let house = House::start().await;
    let team = Team::new();
    let task = Uuid::now_v7();
    let events = team.history(task, 1..=5);
    for _ in 0..3 {
        house.send(&events).await;
    }
    house.send(&events[..1]).await;
    // An event of another stream, sent last: when it is there, the others were dealt with.
    let last = team.history(Uuid::now_v7(), 1..=1);
    house.send(&last).await;
    let log = house.log_of(team.workspace, 6).await;
    assert_eq!(log.len(), 6);
    assert_eq!(versions(&log, task), [1, 2, 3, 4, 5]);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_out_of_order_come_into_order() {
    let house = House::start().await;
    let team = Team::new();
    let task = Uuid::now_v7();
    let events = team.history(task, 1..=9);
    house.task.publish(&events).await;
    let mut shuffled = events.clone();
    shuffled.reverse();
    shuffled.swap(2, 6);
    house.send(&shuffled).await;
    let log = house.log_of(team.workspace, 9).await;
    assert_eq!(events_of(&log), ids(&events));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_replicas_leave_no_gap_and_append_nothing_twice() {
    let house = House::start().await;
    let _second = house.second_replica().await;
    let team = Team::new();
    let tasks: Vec<Uuid> = (0..8).map(|_| Uuid::now_v7()).collect();
    let histories: Vec<Vec<Event>> = tasks.iter().map(|task| team.history(*task, 1..=25)).collect();
    for history in &histories {
        house.task.publish(history).await;
    }
    join_all(histories.iter().map(|history| house.send(history))).await;
    let log = house.log_of(team.workspace, 200).await;
    assert_eq!(log.len(), 200);
    for (index, entry) in log.iter().enumerate() {
        assert_eq!(entry["index"], json!(index));
    }
    for task in tasks {
        assert_eq!(versions(&log, task), (1..=25).collect::<Vec<i64>>());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_types_and_kinds_are_kept() {
    let house = House::start().await;
    let team = Team::new();
    let task = Uuid::now_v7();
    let mut event = team
        .change(task, 1, "teleported")
        .field("place", Value::Null, json!({"x": 1}))
        .into_event(None)
        .unwrap();
    event.kind = EventType::from_wire("task.teleported");
    house.send(std::slice::from_ref(&event)).await;
    let log = house.log_of(team.workspace, 1).await;
    assert_eq!(log[0]["type"], json!("task.teleported"));
    assert_eq!(log[0]["kind"], json!("teleported"));
    assert_eq!(
        log[0]["fields"],
        json!([{"name": "place", "before": null, "after": {"x": 1}}])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_is_no_entry_stops_its_stream_alone() {
    let house = House::start().await;
    let team = Team::new();
    let (bad, good) = (Uuid::now_v7(), Uuid::now_v7());
    let mut events = team.history(bad, 1..=3);
    let mut record: Value = serde_json::from_str(events[1].data.record.as_str()).unwrap();
    record["workspace"] = json!(Uuid::now_v7());
    events[1].data.record = RecordBytes::from_stored(record.to_string());
    house.send(&events).await;
    house.send(&team.history(good, 1..=3)).await;
    let log = house.log_of(team.workspace, 4).await;
    assert_eq!(versions(&log, bad), [1]);
    assert_eq!(versions(&log, good), [1, 2, 3]);
}
