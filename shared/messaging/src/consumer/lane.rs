//! One lane: receives, has the events applied, settles. Several lanes run side by side.

use std::sync::Arc;
use std::time::Duration;

use contracts::Event;
use futures::FutureExt as _;
use postgres::DbError;
use tokio_util::sync::CancellationToken;

use super::apply::{Arrival, Verdict, Worker};
use super::heartbeat::with_heartbeat;
use crate::pace::Backoff;
use crate::settings::ms;
use crate::store::quarantine;
use crate::supervise::pause;
use crate::transport::{Delivery, Receipt, ReceiveOrder, TransportError};

pub(super) async fn run(worker: Arc<Worker>, cancel: CancellationToken) {
    let settings = &worker.settings;
    let order = ReceiveOrder {
        most: settings.receive.min(worker.transport.limits().entries),
        wait: ms(settings.wait_ms),
        visibility: ms(settings.visibility_ms),
    };
    let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(5));
    while !cancel.is_cancelled() {
        match worker.transport.receive(worker.queue, &order, &cancel).await {
            Ok(deliveries) if deliveries.is_empty() => backoff.reset(),
            Ok(deliveries) => {
                if worker.deal_with(deliveries).await {
                    pause(backoff.next(), &cancel).await;
                } else {
                    backoff.reset();
                }
            }
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    queue = worker.queue,
                    "cannot receive now"
                );
                pause(backoff.next(), &cancel).await;
            }
        }
    }
}

impl Worker {
    /// Applies and settles one receive; says whether the database was away.
    async fn deal_with(&self, deliveries: Vec<Delivery>) -> bool {
        let receipts: Vec<Receipt> = deliveries
            .iter()
            .map(|delivery| delivery.receipt.clone())
            .collect();
        let visibility = ms(self.settings.visibility_ms);
        let work = async {
            let mut settled: Vec<(Receipt, Verdict)> = Vec::new();
            let (mut arrivals, mut held) = (Vec::new(), Vec::new());
            for Delivery {
                receipt,
                group,
                body,
                attempt,
            } in deliveries
            {
                match Event::parse(&body) {
                    Ok(event) => {
                        arrivals.push(Arrival { event, attempt });
                        held.push(receipt);
                    }
                    Err(error) => {
                        let verdict = self.set_aside(group, body, error.to_string()).await;
                        settled.push((receipt, verdict));
                    }
                }
            }
            let taken = if arrivals.is_empty() {
                None
            } else {
                Some(self.take(&arrivals).await)
            };
            let outage = taken.as_ref().is_some_and(|taken| taken.outage);
            settled.extend(
                held.into_iter()
                    .zip(taken.into_iter().flat_map(|taken| taken.verdicts)),
            );
            (settled, outage)
        };
        let (settled, outage) =
            with_heartbeat(self.transport.as_ref(), self.queue, &receipts, visibility, work).await;
        if let Err(error) = self.settle(settled).await {
            // They come again and are found to be duplicates.
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                queue = self.queue,
                "deliveries stay unsettled"
            );
        }
        outage
    }

    /// A message that is no event goes to quarantine at once. It parks nothing: if it stands for a version, that is a
    /// hole like any other, and the producer still has the event.
    async fn set_aside(&self, group: String, body: String, reason: String) -> Verdict {
        let queue = self.queue;
        tracing::error!(
            queue,
            group,
            reason,
            "a message that is no event is in quarantine"
        );
        metrics::counter!("messaging_quarantined_total", "queue" => queue).increment(1);
        let kept = self
            .db
            .write::<(), DbError, _>(move |conn| {
                async move { quarantine::keep_unreadable(conn, queue, &group, &body, &reason).await }.boxed()
            })
            .await;
        match kept {
            Ok(()) => Verdict::Done,
            Err(_) => Verdict::Later(ms(self.settings.retry_ms)),
        }
    }

    async fn settle(&self, settled: Vec<(Receipt, Verdict)>) -> Result<(), TransportError> {
        let mut done = Vec::new();
        let mut later: Vec<(Duration, Vec<Receipt>)> = Vec::new();
        for (receipt, verdict) in settled {
            match verdict {
                Verdict::Done => done.push(receipt),
                Verdict::Later(delay) => match later.iter_mut().find(|(known, _)| *known == delay) {
                    Some((_, receipts)) => receipts.push(receipt),
                    None => later.push((delay, vec![receipt])),
                },
            }
        }
        for (delay, receipts) in later {
            self.transport.release(self.queue, &receipts, delay).await?;
        }
        if !done.is_empty() {
            self.transport.acknowledge(self.queue, &done).await?;
        }
        Ok(())
    }
}
