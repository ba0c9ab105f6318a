//! The metrics recorder and its text form.

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::Duration;

static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();

/// Bounds in seconds for everything whose name ends in `_seconds`.
const SECONDS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0,
];

/// How often samples are folded into their buckets when nobody scrapes; without it they would pile up.
const UPKEEP: Duration = Duration::from_secs(5);

/// Installs the recorder once a process.
pub(crate) fn install() {
    RECORDER.get_or_init(|| {
        let builder = PrometheusBuilder::new();
        // Refused only for an empty list of bounds.
        let builder = builder
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
            .unwrap_or_else(|_| PrometheusBuilder::new());
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        // Someone else's recorder, in a test for example, stays; ours then renders nothing.
        let _ = metrics::set_global_recorder(recorder);
        keep_up(handle.clone());
        handle
    });
}

fn keep_up(handle: PrometheusHandle) {
    let _ = std::thread::Builder::new()
        .name("metrics-upkeep".to_owned())
        .spawn(move || {
            loop {
                std::thread::sleep(UPKEEP);
                handle.run_upkeep();
            }
        });
}

/// All metrics of the process in the Prometheus text format; empty before [`crate::init`].
pub fn metrics_text() -> String {
    RECORDER.get().map(PrometheusHandle::render).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_and_bounds_show_up() {
        install();
        install();
        metrics::counter!("onus_tests_total", "kind" => "unit").increment(2);
        metrics::histogram!("onus_test_seconds").record(0.02);
        let text = metrics_text();
        assert!(text.contains("onus_tests_total{kind=\"unit\"} 2"), "{text}");
        assert!(
            text.contains("onus_test_seconds_bucket{le=\"0.025\"} 1"),
            "{text}"
        );
    }
}
