//! Applying events: all at hand in one transaction, and one by one when that fails.

use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use contracts::Event;
use futures::FutureExt as _;
use postgres::{Connection, Database, DbError};
use tokio::sync::Notify;
use tracing::Instrument as _;

use super::handler::{HandleError, Handler};
use super::plan::{Plan, StreamKey, plan};
use crate::pace::doubled;
use crate::settings::{ConsumerSettings, ms};
use crate::store::{gap, inbox, quarantine};
use crate::transport::Transport;

/// What the lanes, the catching up and the comparison share.
pub(super) struct Worker {
    pub(super) db: Database,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) queue: &'static str,
    pub(super) handler: Arc<dyn Handler>,
    pub(super) settings: ConsumerSettings,
    /// Rung when a hole was seen.
    pub(super) hole: Notify,
}

/// What became of one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Dealt with for good: applied, a duplicate, noted as known, or in quarantine.
    Done,
    /// To be tried again after this time.
    Later(Duration),
}

/// What became of events, in their order.
pub(super) struct Taken {
    pub(super) verdicts: Vec<Verdict>,
    /// Whether the database was away, so that there is no use in asking for more.
    pub(super) outage: bool,
}

/// An event and how often its transport handed it out.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    pub(super) event: Event,
    pub(super) attempt: u32,
}

impl Worker {
    pub(super) fn new(
        db: Database,
        transport: Arc<dyn Transport>,
        queue: &'static str,
        handler: Arc<dyn Handler>,
        settings: ConsumerSettings,
    ) -> Worker {
        Worker {
            db,
            transport,
            queue,
            handler,
            settings,
            hole: Notify::new(),
        }
    }

