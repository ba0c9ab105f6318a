//! Waiting for a condition, with a deadline.

use std::time::Duration;

/// Asks `probe` until it gives a value, and gives that.
///
/// # Panics
/// When the deadline passes first.
pub async fn eventually<T>(deadline: Duration, mut probe: impl AsyncFnMut() -> Option<T>) -> T {
    let outcome = tokio::time::timeout(deadline, async {
        loop {
            if let Some(value) = probe().await {
                return value;
            }
            // Between two looks the other side needs the processor; the outcome does not depend on it.
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    outcome.unwrap_or_else(|_| panic!("the condition did not hold within {deadline:?}"))
}
