//! A hint within one process that a queue has something new. It only shortens a pause: who misses it, or lives in
//! another process, finds the message at the next look.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use tokio::sync::Notify;

static BELLS: LazyLock<Mutex<HashMap<String, Arc<Notify>>>> = LazyLock::new(Mutex::default);

/// The bell of a queue. There are as many as queues, which are few.
pub(super) fn doorbell(queue: &str) -> Arc<Notify> {
    let mut bells = BELLS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(bell) = bells.get(queue) {
        return Arc::clone(bell);
    }
    Arc::clone(bells.entry(queue.to_owned()).or_default())
}
