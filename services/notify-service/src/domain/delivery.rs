//! What becomes of a delivery after a try: `pending → sending → sent | failed | unknown`.
//!
//! Mail cannot be sent exactly once, because no mail service takes an idempotency key. So each purpose
//! chooses: change mail is sent at most once, an invitation or a mail about an account at least once.

use std::time::Duration;

/// What a purpose promises when the answer of the mail service is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// Never twice, even if that means not at all.
    AtMostOnce,
    /// Never not at all, even if that means twice. Also right for a channel that tells a repeated
    /// delivery from a new one.
    AtLeastOnce,
}

/// What a try to send came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The channel took the mail over and may have given it an id.
    Accepted {
        /// The id the channel gave.
        message_id: Option<String>,
    },
    /// The mail was definitely not taken, and may be tried again.
    NotTaken {
        /// Why, for the operator.
        reason: String,
        /// Whether the channel itself is in trouble, so that other mails would fare the same.
        channel_down: bool,
    },
    /// The mail was definitely not taken and never will be.
    Refused {
        /// Why, for the operator.
        reason: String,
    },
    /// Nobody knows whether the mail was taken: the answer was lost.
    Lost {
        /// Why, for the operator.
        reason: String,
    },
}

/// The next state of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Sent.
    Sent,
    /// Given up.
    Failed,
    /// Perhaps sent; never repeated.
    Unknown,
    /// Pending again, due after this long.
    Again(Duration),
}

/// How long, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The wait after the first try; each further wait is twice as long.
    pub base: Duration,
    /// The longest wait.
    pub cap: Duration,
    /// The age after which a delivery is given up.
    pub max_age: Duration,
}

/// Decides the next state. `attempts` counts this try too; `age` is the delivery's.
pub fn judge(promise: Promise, outcome: &Outcome, attempts: u32, age: Duration, patience: &Patience) -> Next {
    let again = || {
        if age >= patience.max_age {
            Next::Failed
        } else {
            Next::Again(backoff(attempts, patience))
        }
    };
    match (outcome, promise) {
        (Outcome::Accepted { .. }, _) => Next::Sent,
        (Outcome::Refused { .. }, _) => Next::Failed,
        (Outcome::NotTaken { .. }, _) => again(),
        (Outcome::Lost { .. }, Promise::AtMostOnce) => Next::Unknown,
        (Outcome::Lost { .. }, Promise::AtLeastOnce) => again(),
    }
}

/// The wait after the given number of tries.
fn backoff(attempts: u32, patience: &Patience) -> Duration {
    let doublings = attempts.saturating_sub(1).min(31);
    patience.base.saturating_mul(1 << doublings).min(patience.cap)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PATIENCE: Patience = Patience {
        base: Duration::from_secs(1),
        cap: Duration::from_secs(60),
        max_age: Duration::from_secs(1000),
    };
    const YOUNG: Duration = Duration::from_secs(5);
    const OLD: Duration = Duration::from_secs(1000);

    fn not_taken() -> Outcome {
        Outcome::NotTaken {
            reason: "refused".to_owned(),
            channel_down: true,
        }
    }

    fn lost() -> Outcome {
        Outcome::Lost {
            reason: "no answer".to_owned(),
        }
    }

    #[test]
    fn every_outcome_under_both_promises() {
        use Promise::{AtLeastOnce, AtMostOnce};
        let accepted = Outcome::Accepted { message_id: None };
        let refused = Outcome::Refused {
            reason: "no such address".to_owned(),
        };
        let again = Next::Again(Duration::from_secs(1));
        let table = [
            (AtMostOnce, &accepted, YOUNG, Next::Sent),
            (AtMostOnce, &accepted, OLD, Next::Sent),
            (AtMostOnce, &refused, YOUNG, Next::Failed),
            (AtMostOnce, &not_taken(), YOUNG, again.clone()),
            (AtMostOnce, &not_taken(), OLD, Next::Failed),
            (AtMostOnce, &lost(), YOUNG, Next::Unknown),
            (AtMostOnce, &lost(), OLD, Next::Unknown),
            (AtLeastOnce, &lost(), YOUNG, again.clone()),
            (AtLeastOnce, &lost(), OLD, Next::Failed),
            (AtLeastOnce, &not_taken(), YOUNG, again),
        ];
        for (promise, outcome, age, expected) in table {
            assert_eq!(
                judge(promise, outcome, 1, age, &PATIENCE),
                expected,
                "{promise:?} {outcome:?} {age:?}"
            );
        }
    }

    #[test]
    fn the_wait_doubles_up_to_its_cap() {
        let waits: Vec<u64> = (1..=8)
            .map(|attempts| backoff(attempts, &PATIENCE).as_secs())
            .collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
    }

    proptest! {
        #[test]
        fn change_mail_whose_answer_was_lost_is_never_repeated(attempts in any::<u32>(), age in 0_u64..2000) {
            let next = judge(Promise::AtMostOnce, &lost(), attempts, Duration::from_secs(age), &PATIENCE);
            prop_assert_eq!(next, Next::Unknown);
        }

        #[test]
        fn no_wait_is_longer_than_the_cap(attempts in any::<u32>()) {
            prop_assert!(backoff(attempts, &PATIENCE) <= PATIENCE.cap);
        }
    }
}
