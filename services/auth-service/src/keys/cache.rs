//! Keeping the ring at hand and up to date: another process may have rotated the keys.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use tokio::sync::Mutex;

use super::KeyRing;

/// How old a ring may grow. Short against the time for which a new key is published before it signs.
const FRESH: Duration = Duration::from_secs(20);

/// The ring as it was opened last.
#[derive(Default)]
pub struct KeyCache {
    known: RwLock<Option<(Instant, Arc<KeyRing>)>>,
    /// Held while the ring is being opened, so that this happens once at a time.
    opening: Mutex<()>,
}

impl KeyCache {
    /// The ring, opened by `open` where there is none yet or it has grown old. While somebody renews it, and when that
    /// fails, the old one goes on.
    pub async fn get<E>(&self, open: impl AsyncFnOnce() -> Result<KeyRing, E>) -> Result<Arc<KeyRing>, E> {
        let held = match self.known() {
            Some((at, ring)) if at.elapsed() < FRESH => return Ok(ring),
            Some((_old, ring)) => {
                let Ok(held) = self.opening.try_lock() else {
                    return Ok(ring);
                };
                held
            }
            None => self.opening.lock().await,
        };
        // Somebody may have been faster.
        let old = match self.known() {
            Some((at, ring)) if at.elapsed() < FRESH => return Ok(ring),
            old => old,
        };
        let opened = open().await;
        let ring = match (opened, old) {
            (Ok(ring), _) => Arc::new(ring),
            (Err(_), Some((_old, ring))) => ring,
            (Err(error), None) => return Err(error),
        };
        *self.known.write().unwrap_or_else(PoisonError::into_inner) =
            Some((Instant::now(), Arc::clone(&ring)));
        drop(held);
        Ok(ring)
    }

    /// Lets the next caller open the ring anew: the keys were changed by this process.
    pub fn expire(&self) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn known(&self) -> Option<(Instant, Arc<KeyRing>)> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: Duration = Duration::from_secs(21);

    fn ring() -> KeyRing {
        KeyRing::new(Vec::new())
    }

    async fn opened(cache: &KeyCache) -> Arc<KeyRing> {
        let answer = cache.get(async || Ok::<_, &str>(ring())).await;
        answer.unwrap()
    }

    /// A cache whose ring was opened a while ago.
    fn holding(ring: &Arc<KeyRing>, age: Duration) -> KeyCache {
        let at = Instant::now().checked_sub(age).unwrap();
        KeyCache {
            known: RwLock::new(Some((at, Arc::clone(ring)))),
            ..KeyCache::default()
        }
    }

    #[tokio::test]
    async fn a_ring_is_opened_once_for_all_who_ask_and_again_when_the_keys_were_changed() {
        let cache = KeyCache::default();
        let slowly = async || {
            tokio::task::yield_now().await;
            Ok::<_, &str>(ring())
        };
        let (one, two) = tokio::join!(cache.get(slowly), cache.get(slowly));
        let (one, two) = (one.unwrap(), two.unwrap());
        assert!(Arc::ptr_eq(&one, &two));
        assert!(Arc::ptr_eq(&one, &opened(&cache).await));
        cache.expire();
        assert!(!Arc::ptr_eq(&one, &opened(&cache).await));
    }

    #[tokio::test]
    async fn an_old_ring_is_renewed_and_goes_on_while_that_fails() {
        let old = Arc::new(ring());
        let cache = holding(&old, OLD);
        let failed = cache.get(async || Err("the database is away")).await;
        assert!(Arc::ptr_eq(&old, &failed.unwrap()));

        let cache = holding(&old, OLD);
        let held = cache.opening.lock().await;
        assert!(
            Arc::ptr_eq(&old, &opened(&cache).await),
            "somebody renews it already"
        );
        drop(held);
        assert!(!Arc::ptr_eq(&old, &opened(&cache).await));

        let none = KeyCache::default()
            .get(async || Err("the database is away"))
            .await;
        assert_eq!(none.err(), Some("the database is away"));
    }
}
