//! Waiting for changes of a workspace.
//!
//! Whoever waits is woken by the relay of this process directly, and by relays elsewhere through one notification per
//! batch. A wake-up is a hint: the caller reads the feed again in any case.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use postgres::{Database, DbError};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use uuid::Uuid;

use crate::pace::Backoff;
use crate::relay::stamp::read_payload;
use crate::store::{log, relay};

/// How often a waiter looks for itself while notifications cannot be heard.
const DEAF_POLL: Duration = Duration::from_secs(1);

/// Wakes those who wait for changes. Clones share one listening connection, made when the first one waits.
#[derive(Clone)]
pub struct Feed {
    shared: Arc<Shared>,
}

struct Shared {
    db: Database,
    hub: Arc<Hub>,
    listener: Mutex<Option<JoinHandle<()>>>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        let slot = self.listener.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(task) = slot.take() {
            task.abort();
        }
    }
}

impl Feed {
    /// A feed of the workspaces in this database's schema.
    pub fn new(db: Database) -> Feed {
        Feed {
            shared: Arc::new(Shared {
                db,
                hub: Arc::default(),
                listener: Mutex::default(),
            }),
        }
    }

    pub(crate) fn hub(&self) -> Arc<Hub> {
        Arc::clone(&self.shared.hub)
    }

    /// Whether changes made through other replicas are heard at once; true before anybody waits.
    pub fn is_live(&self) -> bool {
        let slot = self
            .shared
            .listener
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        slot.is_none() || self.shared.hub.listening.load(Ordering::Relaxed)
    }

    /// Returns when the workspace may have a position greater than `after`, at the latest after `wait`.
    pub async fn changed(&self, workspace: Uuid, after: i64, wait: Duration) {
        let deadline = Instant::now() + wait;
        self.listen();
        // Subscribed before the look, so that a change in between is not missed.
        let mut seat = Seat::take(&self.shared.hub, workspace);
        if self.is_past(workspace, after).await {
            return;
        }
        loop {
            let deaf = !self.shared.hub.listening.load(Ordering::Relaxed);
            tokio::select! {
                _ = seat.receiver.changed() => return,
                () = tokio::time::sleep_until(deadline) => return,
                () = tokio::time::sleep(DEAF_POLL), if deaf => {
                    if self.is_past(workspace, after).await {
                        return;
                    }
                }
            }
        }
    }

    async fn is_past(&self, workspace: Uuid, after: i64) -> bool {
        let Ok(mut conn) = self.shared.db.read().await else {
            return false;
        };
        // A failing database shows when the caller reads; here it only means to wait.
        log::head(&mut conn, workspace)
            .await
            .is_ok_and(|head| head > after)
    }

    /// Starts the listener, again if the runtime it lived on is gone.
    fn listen(&self) {
        let mut slot = self
            .shared
            .listener
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if slot.as_ref().is_none_or(JoinHandle::is_finished) {
            let (db, hub) = (self.shared.db.clone(), Arc::clone(&self.shared.hub));
            *slot = Some(tokio::spawn(async move { listen(&db, &hub).await }));
        }
    }
}

async fn listen(db: &Database, hub: &Hub) {
    let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(5));
    loop {
        let Err(error) = hear(db, hub, &mut backoff).await;
        hub.listening.store(false, Ordering::Relaxed);
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "the feed hears no other replica now"
        );
        tokio::time::sleep(backoff.next()).await;
    }
}

async fn hear(db: &Database, hub: &Hub, backoff: &mut Backoff) -> Result<std::convert::Infallible, DbError> {
    let channel = relay::channel(&mut *db.read().await?).await?;
    let mut listener = db.listen(&channel).await?;
    hub.listening.store(true, Ordering::Relaxed);
    backoff.reset();
    // Something may have happened while nobody listened.
    hub.wake_all();
    loop {
        match read_payload(&listener.next().await?) {
            Some(heads) => heads
                .into_iter()
                .for_each(|(workspace, position)| hub.publish(workspace, position)),
            None => hub.wake_all(),
        }
    }
}

/// The waiters of this process, by workspace.
#[derive(Default)]
pub(crate) struct Hub {
    seats: Mutex<HashMap<Uuid, watch::Sender<i64>>>,
    listening: AtomicBool,
}

impl Hub {
    /// Wakes those who wait for this workspace, unless they heard of the position already.
    pub(crate) fn publish(&self, workspace: Uuid, position: i64) {
        let seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = seats.get(&workspace) {
            sender.send_if_modified(|known| {
                let news = position > *known;
                *known = position.max(*known);
                news
            });
        }
    }

    fn wake_all(&self) {
        let seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        seats.values().for_each(|sender| sender.send_modify(|_| {}));
    }
}

/// One waiter. The last one of a workspace clears its entry away.
struct Seat<'a> {
    hub: &'a Hub,
    workspace: Uuid,
    receiver: watch::Receiver<i64>,
}

impl<'a> Seat<'a> {
    fn take(hub: &'a Hub, workspace: Uuid) -> Seat<'a> {
        let mut seats = hub.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let receiver = seats
            .entry(workspace)
            .or_insert_with(|| watch::Sender::new(0))
            .subscribe();
        Seat {
            hub,
            workspace,
            receiver,
        }
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        let mut seats = self.hub.seats.lock().unwrap_or_else(PoisonError::into_inner);
        // This receiver is still alive here, hence one.
        if seats
            .get(&self.workspace)
            .is_some_and(|sender| sender.receiver_count() <= 1)
        {
            seats.remove(&self.workspace);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_wakes_once_and_an_empty_workspace_costs_nothing() {
        let (hub, workspace) = (Hub::default(), Uuid::from_u128(7));
        let mut seat = Seat::take(&hub, workspace);
        hub.publish(workspace, 3);
        assert!(seat.receiver.has_changed().unwrap());
        seat.receiver.mark_unchanged();
        hub.publish(workspace, 3);
        assert!(!seat.receiver.has_changed().unwrap());
        hub.wake_all();
        assert!(seat.receiver.has_changed().unwrap());
        let second = Seat::take(&hub, workspace);
        drop(seat);
        assert_eq!(hub.seats.lock().unwrap().len(), 1);
        drop(second);
        assert_eq!(hub.seats.lock().unwrap().len(), 0);
    }
}
