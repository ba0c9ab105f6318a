//! In which order unsent events go out: pure, so that it can be tested without a queue.
//!
//! The events go out in rounds. A round takes the oldest event of every stream, so that no batch holds two of one
//! stream: in a batch that fails in part, the second could get through before the first. When an entry fails, the
//! later ones of its stream stay behind.

use std::collections::{HashMap, VecDeque};

use contracts::Event;

use crate::transport::{Limits, Outgoing};

/// An event that a destination does not have.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pending {
    pub(crate) log_id: i64,
    pub(crate) event: Event,
}

/// An event written out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) log_id: i64,
    pub(crate) outgoing: Outgoing,
}

/// An event that cannot be sent at all.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Unsendable {
    pub(crate) stream: String,
    pub(crate) reason: String,
}

/// What goes out next.
#[derive(Debug, Default)]
pub(crate) struct Round {
    /// Each within the limits, none with two entries of one stream.
    pub(crate) batches: Vec<Vec<Entry>>,
    /// Their streams are blocked already.
    pub(crate) unsendable: Vec<Unsendable>,
}

/// Events by stream, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Lanes {
    order: Vec<String>,
    lanes: HashMap<String, VecDeque<Pending>>,
}

impl Lanes {
    /// Sorts events, given oldest first, into their streams.
    pub(crate) fn new(pending: Vec<Pending>) -> Lanes {
        let mut lanes = Lanes::default();
        for one in pending {
            let stream = one.event.stream.as_str();
            if let Some(lane) = lanes.lanes.get_mut(stream) {
                lane.push_back(one);
            } else {
                lanes.order.push(stream.to_owned());
                lanes.lanes.insert(stream.to_owned(), VecDeque::from([one]));
            }
        }
        lanes
    }

    /// Leaves the rest of a stream for another time.
    pub(crate) fn block(&mut self, stream: &str) {
        self.lanes.remove(stream);
    }

    /// The next round; nothing is left when it is empty.
    pub(crate) fn round(&mut self, limits: Limits) -> Round {
        let mut round = Round::default();
        let mut bytes = 0;
        for stream in std::mem::take(&mut self.order) {
            let Some(first) = self.lanes.get_mut(&stream).and_then(VecDeque::pop_front) else {
                continue;
            };
            let entry = match write(&first, limits) {
                Ok(entry) => entry,
                Err(reason) => {
                    self.block(&stream);
                    round.unsendable.push(Unsendable { stream, reason });
                    continue;
                }
            };
            let size = entry.outgoing.body.len();
            match round.batches.last_mut() {
                Some(batch) if batch.len() < limits.entries && bytes + size <= limits.bytes => {
                    bytes += size;
                    batch.push(entry);
                }
                _ => {
                    bytes = size;
                    round.batches.push(vec![entry]);
                }
            }
            self.order.push(stream);
        }
        round
    }
}

fn write(pending: &Pending, limits: Limits) -> Result<Entry, String> {
    let body = pending.event.to_json().map_err(|error| error.to_string())?;
    if body.len() > limits.bytes {
        return Err(format!(
            "{} bytes are more than the transport's {}",
            body.len(),
            limits.bytes
        ));
    }
    let group = pending.event.stream.as_str().to_owned();
    Ok(Entry {
        log_id: pending.log_id,
        outgoing: Outgoing {
            id: pending.event.id,
            group,
            body,
        },
    })
}

#[cfg(test)]
mod tests {
    use contracts::{Change, EventType, Stream};
    use proptest::prelude::*;
    use std::collections::HashSet;
    use uuid::Uuid;

    use super::*;

    fn pending(log_id: i64, stream: u128, version: i64, padding: usize) -> Pending {
        let stream = Stream::task(Uuid::from_u128(stream));
        let event = Change::new(
            EventType::TaskChanged,
            "/test",
            Uuid::nil(),
            stream,
            version,
            "edited",
        )
        .titled(&"x".repeat(padding))
        .into_event(None)
        .unwrap();
        Pending { log_id, event }
    }

    proptest! {
        #[test]
        fn every_event_goes_out_once_in_order_and_within_the_limits(
            streams in prop::collection::vec((0_u128..5, 0_usize..3_000), 0..60),
            entries in 1_usize..12,
            bytes in 4_000_usize..9_000,
        ) {
            let limits = Limits { entries, bytes };
            let mut versions: HashMap<u128, i64> = HashMap::new();
            let all: Vec<Pending> = streams.iter().zip(0..).map(|((stream, padding), log_id)| {
                let version = versions.entry(*stream).and_modify(|v| *v += 1).or_insert(1);
                pending(log_id, *stream, *version, *padding)
            }).collect();
            let mut lanes = Lanes::new(all.clone());
            let mut sent: HashMap<String, i64> = HashMap::new();
            let mut count = 0;
            loop {
                let round = lanes.round(limits);
                prop_assert!(round.unsendable.is_empty());
                if round.batches.is_empty() {
                    break;
                }
                for batch in round.batches {
                    prop_assert!(batch.len() <= entries);
                    prop_assert!(batch.iter().map(|entry| entry.outgoing.body.len()).sum::<usize>() <= bytes);
                    let groups: HashSet<_> = batch.iter().map(|entry| &entry.outgoing.group).collect();
                    prop_assert_eq!(groups.len(), batch.len());
                    for entry in &batch {
                        let last = sent.insert(entry.outgoing.group.clone(), entry.log_id);
                        prop_assert!(last.is_none_or(|last| last < entry.log_id));
                        count += 1;
                    }
                }
            }
            prop_assert_eq!(count, all.len());
        }
    }

    #[test]
    fn a_blocked_stream_stays_behind_and_the_others_go_on() {
        let limits = Limits {
            entries: 10,
            bytes: 1_000_000,
        };
        let mut lanes = Lanes::new(vec![
            pending(1, 1, 1, 0),
            pending(2, 1, 2, 0),
            pending(3, 2, 1, 0),
            pending(4, 2, 2, 0),
        ]);
        let first = lanes.round(limits);
        assert_eq!(
            first.batches[0]
                .iter()
                .map(|entry| entry.log_id)
                .collect::<Vec<_>>(),
            [1, 3]
        );
        lanes.block(Stream::task(Uuid::from_u128(1)).as_str());
        let second = lanes.round(limits);
        assert_eq!(
            second.batches[0]
                .iter()
                .map(|entry| entry.log_id)
                .collect::<Vec<_>>(),
            [4]
        );
        assert!(lanes.round(limits).batches.is_empty());
    }

    #[test]
    fn what_no_batch_can_hold_blocks_its_stream_only() {
        let limits = Limits {
            entries: 10,
            bytes: 2_000,
        };
        let mut lanes = Lanes::new(vec![
            pending(1, 1, 1, 5_000),
            pending(2, 1, 2, 0),
            pending(3, 2, 1, 0),
        ]);
        let round = lanes.round(limits);
        assert_eq!(round.unsendable.len(), 1);
        assert_eq!(
            round.batches[0]
                .iter()
                .map(|entry| entry.log_id)
                .collect::<Vec<_>>(),
            [3]
        );
        assert!(lanes.round(limits).batches.is_empty());
    }
}
