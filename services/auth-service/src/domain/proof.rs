//! How fresh a proof of identity must be for a dangerous act.

use chrono::{DateTime, TimeDelta, Utc};

/// For so long a password or code that was given counts for what is dangerous.
pub const FRESH: TimeDelta = TimeDelta::minutes(5);

/// Whether a proof given at `proved_at` still counts.
pub fn is_fresh(proved_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - proved_at < FRESH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_counts_for_five_minutes() {
        let now = Utc::now();
        assert!(is_fresh(now, now));
        assert!(is_fresh(now - TimeDelta::seconds(299), now));
        assert!(!is_fresh(now - TimeDelta::seconds(300), now));
    }
}