    /// Takes events in. Never fails: what could not be applied is to be tried later.
    pub(super) async fn take(&self, arrivals: &[Arrival]) -> Taken {
        let events: Vec<Event> = arrivals.iter().map(|arrival| arrival.event.clone()).collect();
        match self.apply(events).await {
            Ok(()) => Taken {
                verdicts: vec![Verdict::Done; arrivals.len()],
                outage: false,
            },
            Err(error) if self.is_away(&error).await => {
                self.tell(&error, "the database is away; events wait");
                Taken {
                    verdicts: vec![self.soon(); arrivals.len()],
                    outage: true,
                }
            }
            Err(error) => {
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    queue = self.queue,
                    "one by one now"
                );
                self.take_one_by_one(arrivals).await
            }
        }
    }

    /// One transaction per event. When one fails, the later ones of its stream wait with it; others go on.
    async fn take_one_by_one(&self, arrivals: &[Arrival]) -> Taken {
        let mut taken = Taken {
            verdicts: vec![Verdict::Done; arrivals.len()],
            outage: false,
        };
        let mut waiting: Vec<(StreamKey, Verdict)> = Vec::new();
        let mut order: Vec<usize> = (0..arrivals.len()).collect();
        order.sort_by_key(|index| arrivals[*index].event.version);
        for index in order {
            let Arrival { event, attempt } = &arrivals[index];
            let key = StreamKey::of(event);
            if taken.outage {
                taken.verdicts[index] = self.soon();
                continue;
            }
            if let Some((_, verdict)) = waiting.iter().find(|(stream, _)| *stream == key) {
                taken.verdicts[index] = *verdict;
                continue;
            }
            let Err(error) = self.apply(vec![event.clone()]).await else {
                continue;
            };
            let verdict = match error.rejection() {
                Some(reason) => self.reject(event, reason).await,
                None => {
                    self.tell(&error, "an event could not be applied; its stream waits");
                    taken.outage = self.is_away(&error).await;
                    if taken.outage {
                        self.soon()
                    } else {
                        self.later(*attempt)
                    }
                }
            };
            taken.verdicts[index] = verdict;
            if verdict != Verdict::Done {
                waiting.push((key, verdict));
            }
        }
        taken
    }

    /// One transaction: locks the streams, applies what is next in each, notes what lies beyond a hole, moves the heads.
    async fn apply(&self, events: Vec<Event>) -> Result<(), HandleError> {
        let spans: Vec<tracing::Span> = events.iter().map(|event| self.span(event)).collect();
        let (queue, handler) = (self.queue, Arc::clone(&self.handler));
        let work = self.db.write::<Plan, HandleError, _>(move |conn| {
            async move { transact(conn, queue, handler.as_ref(), &events).await }.boxed()
        });
        // One transaction serves several traces; its statements are shown in the first one's.
        let plan = match spans.first() {
            Some(span) => work.instrument(span.clone()).await?,
            None => work.await?,
        };
        metrics::counter!("messaging_consumed_total", "queue" => self.queue)
            .increment(plan.fresh.len() as u64);
        metrics::counter!("messaging_duplicates_total", "queue" => self.queue)
            .increment(plan.duplicates as u64);
        if !plan.beyond.is_empty() {
            metrics::counter!("messaging_holes_total", "queue" => self.queue)
                .increment(plan.beyond.len() as u64);
            self.hole.notify_one();
        }
        Ok(())
    }

    fn span(&self, event: &Event) -> tracing::Span {
        let span = tracing::info_span!(
            "consume",
            otel.kind = "consumer",
            messaging.destination.name = self.queue,
            messaging.message.id = %event.id,
            event.r#type = %event.kind,
            event.stream = %event.stream,
            event.version = event.version,
        );
        telemetry::continue_from(&span, event.traceparent.as_deref());
        span
    }

    /// Counts a rejection; at the limit the event goes to quarantine and its stream is parked.
    async fn reject(&self, event: &Event, reason: String) -> Verdict {
        let (queue, limit, key) = (self.queue, self.settings.rejections, StreamKey::of(event));
        metrics::counter!("messaging_rejected_total", "queue" => queue).increment(1);
        let (rejected, why) = (event.clone(), reason.clone());
        let counted = self
            .db
            .write::<_, DbError, _>(move |conn| {
                async move {
                    let Some(count) = inbox::reject(conn, queue, &key, rejected.version).await? else {
                        return Ok(None);
                    };
                    if count >= limit {
                        quarantine::keep(conn, queue, &rejected, &why).await?;
                        inbox::park(conn, queue, &key).await?;
                        // Where the stream goes on once it is redriven.
                        gap::note(conn, queue, &[(key, rejected.version)], Duration::ZERO).await?;
                    }
                    Ok(Some(count))
                }
                .boxed()
            })
            .await;
        match counted {
            Ok(None) => Verdict::Done,
            Ok(Some(count)) if count >= limit => {
                metrics::counter!("messaging_quarantined_total", "queue" => queue).increment(1);
                tracing::error!(queue, event = %event.id, stream = %event.stream, version = event.version, reason,
                    "an event is in quarantine and its stream is parked; run redrive when the cause is mended");
                Verdict::Done
            }
            Ok(Some(count)) => {
                tracing::warn!(queue, event = %event.id, stream = %event.stream, reason, count, "an event was rejected");
                self.later(u32::try_from(count).unwrap_or(1))
            }
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    queue,
                    "a rejection could not be counted"
                );
                self.later(1)
            }
        }
    }

    /// Whether the database is away, so that other events would fail as well. One event that always runs into a
    /// timeout looks the same, hence the question.
    async fn is_away(&self, error: &HandleError) -> bool {
        error.is_outage() && self.db.ping().await.is_err()
    }

    /// After an outage: not the event's fault, so its tries do not matter.
    fn soon(&self) -> Verdict {
        Verdict::Later(ms(self.settings.retry_ms) * 4)
    }

    fn later(&self, tries: u32) -> Verdict {
        Verdict::Later(doubled(
            ms(self.settings.retry_ms),
            tries,
            ms(self.settings.max_retry_ms),
        ))
    }

    fn tell(&self, error: &HandleError, what: &str) {
        tracing::warn!(
            error = error as &dyn std::error::Error,
            queue = self.queue,
            "{what}"
        );
    }
}

async fn transact(
    conn: &mut Connection,
    queue: &str,
    handler: &dyn Handler,
    events: &[Event],
) -> Result<Plan, HandleError> {
    let mut keys: Vec<StreamKey> = events.iter().map(StreamKey::of).collect();
    keys.sort_unstable();
    keys.dedup();
    let inbox = inbox::lock(conn, queue, &keys).await?;
    let plan = plan(events, &inbox);
    if !plan.fresh.is_empty() {
        let fresh: Vec<Event> = plan.fresh.iter().map(|index| events[*index].clone()).collect();
        for event in &fresh {
            let age = (Utc::now() - event.time).as_seconds_f64().max(0.0);
            metrics::histogram!("messaging_consume_age_seconds", "queue" => queue.to_owned()).record(age);
        }
        handler.handle(conn, &fresh).await?;
        inbox::advance(conn, queue, &plan.heads).await?;
    }
    if !plan.beyond.is_empty() {
        gap::note(conn, queue, &plan.beyond, Duration::ZERO).await?;
    }
    Ok(plan)
}
