//! How long loops pause: between two looks for work, and after a failure.

use std::time::Duration;

use rand::Rng as _;
use tokio::time::Instant;

/// For how long after the last work the short pause is kept.
const BUSY_FOR: Duration = Duration::from_secs(2);

/// Short pauses while there was work lately, long ones otherwise.
#[derive(Debug)]
pub(crate) struct Pace {
    busy: Duration,
    idle: Duration,
    worked: Option<Instant>,
}

impl Pace {
    pub(crate) fn new(busy: Duration, idle: Duration) -> Pace {
        Pace {
            busy,
            idle,
            worked: None,
        }
    }

    /// There was work.
    pub(crate) fn worked(&mut self) {
        self.worked = Some(Instant::now());
    }

    /// The pause before the next look.
    pub(crate) fn pause(&self) -> Duration {
        match self.worked {
            Some(worked) if worked.elapsed() < BUSY_FOR => self.busy,
            _ => self.idle,
        }
    }
}

/// A pause that doubles with every failure in a row, with some chance in it so that replicas do not come back in step.
#[derive(Debug)]
pub(crate) struct Backoff {
    first: Duration,
    longest: Duration,
    failures: u32,
}

impl Backoff {
    pub(crate) fn new(first: Duration, longest: Duration) -> Backoff {
        Backoff {
            first,
            longest,
            failures: 0,
        }
    }

    /// It works again.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }

    /// It failed: how long to wait.
    pub(crate) fn next(&mut self) -> Duration {
        self.failures = self.failures.saturating_add(1);
        let pause = doubled(self.first, self.failures, self.longest);
        pause.mul_f64(rand::rng().random_range(0.75..=1.0))
    }
}

/// `first`, doubled for every try after the first one, `longest` at most.
pub(crate) fn doubled(first: Duration, tries: u32, longest: Duration) -> Duration {
    first
        .saturating_mul(1 << tries.saturating_sub(1).min(20))
        .min(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_doubles_up_to_the_longest() {
        let (first, longest) = (Duration::from_millis(100), Duration::from_secs(1));
        let pauses: Vec<u128> = [0, 1, 2, 4, 5, 4_000]
            .map(|tries| doubled(first, tries, longest).as_millis())
            .to_vec();
        assert_eq!(pauses, [100, 100, 200, 800, 1_000, 1_000]);
    }

    #[test]
    fn a_backoff_stays_below_the_longest_and_starts_anew() {
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(1));
        for _ in 0..50 {
            assert!(backoff.next() <= Duration::from_secs(1));
        }
        backoff.reset();
        assert!(backoff.next() <= Duration::from_millis(100));
    }
}
