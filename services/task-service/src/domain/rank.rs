//! Where a task stands in its column, and a column on its board.
//!
//! A rank is a byte string between its neighbours' byte strings, so that a move writes one row. It is kept as
//! lowercase hex, whose order as text (collation "C", or `<` on strings in a browser) is the order of the bytes.
//!
//! The crate `fractional_index` finds the bytes between two ranks. Three things are added here:
//! - new ranks at either end step a three-byte counter, so that 10,000 tasks appended one after the other have
//!   ranks of four bytes (and so have eight million); stepping the last byte alone would need eighty;
//! - what both neighbours share at their beginning is cut off first, because the crate subtracts one from the
//!   right neighbour's byte even where it is zero;
//! - ranks know when they are too long to fit a card, upon which the neighbourhood is spread anew (`spread`).

use std::fmt;

use fractional_index::FractionalIndex;

/// The byte every rank ends with: the middle, so that there is room on both sides of every prefix.
const END: u8 = 0x80;

/// The last value of the three-byte counter.
const MAX_COUNTER: u32 = 0xff_ffff;

/// A place in an order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank(Vec<u8>);

impl Rank {
    /// The longest rank, in bytes, that is written; 48 hex digits of a card's 500 bytes.
    pub const MAX_BYTES: usize = 24;

    /// Reads a stored rank.
    #[must_use]
    pub fn parse(hex: &str) -> Option<Self> {
        if hex.len() % 2 == 1 || !hex.is_ascii() {
            return None;
        }
        FractionalIndex::from_string(hex)
            .ok()
            .map(|index| Self(index.as_bytes().to_vec()))
    }

    /// The rank of the only thing in an order.
    #[must_use]
    pub fn first() -> Self {
        Self(vec![END, 0, 0, END])
    }

    /// A rank between two neighbours, either of which may be missing at an end of the order.
    /// None when they are not in order, which only a corrupt order can bring about.
    #[must_use]
    pub fn between(before: Option<&Self>, after: Option<&Self>) -> Option<Self> {
        match (before, after) {
            (None, None) => Some(Self::first()),
            (Some(last), None) => Some(last.step_after()),
            (None, Some(first)) => Some(first.step_before()),
            (Some(left), Some(right)) => left.middle(right),
        }
    }

    /// Whether this rank takes more room than a card has for it.
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.0.len() > Self::MAX_BYTES
    }

    /// The bytes, for arithmetic.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// A rank from bytes that lack the closing one.
    pub(super) fn from_open(mut bytes: Vec<u8>) -> Self {
        bytes.push(END);
        Self(bytes)
    }

    fn counter(&self) -> u32 {
        let byte = |at: usize| self.0.get(at).copied().unwrap_or(0);
        u32::from_be_bytes([0, byte(0), byte(1), byte(2)])
    }

    fn at_counter(counter: u32) -> Self {
        Self::from_open(counter.to_be_bytes()[1..].to_vec())
    }

    fn step_after(&self) -> Self {
        match self.counter() {
            counter if counter < MAX_COUNTER => Self::at_counter(counter + 1),
            _ => Self::wrapping(FractionalIndex::new_after, &self.0),
        }
    }

    fn step_before(&self) -> Self {
        match self.counter().checked_sub(1) {
            Some(counter) => Self::at_counter(counter),
            None => Self::wrapping(FractionalIndex::new_before, &self.0),
        }
    }

    fn wrapping(step: fn(&FractionalIndex) -> FractionalIndex, bytes: &[u8]) -> Self {
        let index = FractionalIndex::from_bytes(bytes.to_vec()).unwrap_or_default();
        Self(step(&index).as_bytes().to_vec())
    }

    fn middle(&self, right: &Self) -> Option<Self> {
        if self >= right {
            return None;
        }
        let shared = shared_prefix(&self.0, &right.0);
        let low = FractionalIndex::from_bytes(self.0[shared..].to_vec()).ok()?;
        let high = FractionalIndex::from_bytes(right.0[shared..].to_vec()).ok()?;
        let middle = FractionalIndex::new_between(&low, &high)?;
        let mut bytes = self.0[..shared].to_vec();
        bytes.extend_from_slice(middle.as_bytes());
        Some(Self(bytes))
    }
}

impl fmt::Display for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// How many bytes two ranks have in common at their beginning.
pub(super) fn shared_prefix(left: &[u8], right: &[u8]) -> usize {
    left.iter().zip(right).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn insert_at(order: &mut Vec<Rank>, at: usize) {
        let before = at.checked_sub(1).and_then(|i| order.get(i));
        let rank = Rank::between(before, order.get(at)).expect("neighbours are in order");
        order.insert(at, rank);
    }

    #[test]
    fn a_full_board_appended_one_by_one_has_short_ranks() {
        let mut order = vec![Rank::first()];
        for at in 1..10_000 {
            insert_at(&mut order, at);
        }
        assert!(order.is_sorted() && order.iter().all(|rank| rank.0.len() == 4));
    }

    #[test]
    fn dropping_on_second_place_for_long_keeps_ranks_short() {
        let mut order = vec![Rank::first()];
        insert_at(&mut order, 1);
        for _ in 0..2_000 {
            insert_at(&mut order, 1);
        }
        assert!(order.is_sorted() && !order.iter().any(Rank::is_long));
    }

    #[test]
    fn both_ends_of_the_counter_still_step() {
        let last = Rank::from_open(vec![0xff; 3]);
        let first = Rank::from_open(vec![0; 3]);
        assert!(last.step_after() > last && first.step_before() < first);
        assert!(first.step_before().step_before() < first.step_before());
    }

    #[test]
    fn text_has_the_order_of_the_bytes_and_reads_back() {
        let (low, high) = (Rank::first(), Rank::first().step_after());
        assert!(low.to_string() < high.to_string());
        assert_eq!(Rank::parse(&low.to_string()), Some(low));
        for bad in ["", "8", "zz", "8000", "é0"] {
            assert_eq!(Rank::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn neighbours_out_of_order_have_nothing_between_them() {
        let (low, high) = (Rank::first(), Rank::first().step_after());
        assert_eq!(Rank::between(Some(&high), Some(&low)), None);
        assert_eq!(Rank::between(Some(&low), Some(&low)), None);
    }

    proptest! {
        #[test]
        fn any_sequence_of_insertions_keeps_the_order(places in prop::collection::vec(any::<prop::sample::Index>(), 1..300)) {
            let mut order: Vec<Rank> = Vec::new();
            for place in places {
                let at = place.index(order.len() + 1);
                insert_at(&mut order, at);
            }
            prop_assert!(order.windows(2).all(|pair| pair[0] < pair[1]));
            let texts: Vec<String> = order.iter().map(Rank::to_string).collect();
            prop_assert!(texts.is_sorted());
        }
    }
}
