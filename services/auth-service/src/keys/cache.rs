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
