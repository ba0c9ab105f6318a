//! The sender: claims what is due, sends it, and looks after what has lapsed or grown too old.

use std::time::Duration;

use postgres::DbError;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::deliver_mail::Courier;
use crate::store::deliveries::{self, Claim};

/// How often to look for lapsed and old deliveries.
const SWEEP: Duration = Duration::from_secs(2);

/// The sender's pace.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Mails at the same time.
    pub concurrency: usize,
    /// How often to look for due mail.
    pub poll: Duration,
    /// How long a mail stays claimed.
    pub lease: Duration,
}

/// Sends until it is told to stop, and then finishes what it has in hand.
pub async fn send_due_mail(courier: Courier, pace: Pace, stop: CancellationToken) {
    let mut sender = Sender::new(courier, pace);
    while !stop.is_cancelled() {
        sender.sweep().await;
        sender.fill().await;
        tokio::select! {
            () = stop.cancelled() => break,
            Some(done) = sender.hands.join_next(), if !sender.hands.is_empty() => sender.note(done.ok()),
            () = sleep_until(sender.next_look), if sender.free_hands() > 0 => {}
        }
    }
    // The deadline of each try bounds this.
    while sender.hands.join_next().await.is_some() {}
}

struct Sender {
    courier: Courier,
    pace: Pace,
    /// The tries under way; each says in the end whether the channel is in trouble.
    hands: JoinSet<bool>,
    /// When to look for due mail again.
    next_look: Instant,
    /// When to look for lapsed mail again.
    next_sweep: Instant,
    /// How often in a row the channel was in trouble. While it is, one mail at a time is tried.
    troubles: u32,
}

impl Sender {
    fn new(courier: Courier, pace: Pace) -> Sender {
        let now = Instant::now();
        Sender {
            courier,
            pace,
            hands: JoinSet::new(),
            next_look: now,
            next_sweep: now,
            troubles: 0,
        }
    }

    fn free_hands(&self) -> usize {
        let hands = if self.troubles > 0 {
            1
        } else {
            self.pace.concurrency
        };
        hands.saturating_sub(self.hands.len())
    }

    /// Claims as many mails as there are free hands, when it is time to look.
    async fn fill(&mut self) {
        let free = self.free_hands();
        if free == 0 || Instant::now() < self.next_look {
            return;
        }
        self.next_look = Instant::now() + self.pace.poll;
        match self.claim(free).await {
            Ok(claims) => {
                for claim in claims {
                    let courier = self.courier.clone();
                    self.hands.spawn(async move { courier.deliver(&claim).await });
                }
            }
            Err(error) => tracing::warn!(%error, "due mail could not be claimed"),
        }
    }

    async fn claim(&self, limit: usize) -> Result<Vec<Claim>, DbError> {
        let (via, lease) = (self.courier.channel.name(), self.pace.lease);
        let mut conn = self.courier.db.read().await?;
        // One statement is one short transaction: no lock is held while a mail is being sent.
        deliveries::claim(&mut conn, via, lease, limit).await
    }

    /// Learns from a finished try. A try that panicked says nothing, and its claim will lapse.
    fn note(&mut self, trouble: Option<bool>) {
        match trouble {
            // Several that were under way together are one trouble.
            Some(true) if !self.hands.is_empty() => self.troubles = self.troubles.max(1),
            Some(true) => {
                self.troubles = self.troubles.saturating_add(1);
                let patience = &self.courier.patience;
                let wait = patience
                    .base
                    .saturating_mul(1 << self.troubles.min(16).saturating_sub(1));
                self.next_look = Instant::now() + wait.min(patience.cap);
            }
            Some(false) => {
                self.troubles = 0;
                // There may be more where that came from.
                self.next_look = Instant::now();
            }
            None => {}
        }
    }

    async fn sweep(&mut self) {
        if Instant::now() < self.next_sweep {
            return;
        }
        self.next_sweep = Instant::now() + SWEEP;
        if let Err(error) = self.try_sweep().await {
            tracing::warn!(%error, "lapsed mail could not be looked for");
        }
    }

    async fn try_sweep(&self) -> Result<(), DbError> {
        let mut conn = self.courier.db.read().await?;
        let lapsed = deliveries::lapse(&mut conn).await?;
        let expired = deliveries::expire(&mut conn, self.courier.patience.max_age).await?;
        if lapsed + expired > 0 {
            tracing::warn!(
                lapsed,
                expired,
                "deliveries were taken from a dead sender or given up"
            );
        }
        let waiting = deliveries::waiting_for_channel(&mut conn).await?;
        metrics::gauge!("notify_deliveries_waiting").set(f64::from(waiting));
        Ok(())
    }
}
