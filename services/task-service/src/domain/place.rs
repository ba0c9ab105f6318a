//! Where something shall go in an order that people see.

use uuid::Uuid;

/// A place, named after a neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Right before this one.
    Before(Uuid),
    /// Right after this one.
    After(Uuid),
    /// Behind all others.
    End,
}

impl Target {
    /// The place named by two optional neighbours; none when both are given.
    #[must_use]
    pub fn of(before: Option<Uuid>, after: Option<Uuid>) -> Option<Self> {
        match (before, after) {
            (Some(_), Some(_)) => None,
            (Some(next), None) => Some(Self::Before(next)),
            (None, Some(previous)) => Some(Self::After(previous)),
            (None, None) => Some(Self::End),
        }
    }

    /// The name of the field that named the neighbour.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Self::Before(_) | Self::End => "before",
            Self::After(_) => "after",
        }
    }

    /// Takes `mover` out of an order and says at which index it goes back in; none when the neighbour is not there.
    #[must_use]
    pub fn index_in(self, order: &[Uuid], mover: Uuid) -> Option<usize> {
        let others: Vec<Uuid> = order.iter().copied().filter(|id| *id != mover).collect();
        let at = |neighbour: Uuid| others.iter().position(|id| *id == neighbour);
        match self {
            Self::Before(next) => at(next),
            Self::After(previous) => at(previous).map(|index| index + 1),
            Self::End => Some(others.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mover_is_not_its_own_neighbour() {
        let ids: Vec<Uuid> = (1..=3).map(Uuid::from_u128).collect();
        assert_eq!(Target::End.index_in(&ids, ids[0]), Some(2));
        assert_eq!(Target::Before(ids[2]).index_in(&ids, ids[0]), Some(1));
        assert_eq!(Target::After(ids[2]).index_in(&ids, ids[0]), Some(2));
        assert_eq!(Target::After(ids[1]).index_in(&ids, ids[1]), None);
        assert_eq!(Target::of(Some(ids[0]), Some(ids[1])), None);
    }
}
