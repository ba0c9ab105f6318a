//! How long somebody has to wait who gave a wrong password or code. Softly: a wait that grows, never a lock, and only
//! for the network it came from, so that no stranger can keep a person out of their account.

use chrono::{DateTime, TimeDelta, Utc};

/// So many tries cost nothing: people mistype.
const FREE: i32 = 5;
/// Nobody waits longer than this many seconds.
const LONGEST: i64 = 60;
/// After this long without a try, all is forgotten.
pub const FORGOTTEN: TimeDelta = TimeDelta::minutes(15);

/// Seconds to wait before the next try, after `failures` wrong ones of which the last was at `last_at`. None: at once.
pub fn wait(failures: i32, last_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<u32> {
    let past = (now - last_at).num_milliseconds();
    if failures < FREE || past > FORGOTTEN.num_milliseconds() {
        return None;
    }
    let doublings = u32::try_from(failures - FREE).unwrap_or(0).min(10);
    let whole = LONGEST.min(1 << doublings) * 1000;
    let left = whole - past;
    (left > 0).then(|| u32::try_from(left.div_euclid(1000) + 1).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_and_ends() {
        let now = Utc::now();
        let after = |failures| wait(failures, now, now);
        assert_eq!(after(0), None);
        assert_eq!(after(4), None);
        assert_eq!(after(5), Some(2), "one second, rounded up");
        assert_eq!(after(8), Some(9));
        assert_eq!(after(30), Some(61));
        assert_eq!(after(i32::MAX), Some(61));
        assert_eq!(wait(5, now - TimeDelta::seconds(2), now), None);
        assert_eq!(wait(30, now - TimeDelta::seconds(30), now), Some(31));
        assert_eq!(wait(30, now - TimeDelta::minutes(16), now), None);
    }
}
