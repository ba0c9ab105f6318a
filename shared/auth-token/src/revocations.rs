//! Sessions whose tokens ended before their time.
//!
//! auth-service keeps a feed of (session, minimum epoch): a session that is over needs an epoch no token has, one
//! whose member got another role needs the new epoch, so that its refreshed tokens go on. Every other service follows
//! the feed and refuses the rest within two seconds. No token lives for an hour, so nothing older need be known.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// How long a revocation is remembered: longer than any access token lives.
const KEPT: Duration = Duration::from_secs(3600);
/// A feed that was silent for this long is out of reach.
const SILENCE: Duration = Duration::from_secs(30);
/// How often what is too old is forgotten.
const SWEEP: Duration = Duration::from_secs(60);

/// What is known of revoked tokens. Clones share it.
#[derive(Clone, Debug)]
pub struct Revocations {
    silence: Duration,
    known: Arc<RwLock<Known>>,
}

#[derive(Debug, Default)]
struct Known {
    sessions: HashMap<Uuid, Revoked>,
    /// When the feed was last heard; none while nobody follows it.
    heard: Option<Instant>,
    swept: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Revoked {
    minimum_epoch: i64,
    learned: Instant,
}

impl Default for Revocations {
    fn default() -> Revocations {
        Revocations::new(SILENCE)
    }
}

impl Revocations {
    /// Nothing is revoked yet. A feed that is silent for longer than `silence` counts as out of reach.
    pub fn new(silence: Duration) -> Revocations {
        Revocations {
            silence,
            known: Arc::default(),
        }
    }

    /// Whether a token of this session and epoch no longer counts.
    pub fn refuse(&self, session: Uuid, epoch: i64) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known
            .sessions
            .get(&session)
            .is_some_and(|revoked| epoch < revoked.minimum_epoch)
    }

    /// Since when the feed is out of reach, in seconds since 1970. None while it is heard, or where nobody follows it.
    pub fn out_since(&self) -> Option<i64> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let silent = known.heard?.elapsed();
        drop(known);
        let since = SystemTime::now().checked_sub(silent)?;
        let seconds = since.duration_since(UNIX_EPOCH).ok()?.as_secs();
        (silent > self.silence).then(|| i64::try_from(seconds).unwrap_or(i64::MAX))
    }

    /// The feed has answered, or somebody begins to follow it: from here on silence counts.
    pub fn hear(&self) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.heard = Some(Instant::now());
    }

    /// Takes in sessions with the epoch below which their tokens are refused. A session's minimum only ever rises.
    pub fn learn(&self, entries: impl IntoIterator<Item = (Uuid, i64)>) {
        self.learn_at(Instant::now(), entries);
    }

    fn learn_at(&self, now: Instant, entries: impl IntoIterator<Item = (Uuid, i64)>) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        for (session, minimum_epoch) in entries {
            let revoked = known.sessions.entry(session).or_insert(Revoked {
                minimum_epoch,
                learned: now,
            });
            revoked.minimum_epoch = revoked.minimum_epoch.max(minimum_epoch);
            revoked.learned = now;
        }
        if known.swept.is_none_or(|swept| now - swept > SWEEP) {
            known.swept = Some(now);
            known.sessions.retain(|_, revoked| now - revoked.learned < KEPT);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_below_the_minimum_is_refused() {
        let revocations = Revocations::default();
        let session = Uuid::from_u128(1);
        assert!(!revocations.refuse(session, 3));
        revocations.learn([(session, 4)]);
        assert!(revocations.refuse(session, 3));
        assert!(!revocations.refuse(session, 4), "a refreshed token goes on");
        assert!(
            !revocations.refuse(Uuid::from_u128(2), 3),
            "others are left alone"
        );
        revocations.learn([(session, i64::MAX)]);
        revocations.learn([(session, 4)]);
        assert!(revocations.refuse(session, 1_000), "a minimum never falls");
    }

    #[test]
    fn what_no_token_outlives_is_forgotten() {
        let (revocations, start) = (Revocations::default(), Instant::now());
        let [old, renewed] = [1, 2].map(Uuid::from_u128);
        let known = |session| revocations.refuse(session, 0);
        revocations.learn_at(start, [(old, 1), (renewed, 1)]);
        revocations.learn_at(start + SWEEP, [(renewed, 1)]);
        let shortly_before = start + KEPT - Duration::from_nanos(1);
        revocations.learn_at(shortly_before, []);
        assert!(known(old), "a token may live for so long");
        revocations.learn_at(shortly_before + SWEEP, []);
        assert!(known(old), "it is not looked through all the time");
        revocations.learn_at(shortly_before + SWEEP + Duration::from_nanos(1), []);
        assert_eq!((known(old), known(renewed)), (false, false));
    }

    #[test]
    fn silence_counts_once_somebody_listens() {
        let revocations = Revocations::new(Duration::ZERO);
        assert_eq!(revocations.out_since(), None);
        revocations.hear();
        assert!(revocations.out_since().is_some_and(|since| since > 1_700_000_000));
        let patient = Revocations::default();
        patient.hear();
        assert_eq!(patient.out_since(), None);
    }
}
