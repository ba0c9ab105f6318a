//! A queue that does everything a queue may do to its users: it doubles, reorders, delays, refuses and forgets.
//!
//! It lives in memory and knows no groups: what it hands out next is chance. The chance is seeded, so that a failing
//! test fails again.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use messaging::{Delivery, EntryError, Limits, Outgoing, Receipt, ReceiveOrder, Transport, TransportError};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How bad it is. Shares are between 0 and 1.
#[derive(Clone, Copy, Debug, Default)]
pub struct Malice {
    /// Calls that fail as a whole; half of the failing sends have happened nevertheless.
    pub fail: f64,
    /// Entries of a batch that are refused.
    pub refuse: f64,
    /// Messages that are handed out and kept for another time as well.
    pub double: f64,
    /// Messages that are taken and forgotten.
    pub lose: f64,
    /// Acknowledgements that are forgotten.
    pub forget: f64,
    /// The longest time that a message lies about before it can be received.
    pub delay: Duration,
    /// Where chance begins.
    pub seed: u64,
}

/// A queue in memory, as bad as its [`Malice`].
pub struct HostileTransport {
    malice: Malice,
    state: Mutex<State>,
    arrived: Notify,
}

struct State {
    chance: StdRng,
    queues: HashMap<String, Vec<Message>>,
    accepted: HashMap<String, Vec<Outgoing>>,
    dead: HashSet<String>,
    receipts: u64,
}

struct Message {
    outgoing: Outgoing,
    visible_at: Instant,
    attempt: u32,
    receipt: u64,
}

impl HostileTransport {
    /// An empty one.
    pub fn new(malice: Malice) -> HostileTransport {
        let state = State {
            chance: StdRng::seed_from_u64(malice.seed),
            queues: HashMap::new(),
            accepted: HashMap::new(),
            dead: HashSet::new(),
            receipts: 0,
        };
        HostileTransport {
            malice,
            state: Mutex::new(state),
            arrived: Notify::new(),
        }
    }

    /// From now on every call for this queue fails.
    pub fn kill(&self, queue: &str) {
        self.state().dead.insert(queue.to_owned());
    }

    /// The queue answers again.
    pub fn revive(&self, queue: &str) {
        self.state().dead.remove(queue);
    }

    /// Forgets all messages of a queue, also those that somebody holds.
    pub fn wipe(&self, queue: &str) {
        self.state().queues.remove(queue);
    }

    /// How many messages a queue holds.
    pub fn depth(&self, queue: &str) -> usize {
        self.state().queues.get(queue).map_or(0, Vec::len)
    }

