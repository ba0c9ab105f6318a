//! Keeps deliveries hidden from others for as long as they are worked on.

use std::time::Duration;

use tokio::time::{Instant, interval_at};

use crate::transport::{Receipt, Transport};

/// Runs `work` and extends the visibility of its deliveries every third of it.
pub(super) async fn with_heartbeat<T>(
    transport: &dyn Transport,
    queue: &str,
    receipts: &[Receipt],
    visibility: Duration,
    work: impl Future<Output = T>,
) -> T {
    let period = visibility / 3;
    let mut beat = interval_at(Instant::now() + period, period);
    tokio::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            _ = beat.tick() => {
                let extending = transport.extend(queue, receipts, visibility);
                // The work goes on while the queue answers, or does not.
                tokio::pin!(extending);
                let extended = tokio::select! {
                    done = &mut work => return done,
                    extended = &mut extending => extended,
                };
                if let Err(error) = extended {
                    // Others may receive them now; the inbox makes that harmless.
                    tracing::warn!(error = &error as &dyn std::error::Error, queue, "deliveries could not be extended");
                }
            }
        }
    }
}
