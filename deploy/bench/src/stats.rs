//! Latencies and what is said of them.

use std::time::Duration;

use serde::Serialize;

/// Median and 99th percentile of some latencies, in milliseconds.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Latency {
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
}

impl Latency {
    /// Of any number of samples; zeros where there are none.
    pub(crate) fn of(samples: &mut [Duration]) -> Latency {
        samples.sort_unstable();
        let at = |part: f64| {
            let last = samples.len().saturating_sub(1);
            // Rounding to an index: the precision of f64 is beyond any number of samples taken here.
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "an index below the length"
            )]
            let index = (last as f64 * part).round() as usize;
            samples
                .get(index)
                .map_or(0.0, |sample| sample.as_secs_f64() * 1000.0)
        };
        Latency {
            p50_ms: at(0.5),
            p99_ms: at(0.99),
        }
    }
}