    /// Everything that was ever sent to a queue and not refused, in order.
    pub fn accepted(&self, queue: &str) -> Vec<Outgoing> {
        self.state().accepted.get(queue).cloned().unwrap_or_default()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn outage(&self, queue: &str, action: &'static str) -> Result<(), TransportError> {
        let mut state = self.state();
        if state.dead.contains(queue) || state.chance.random_bool(self.malice.fail) {
            return Err(TransportError::new(action, "hostility"));
        }
        Ok(())
    }

    /// Whether a failing send happens nevertheless.
    fn lies(&self, queue: &str) -> bool {
        let mut state = self.state();
        !state.dead.contains(queue) && state.chance.random_bool(0.5)
    }

    fn accept(&self, queue: &str, entry: &Outgoing) -> Result<(), EntryError> {
        let mut state = self.state();
        if state.chance.random_bool(self.malice.refuse) {
            return Err(EntryError {
                reason: "hostility".to_owned(),
                permanent: false,
            });
        }
        state
            .accepted
            .entry(queue.to_owned())
            .or_default()
            .push(entry.clone());
        if !state.chance.random_bool(self.malice.lose) {
            let visible_at = Instant::now() + self.some_delay(&mut state);
            let message = Message {
                outgoing: entry.clone(),
                visible_at,
                attempt: 0,
                receipt: 0,
            };
            state.queues.entry(queue.to_owned()).or_default().push(message);
        }
        Ok(())
    }

    fn some_delay(&self, state: &mut State) -> Duration {
        self.malice.delay.mul_f64(state.chance.random::<f64>())
    }

    fn take(&self, queue: &str, order: &ReceiveOrder) -> Vec<Delivery> {
        let state = &mut *self.state();
        let now = Instant::now();
        let Some(messages) = state.queues.get_mut(queue) else {
            return Vec::new();
        };
        let mut taken = Vec::new();
        let mut copies = Vec::new();
        while taken.len() < order.most {
            let visible: Vec<usize> = (0..messages.len())
                .filter(|index| messages[*index].visible_at <= now)
                .collect();
            if visible.is_empty() {
                break;
            }
            let message = &mut messages[visible[state.chance.random_range(0..visible.len())]];
            state.receipts += 1;
            message.receipt = state.receipts;
            message.attempt += 1;
            message.visible_at = now + order.visibility;
            let Outgoing { group, body, .. } = message.outgoing.clone();
            taken.push(Delivery {
                receipt: Receipt(state.receipts.to_string()),
                group,
                body,
                attempt: message.attempt,
            });
            if state.chance.random_bool(self.malice.double) {
                let late = self.malice.delay.mul_f64(state.chance.random::<f64>());
                copies.push(Message {
                    outgoing: message.outgoing.clone(),
                    visible_at: now + late,
                    attempt: 0,
                    receipt: 0,
                });
            }
        }
        messages.append(&mut copies);
        taken
    }

    fn hide(&self, queue: &str, receipts: &[Receipt], delay: Duration) {
        let mut state = self.state();
        let Some(messages) = state.queues.get_mut(queue) else {
            return;
        };
        for message in messages {
            if receipts
                .iter()
                .any(|receipt| receipt.0 == message.receipt.to_string())
            {
                message.visible_at = Instant::now() + delay;
            }
        }
    }
}

#[async_trait]
impl Transport for HostileTransport {
    fn limits(&self) -> Limits {
        Limits {
            entries: 10,
            bytes: 1_048_576,
        }
    }

    async fn send(
        &self,
        queue: &str,
        entries: &[Outgoing],
    ) -> Result<Vec<Result<(), EntryError>>, TransportError> {
        let failing = self.outage(queue, "send");
        if failing.is_err() && !self.lies(queue) {
            return failing.map(|()| Vec::new());
        }
        let results = entries.iter().map(|entry| self.accept(queue, entry)).collect();
        self.arrived.notify_waiters();
        failing.map(|()| results)
    }

    async fn receive(
        &self,
        queue: &str,
        order: &ReceiveOrder,
        stop: &CancellationToken,
    ) -> Result<Vec<Delivery>, TransportError> {
        self.outage(queue, "receive")?;
        let deadline = Instant::now() + order.wait;
        loop {
            let taken = self.take(queue, order);
            if !taken.is_empty() || Instant::now() >= deadline || stop.is_cancelled() {
                return Ok(taken);
            }
            // A delayed message rings no bell when its time comes, hence the short pause.
            tokio::select! {
                () = self.arrived.notified() => {}
                () = tokio::time::sleep(Duration::from_millis(5)) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    async fn acknowledge(&self, queue: &str, receipts: &[Receipt]) -> Result<(), TransportError> {
        self.outage(queue, "acknowledge")?;
        let state = &mut *self.state();
        let Some(messages) = state.queues.get_mut(queue) else {
            return Ok(());
        };
        messages.retain(|message| {
            let named = receipts
                .iter()
                .any(|receipt| receipt.0 == message.receipt.to_string());
            !named || state.chance.random_bool(self.malice.forget)
        });
        Ok(())
    }

    async fn extend(
        &self,
        queue: &str,
        receipts: &[Receipt],
        visibility: Duration,
    ) -> Result<(), TransportError> {
        self.outage(queue, "extend")?;
        self.hide(queue, receipts, visibility);
        Ok(())
    }

    async fn release(
        &self,
        queue: &str,
        receipts: &[Receipt],
        delay: Duration,
    ) -> Result<(), TransportError> {
        self.outage(queue, "release")?;
        self.hide(queue, receipts, delay);
        Ok(())
    }

    async fn probe(&self, queue: &str) -> Result<(), TransportError> {
        self.outage(queue, "probe")
    }
}
