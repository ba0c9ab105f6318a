//! One trace from the change into the consumer.

use std::sync::Arc;

use uuid::Uuid;

use crate::support::{House, Scribe, event, settings, stream};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_runs_in_the_trace_of_the_change() {
    let quiet = telemetry::Settings {
        log: "off".to_owned(),
        ..telemetry::Settings::default()
    };
    let _guard = telemetry::init("messaging-test", &quiet);
    let house = House::new().await;
    let transport = house.postgres();
    let scribe = Arc::new(Scribe::default());
    let _relay = house.relay(&transport);
    let _consumer = house.consumer(&transport, &scribe, &settings());
    let stream = stream();
    let mut event = event(Uuid::now_v7(), &stream, 1);
    event.traceparent = Some(format!("00-{TRACE}-b7ad6b7169203331-01"));
    house.publish(vec![event]).await;
    house.applied(&stream, 1).await;
    let traces = scribe.traces.lock().unwrap().clone();
    let trace = traces[0].as_deref().expect("the handler runs in a span");
    assert_eq!(trace.split('-').nth(1), Some(TRACE));
    assert!(!trace.contains("b7ad6b7169203331"), "a span of its own");
    assert!(telemetry::metrics_text().contains("messaging_consumed_total{queue=\"audit\"} 1"));
}
