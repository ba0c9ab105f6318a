//! Which events become drafts, and which drafts are new.

use contracts::{Change, Event, EventType, RecordBytes, Stream};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::entry::{Draft, Known, Unfit, unknown};

fn event(version: i64) -> Event {
    let (workspace, task, board) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
    Change::new(
        EventType::TaskChanged,
        "/task-service",
        workspace,
        Stream::task(task),
        version,
        "edited",
    )
    .by(Uuid::from_u128(4), "Mina")
    .on_board(board, "Launch")
    .titled("Write the notes")
    .field("priority", json!("low"), json!("high"))
    .field("pic_id", Value::Null, json!(Uuid::from_u128(5)))
    .into_event(None)
    .unwrap()
}

/// The event, with its record changed as JSON.
fn with_record(mut event: Event, change: impl FnOnce(&mut Value)) -> Event {
    let mut record = serde_json::from_str(event.data.record.as_str()).unwrap();
    change(&mut record);
    event.data.record = RecordBytes::from_stored(record.to_string());
    event
}

#[test]
fn a_draft_keeps_the_exact_bytes() {
    let event = with_record(event(3), |record| {
        record["of_a_later_release"] = json!({"kept": true})
    });
    let draft = Draft::of(&event).unwrap();
    assert_eq!(draft.record, event.data.record.as_str().as_bytes());
    assert_eq!((draft.stream.as_str(), draft.version), (event.stream.as_str(), 3));
    assert_eq!(
        (draft.kind.as_str(), draft.event_type.as_str()),
        ("edited", "task.changed")
    );
    assert_eq!(
        (draft.board, draft.actor),
        (Some(Uuid::from_u128(3)), Some(Uuid::from_u128(4)))
    );
}

#[test]
fn unknown_types_and_kinds_are_kept() {
    let mut event = with_record(event(1), |record| record["kind"] = json!("teleported"));
    event.kind = EventType::from_wire("task.teleported");
    let draft = Draft::of(&event).unwrap();
    assert_eq!(
        (draft.kind.as_str(), draft.event_type.as_str()),
        ("teleported", "task.teleported")
    );
}

#[test]
fn a_board_belongs_to_itself() {
    let board = Uuid::from_u128(9);
    let workspace = Uuid::from_u128(1);
    let change = Change::new(
        EventType::BoardChanged,
        "/task-service",
        workspace,
        Stream::board(board),
        1,
        "created",
    );
    assert_eq!(
        Draft::of(&change.into_event(None).unwrap()).unwrap().board,
        Some(board)
    );
}

#[test]
fn an_envelope_that_disagrees_with_its_record_is_unfit() {
    let refused = |change: fn(&mut Value)| Draft::of(&with_record(event(2), change)).unwrap_err();
    let other = |record: &mut Value| record["workspace"] = json!(Uuid::from_u128(77));
    assert_eq!(refused(other), Unfit::Disagrees("workspace"));
    assert_eq!(
        refused(|record| record["stream"] = json!("task/other")),
        Unfit::Disagrees("stream")
    );
    assert_eq!(
        refused(|record| record["version"] = json!(7)),
        Unfit::Disagrees("version")
    );
}

#[test]
fn what_cannot_be_stored_is_unfit() {
    let refused = |change: fn(&mut Value)| Draft::of(&with_record(event(2), change)).unwrap_err();
    assert_eq!(
        refused(|record| record["kind"] = json!("mo\u{0}ved")),
        Unfit::Name("kind")
    );
    assert_eq!(refused(|record| record["kind"] = json!("")), Unfit::Name("kind"));
    assert_eq!(
        refused(|record| record["time"] = json!("+12026-01-01T00:00:00Z")),
        Unfit::Time
    );
    assert_eq!(refused(|record| *record = json!("no record")), Unfit::Unreadable);
    let zeroth = with_record(event(0), |_| ());
    assert_eq!(Draft::of(&zeroth).unwrap_err(), Unfit::Version);
}

#[test]
fn values_must_open_their_commitments() {
    let mut forged = event(2);
    let particulars = forged.data.particulars.as_mut().unwrap();
    particulars
        .fields
        .get_mut("priority")
        .unwrap()
        .after
        .as_mut()
        .unwrap()
        .value = json!("urgent");
    assert_eq!(
        Draft::of(&forged).unwrap_err(),
        Unfit::Unproved("priority".to_owned())
    );

    let mut added = event(2);
    let particulars = added.data.particulars.as_mut().unwrap();
    let values = particulars.fields["priority"].clone();
    particulars.fields.insert("deadline".to_owned(), values);
    assert_eq!(
        Draft::of(&added).unwrap_err(),
        Unfit::Unproved("deadline".to_owned())
    );

    let mut erased = event(2);
    erased.data.particulars.as_mut().unwrap().fields.clear();
    assert!(Draft::of(&erased).is_ok());
    erased.data.particulars = None;
    assert!(Draft::of(&erased).is_ok());
}

fn drafts(versions: &[i64]) -> Vec<Draft> {
    versions
        .iter()
        .map(|version| Draft::of(&event(*version)).unwrap())
        .collect()
}

fn known(draft: &Draft) -> Known {
    Known {
        event_id: draft.event_id,
        stream: draft.stream.clone(),
        version: draft.version,
        record: draft.record.clone(),
    }
}

#[test]
fn another_record_for_a_known_version_is_a_contradiction() {
    let held = drafts(&[1]);
    let second = drafts(&[1]);
    assert_ne!(held[0].event_id, second[0].event_id);
    let refused = unknown(&[known(&held[0])], &second).unwrap_err();
    assert_eq!(refused.event_id, second[0].event_id);

    let mut same_event = held.clone();
    same_event[0].record.push(b' ');
    assert!(unknown(&[known(&held[0])], &same_event).is_err());

    let both_at_once = [held[0].clone(), second[0].clone()];
    assert!(unknown(&[], &both_at_once).is_err());
}

proptest! {
    /// Whatever is delivered again, and however often: each draft is new exactly once, in its order.
    #[test]
    fn repetitions_are_dropped(held in 0_usize..6, again in prop::collection::vec(0_usize..6, 0..20)) {
        let all = drafts(&[1, 2, 3, 4, 5, 6]);
        let known: Vec<Known> = all[..held].iter().map(known).collect();
        let mut delivered = all.clone();
        for index in again {
            delivered.push(all[index].clone());
        }
        let fresh: Vec<i64> = unknown(&known, &delivered).unwrap().iter().map(|draft| draft.version).collect();
        let expected: Vec<i64> = all[held..].iter().map(|draft| draft.version).collect();
        prop_assert_eq!(fresh, expected);
    }
}
