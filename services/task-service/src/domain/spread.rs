//! Fresh, short ranks for a neighbourhood whose ranks have grown too long.
//!
//! Dropping cards alternately left and right of each other lengthens the ranks by a byte a time. That takes
//! dozens of moves at one and the same spot; then some neighbours get new ranks, evenly spread over the room
//! between the two that stay.

use super::rank::{Rank, shared_prefix};

/// The room left between two fresh ranks, in units of their last byte.
const ROOM: u128 = 16;

/// How many neighbours on each side are spread, in the order in which it is tried.
pub const WINDOWS: [i64; 3] = [16, 128, 10_000];

/// `count` ranks in order, strictly between the two that stay, none longer than half of what is allowed.
/// None when there is not enough room: take in more neighbours then.
#[must_use]
pub fn spread(before: Option<&Rank>, after: Option<&Rank>, count: usize) -> Option<Vec<Rank>> {
    let low = before.map_or(&[][..], Rank::bytes);
    let high = after.map_or(&[][..], Rank::bytes);
    let shared = if low.is_empty() || high.is_empty() {
        0
    } else {
        shared_prefix(low, high)
    };
    let (prefix, low, high) = (&low[..shared], &low[shared..], &high[shared..]);
    (2..=8).find_map(|width| {
        let bottom = if before.is_some() {
            number(low, width, 0xff)
        } else {
            0
        };
        let top = if after.is_some() {
            number(high, width, 0)
        } else {
            number(&[], width, 0xff)
        };
        let step = top.saturating_sub(bottom) / (count as u128 + 1);
        let fits = step >= ROOM && prefix.len() + width < Rank::MAX_BYTES / 2;
        fits.then(|| {
            (1..=count)
                .map(|i| rank(prefix, bottom + step * i as u128, width))
                .collect()
        })
    })
}

/// The first `width` bytes as a number. The lower neighbour is filled up with 0xff and the upper one with 0, so
/// that no fresh rank begins with the whole of an old one.
fn number(bytes: &[u8], width: usize, fill: u8) -> u128 {
    (0..width).fold(0, |sum, at| {
        sum << 8 | u128::from(bytes.get(at).copied().unwrap_or(fill))
    })
}

fn rank(prefix: &[u8], number: u128, width: usize) -> Rank {
    let mut bytes = prefix.to_vec();
    bytes.extend_from_slice(&number.to_be_bytes()[16 - width..]);
    Rank::from_open(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_whole_column_spreads_over_three_or_four_bytes() {
        for count in [1, 100, 10_000] {
            let ranks = spread(None, None, count).expect("there is room");
            assert_eq!(ranks.len(), count);
            assert!(ranks.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(ranks.iter().all(|rank| rank.bytes().len() <= 4));
        }
    }

    #[test]
    fn alternating_sides_grow_long_and_spread_short_again() {
        let (mut low, mut high) = (
            Rank::first(),
            Rank::between(Some(&Rank::first()), None).expect("end"),
        );
        let outer = (low.clone(), high.clone());
        let mut moves = 0;
        while !low.is_long() && !high.is_long() {
            let middle = Rank::between(Some(&low), Some(&high)).expect("in order");
            if moves % 2 == 0 {
                high = middle
            } else {
                low = middle
            }
            moves += 1;
        }
        let fresh = spread(Some(&outer.0), Some(&outer.1), moves).expect("there is room");
        assert!(outer.0 < fresh[0] && fresh[moves - 1] < outer.1);
        assert!(fresh.iter().all(|rank| !rank.is_long()));
    }

    #[test]
    fn a_crowded_gap_asks_for_more_neighbours() {
        let low = Rank::from_open(vec![0x80; 23]);
        let high = Rank::from_open([vec![0x80; 23], vec![0x81]].concat());
        assert_eq!(spread(Some(&low), Some(&high), 3), None);
    }

    proptest! {
        #[test]
        fn fresh_ranks_lie_strictly_between_and_accept_insertions(
            places in prop::collection::vec(any::<prop::sample::Index>(), 2..60), count in 1_usize..200,
        ) {
            let mut order: Vec<Rank> = Vec::new();
            for place in places {
                let at = place.index(order.len() + 1);
                let before = at.checked_sub(1).and_then(|i| order.get(i));
                let rank = Rank::between(before, order.get(at)).expect("in order");
                order.insert(at, rank);
            }
            for pair in order.windows(2) {
                let Some(fresh) = spread(Some(&pair[0]), Some(&pair[1]), count) else { continue };
                let all: Vec<&Rank> = std::iter::once(&pair[0]).chain(&fresh).chain(Some(&pair[1])).collect();
                for two in all.windows(2) {
                    let middle = Rank::between(Some(two[0]), Some(two[1])).expect("in order");
                    prop_assert!(*two[0] < middle && middle < *two[1]);
                }
            }
        }
    }
}
