//! Keeps a loop of the bus alive: a panic is logged and the loop begins again.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument as _;

/// Pause after a panic.
const PAUSE: Duration = Duration::from_secs(1);

/// Runs `make()` on a task of its own until it returns by itself. Dropping the answer ends the task.
pub(crate) async fn supervise<F, Fut>(name: &'static str, cancel: CancellationToken, make: F)
where
    F: Fn() -> Fut + Send,
    Fut: Future<Output = ()> + Send + 'static,
{
    loop {
        match AbortOnDropHandle::new(tokio::spawn(make().in_current_span())).await {
            Ok(()) => return,
            Err(error) => tracing::error!(%error, name, "a loop of the bus panicked and begins again"),
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = cancel.cancelled() => return,
        }
    }
}

/// Sleeps, unless cancelled first.
pub(crate) async fn pause(duration: Duration, cancel: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(duration) => {}
        () = cancel.cancelled() => {}
    }
}
