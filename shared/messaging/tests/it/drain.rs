//! Stopping in order, and holding on to what is being worked on.

use std::sync::Arc;

use test_kit::eventually;
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::support::{House, SOON, Scribe, events, settings, stream};

const QUEUED: &str = "SELECT count(*) AS number FROM bus.message";

fn gated() -> (Arc<Semaphore>, Arc<Scribe>) {
    let gate = Arc::new(Semaphore::new(0));
    let scribe = Scribe {
        gate: Some(Arc::clone(&gate)),
        ..Scribe::default()
    };
    (gate, Arc::new(scribe))
}

async fn called(scribe: &Scribe) {
    eventually(SOON, async || {
        (!scribe.calls.lock().unwrap().is_empty()).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_received_is_finished_and_settled_before_a_consumer_stops() {
    let house = House::new().await;
    let transport = house.postgres();
    let (gate, scribe) = gated();
    let stream = stream();
    house.publish(events(Uuid::now_v7(), &stream, 1..=1)).await;
    let relay = house.relay(&transport);
    let mut settings = settings();
    settings.reconcile.settle_ms = 600_000;
    let consumer = house.consumer(&transport, &scribe, &settings);
    called(&scribe).await;
    // It is in the middle of its work when it is asked to stop.
    consumer.cancel.cancel();
    house
        .publish(events(Uuid::now_v7(), &crate::support::stream(), 1..=3))
        .await;
    eventually(SOON, async || {
        (house.number("audit", QUEUED).await >= 2).then_some(())
    })
    .await;
    assert!(!consumer.task.is_finished());
    gate.add_permits(100);
    consumer.drain().await;
    house.applied(&stream, 1).await;
    relay.drain().await;
    // The first is acknowledged; what came after the stop was left for others, visible and untouched.
    let untouched = "SELECT count(*) AS number FROM bus.message WHERE attempts = 0 AND visible_at <= now()";
    assert_eq!(house.number("audit", QUEUED).await, 3);
    assert_eq!(house.number("audit", untouched).await, 3);
    assert_eq!(scribe.calls.lock().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_work_stays_hidden_from_others() {
    let house = House::new().await;
    let transport = house.postgres();
    let (gate, scribe) = gated();
    let stream = stream();
    let _relay = house.relay(&transport);
    let mut settings = settings();
    settings.consumer.visibility_ms = 300;
    settings.reconcile.settle_ms = 600_000;
    let _consumers = [
        house.consumer(&transport, &scribe, &settings),
        house.consumer(&transport, &scribe, &settings),
    ];
    house.publish(events(Uuid::now_v7(), &stream, 1..=1)).await;
    called(&scribe).await;
    let visible_at = "SELECT (extract(epoch FROM visible_at) * 1000)::bigint AS number FROM bus.message";
    let first = house.number("audit", visible_at).await;
    // More than three times its visibility later it is still the same receive that holds it.
    eventually(SOON, async || {
        (house.number("audit", visible_at).await > first + 1_000).then_some(())
    })
    .await;
    assert_eq!(
        house
            .number("audit", "SELECT attempts::bigint AS number FROM bus.message")
            .await,
        1
    );
    assert_eq!(scribe.calls.lock().unwrap().len(), 1);
    gate.add_permits(1);
    house.applied(&stream, 1).await;
    eventually(SOON, async || {
        (house.number("audit", QUEUED).await == 0).then_some(())
    })
    .await;
}
