//! When a refresh token is honoured, and when it gives a thief away.

use chrono::{DateTime, TimeDelta, Utc};

/// What to do with a refresh token that we issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the newest of its session: replace it.
    Rotate,
    /// It was replaced a moment ago, by another tab or a request whose answer got lost: hand out the same successor.
    Follow,
    /// It was replaced long ago: somebody has a copy. The session ends.
    Reused,
}

/// Judges a token that was replaced at `used_at`, if it was. Clocks of replicas differ a little, so a token may seem
/// to have been used in the future; that is as good as now.
pub fn judge(used_at: Option<DateTime<Utc>>, now: DateTime<Utc>, grace: TimeDelta) -> Verdict {
    match used_at {
        None => Verdict::Rotate,
        Some(used_at) if now - used_at < grace => Verdict::Follow,
        Some(_) => Verdict::Reused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_works_once_and_a_little_longer() {
        let now = Utc::now();
        let grace = TimeDelta::seconds(10);
        assert_eq!(judge(None, now, grace), Verdict::Rotate);
        assert_eq!(
            judge(Some(now - TimeDelta::seconds(9)), now, grace),
            Verdict::Follow
        );
        assert_eq!(
            judge(Some(now + TimeDelta::seconds(1)), now, grace),
            Verdict::Follow
        );
        assert_eq!(
            judge(Some(now - TimeDelta::seconds(10)), now, grace),
            Verdict::Reused
        );
        assert_eq!(judge(Some(now), now, TimeDelta::zero()), Verdict::Reused);
    }
}
