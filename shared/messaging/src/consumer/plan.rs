//! Which of the events at hand are to be applied: pure, so that it can be tested without a database.

use std::collections::{BTreeMap, HashMap, VecDeque};

use contracts::Event;

/// A stream of a source.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct StreamKey {
    pub(crate) source: String,
    pub(crate) stream: String,
}

impl StreamKey {
    pub(crate) fn of(event: &Event) -> StreamKey {
        StreamKey {
            source: event.source.clone(),
            stream: event.stream.as_str().to_owned(),
        }
    }
}

/// How far a stream was taken in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Intake {
    /// The version of the last event whose effect is committed.
    pub(crate) head: i64,
    /// Whether its next event is in quarantine.
    pub(crate) parked: bool,
}

/// What is to be done with events.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Indexes of the events to apply: every stream in order, and otherwise as they came.
    pub(crate) fresh: Vec<usize>,
    /// The heads of the streams after that.
    pub(crate) heads: Vec<(StreamKey, i64)>,
    /// The highest versions of streams with a hole, or that are parked.
    pub(crate) beyond: Vec<(StreamKey, i64)>,
    /// How many were applied before, or came twice.
    pub(crate) duplicates: usize,
}

/// Sorts events by what the inbox says about their streams.
pub(crate) fn plan(events: &[Event], inbox: &HashMap<StreamKey, Intake>) -> Plan {
    let mut streams: BTreeMap<StreamKey, Vec<usize>> = BTreeMap::new();
    for (index, event) in events.iter().enumerate() {
        streams.entry(StreamKey::of(event)).or_default().push(index);
    }
    let mut plan = Plan::default();
    // The places at which events to apply came, and for each the ones of its stream in order.
    let mut slots: Vec<(usize, usize)> = Vec::new();
    let mut queues: Vec<VecDeque<usize>> = Vec::new();
    for (key, mut indexes) in streams {
        let Intake { head: before, parked } = inbox.get(&key).copied().unwrap_or_default();
        indexes.sort_by_key(|index| events[*index].version);
        let (mut head, mut beyond, mut fresh) = (before, 0, VecDeque::new());
        for index in indexes {
            let version = events[index].version;
            if version <= head {
                plan.duplicates += 1;
            } else if parked || version > head + 1 {
                beyond = version;
            } else {
                head = version;
                fresh.push_back(index);
            }
        }
        if head > before {
            plan.heads.push((key.clone(), head));
        }
        if beyond > 0 {
            plan.beyond.push((key, beyond));
        }
        slots.extend(fresh.iter().map(|index| (*index, queues.len())));
        queues.push(fresh);
    }
    slots.sort_unstable();
    plan.fresh = slots
        .into_iter()
        .filter_map(|(_, queue)| queues[queue].pop_front())
        .collect();
    plan
}

#[cfg(test)]
mod tests {
    use contracts::{Change, EventType, Stream};
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn event(stream: u128, version: i64) -> Event {
        let stream = Stream::task(Uuid::from_u128(stream));
        Change::new(
            EventType::TaskChanged,
            "/test",
            Uuid::nil(),
            stream,
            version,
            "edited",
        )
        .into_event(None)
        .unwrap()
    }

    fn inbox(stream: u128, head: i64, parked: bool) -> HashMap<StreamKey, Intake> {
        HashMap::from([(StreamKey::of(&event(stream, 1)), Intake { head, parked })])
    }

    #[test]
    fn streams_keep_their_order_and_otherwise_events_stay_as_they_came() {
        let events = [event(1, 2), event(2, 1), event(1, 1), event(3, 1)];
        assert_eq!(plan(&events, &HashMap::new()).fresh, [2, 1, 0, 3]);
    }

    #[test]
    fn a_hole_is_noted_and_what_lies_behind_it_not_applied() {
        let events = [event(1, 5), event(1, 7), event(1, 4), event(1, 4)];
        let plan = plan(&events, &inbox(1, 4, false));
        assert_eq!((plan.fresh, plan.duplicates), (vec![0], 2));
        assert_eq!(
            plan.beyond
                .iter()
                .map(|(_, version)| *version)
                .collect::<Vec<_>>(),
            [7]
        );
    }

    #[test]
    fn a_parked_stream_applies_nothing() {
        let plan = plan(&[event(1, 5), event(1, 6)], &inbox(1, 4, true));
        assert_eq!((plan.fresh, plan.heads), (vec![], vec![]));
        assert_eq!(
            plan.beyond
                .iter()
                .map(|(_, version)| *version)
                .collect::<Vec<_>>(),
            [6]
        );
    }

    proptest! {
        #[test]
        fn each_stream_advances_without_a_gap(
            came in prop::collection::vec((0_u128..4, 1_i64..8), 0..40),
            heads in prop::collection::vec(0_i64..8, 4),
        ) {
            let events: Vec<Event> = came.iter().map(|(stream, version)| event(*stream, *version)).collect();
            let inbox: HashMap<StreamKey, Intake> = (0..4_u128).zip(&heads)
                .map(|(stream, head)| (StreamKey::of(&event(stream, 1)), Intake { head: *head, parked: false }))
                .collect();
            let plan = plan(&events, &inbox);
            let mut reached: HashMap<StreamKey, i64> = inbox.iter().map(|(key, intake)| (key.clone(), intake.head)).collect();
            for index in &plan.fresh {
                let head = reached.get_mut(&StreamKey::of(&events[*index])).unwrap();
                *head += 1;
                prop_assert_eq!(*head, events[*index].version);
            }
            for (key, head) in &plan.heads {
                prop_assert_eq!(reached[key], *head);
            }
            for event in &events {
                let key = StreamKey::of(event);
                let noted = plan.beyond.iter().any(|(beyond, known)| *beyond == key && *known >= event.version);
                prop_assert!(event.version <= reached[&key] || noted);
            }
        }
    }
}
