//! Stamping: the next position of its workspace for every committed event, in the order of the log.

use std::fmt::Write as _;
use std::sync::Arc;

use futures::FutureExt as _;
use postgres::{Database, DbError};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Route;
use crate::feed::Hub;
use crate::pace::{Backoff, Pace};
use crate::settings::{RelaySettings, ms};
use crate::store::relay as store;
use crate::supervise::pause;

/// Postgres refuses a notification of 8,000 bytes.
const PAYLOAD: usize = 7_900;

/// The loop that stamps.
pub(super) struct Stamper {
    pub(super) db: Database,
    pub(super) routes: &'static [Route],
    pub(super) settings: RelaySettings,
    pub(super) hub: Arc<Hub>,
    /// Rung after a commit in this process.
    pub(super) wake: Arc<Notify>,
    /// Rung when there is something to send.
    pub(super) senders: Vec<Arc<Notify>>,
}

impl Stamper {
    pub(super) async fn run(self, cancel: CancellationToken) {
        let mut pace = Pace::new(ms(self.settings.busy_poll_ms), ms(self.settings.idle_poll_ms));
        let mut backoff = Backoff::new(ms(self.settings.retry_ms), ms(60_000));
        while !cancel.is_cancelled() {
            match self.batch().await {
                Ok(0) => {
                    backoff.reset();
                    tokio::select! {
                        () = self.wake.notified() => {}
                        () = tokio::time::sleep(pace.pause()) => {}
                        () = cancel.cancelled() => {}
                    }
                }
                Ok(_) => pace.worked(),
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "events cannot be stamped now"
                    );
                    pause(backoff.next(), &cancel).await;
                }
            }
        }
    }

    /// Stamps what is there, up to a batch per shard; gives the number of workspaces it touched.
    async fn batch(&self) -> Result<usize, DbError> {
        if !store::any_unstamped(&mut *self.db.read().await?).await? {
            return Ok(0);
        }
        let batch = i64::try_from(self.settings.batch).unwrap_or(i64::MAX);
        let routes: Vec<(&'static str, &'static str)> = self
            .routes
            .iter()
            .flat_map(|route| route.types.iter().map(|kind| (route.destination, kind.as_str())))
            .collect();
        let heads = self
            .db
            .write::<_, DbError, _>(move |conn| {
                async move {
                    let shards = store::lock_unstamped(conn).await?;
                    if shards.is_empty() {
                        return Ok(Vec::new());
                    }
                    let heads = store::stamp(conn, &shards, batch, &routes).await?;
                    if !heads.is_empty() {
                        store::notify(conn, &payload(&heads)).await?;
                    }
                    Ok(heads)
                }
                .boxed()
            })
            .await?;
        for head in &heads {
            self.hub.publish(head.workspace, head.position);
        }
        if !heads.is_empty() {
            self.senders.iter().for_each(|sender| sender.notify_one());
        }
        Ok(heads.len())
    }
}

/// `workspace:position` pairs with commas between them, or `*` when there are too many for one notification.
fn payload(heads: &[store::Head]) -> String {
    let mut text = String::new();
    for head in heads {
        let comma = if text.is_empty() { "" } else { "," };
        // Writing to a String cannot fail.
        let _ = write!(text, "{comma}{}:{}", head.workspace.simple(), head.position);
        if text.len() > PAYLOAD {
            return "*".to_owned();
        }
    }
    text
}

/// Reads a payload; nothing means that anything may have changed.
pub(crate) fn read_payload(text: &str) -> Option<Vec<(Uuid, i64)>> {
    text.split(',')
        .map(|pair| {
            let (workspace, position) = pair.split_once(':')?;
            Some((Uuid::parse_str(workspace).ok()?, position.parse().ok()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads(count: u128) -> Vec<store::Head> {
        (0..count)
            .map(|n| store::Head {
                workspace: Uuid::from_u128(n),
                position: i64::MAX,
            })
            .collect()
    }

    #[test]
    fn a_payload_reads_back() {
        assert_eq!(
            read_payload(&payload(&heads(2))),
            Some(vec![
                (Uuid::from_u128(0), i64::MAX),
                (Uuid::from_u128(1), i64::MAX)
            ])
        );
    }

    #[test]
    fn too_many_workspaces_mean_everything() {
        let text = payload(&heads(1_000));
        assert_eq!(text, "*");
        assert_eq!(read_payload(&text), None);
    }
}
