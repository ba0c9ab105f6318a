//! Events that cannot be applied: five rejections and out; failures, outages and panics as often as they like.

use std::sync::Arc;

use messaging::{Outgoing, redrive};
use test_kit::eventually;
use uuid::Uuid;

use crate::support::{House, SOON, Scribe, event, events, settings, stream};

const KEPT: &str = "SELECT count(*) AS number FROM quarantine";
const QUEUED: &str = "SELECT count(*) AS number FROM bus.message";

async fn wait_for(house: &House, query: &str, number: i64) {
    eventually(SOON, async || {
        (house.number("audit", query).await == number).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_event_parks_its_stream_until_it_is_redriven() {
    let house = House::new().await;
    let transport = house.postgres();
    let scribe = Arc::new(Scribe::default());
    let (bad, good, workspace) = (stream(), stream(), Uuid::now_v7());
    scribe
        .rejects
        .lock()
        .unwrap()
        .insert((bad.as_str().to_owned(), 3));
    let _relay = house.relay(&transport);
    let _consumer = house.consumer(&transport, &scribe, &settings());
    house.publish(events(workspace, &bad, 1..=6)).await;
    house.publish(events(workspace, &good, 1..=6)).await;
    wait_for(&house, KEPT, 1).await;
    house.applied(&good, 6).await;
    assert_eq!(house.effects().await[bad.as_str()], [1, 2]);
    let about = "SELECT version AS number FROM quarantine WHERE reason = 'not in this house' AND event_id IS NOT NULL";
    assert_eq!(house.number("audit", about).await, 3);

    // Parked: what comes later is taken from the queue and noted, and the bad event is not fetched again.
    house.publish(vec![event(workspace, &bad, 7)]).await;
    wait_for(&house, QUEUED, 0).await;
    wait_for(&house, "SELECT max(known) AS number FROM inbox_gap", 7).await;
    let tried = scribe.calls_with(&bad, 3);
    house.publish(vec![event(workspace, &good, 7)]).await;
    house.applied(&good, 7).await;
    assert_eq!(scribe.calls_with(&bad, 3), tried);
    assert_eq!(house.effects().await[bad.as_str()], [1, 2]);

    scribe.rejects.lock().unwrap().clear();
    assert_eq!(
        redrive(&house.audit, "audit", Some("task/other")).await.unwrap(),
        Vec::<String>::new()
    );
    assert_eq!(
        redrive(&house.audit, "audit", None).await.unwrap(),
        [bad.as_str()]
    );
    house.applied(&bad, 7).await;
    wait_for(
        &house,
        "SELECT count(*) AS number FROM quarantine WHERE redriven_at IS NULL",
        0,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_violated_constraint_is_a_rejection() {
    let house = House::new().await;
    let transport = house.postgres();
    let bad = stream();
    // The table of effects refuses the version 666.
    let mut admin = house.db.admin("audit").await;
    let head = format!(
        "INSERT INTO inbox (queue, source, stream, head) VALUES ('audit', '/task-service', '{}', 665)",
        bad.as_str()
    );
    diesel_async::SimpleAsyncConnection::batch_execute(&mut admin, &head)
        .await
        .unwrap();
    let _relay = house.relay(&transport);
    let _consumer = house.consumer(&transport, &Arc::default(), &settings());
    house.publish(vec![event(Uuid::now_v7(), &bad, 666)]).await;
    wait_for(&house, KEPT, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_and_panics_never_count() {
    let house = House::new().await;
    let transport = house.postgres();
    let scribe = Arc::new(Scribe::default());
    *scribe.fails.lock().unwrap() = 12;
    *scribe.panics.lock().unwrap() = 12;
    let stream = stream();
    let _relay = house.relay(&transport);
    let _consumer = house.consumer(&transport, &scribe, &settings());
    house.publish(events(Uuid::now_v7(), &stream, 1..=3)).await;
    house.applied(&stream, 3).await;
    assert_eq!(
        (*scribe.fails.lock().unwrap(), *scribe.panics.lock().unwrap()),
        (0, 0)
    );
    assert_eq!(house.number("audit", KEPT).await, 0);
    assert_eq!(
        house
            .number(
                "audit",
                "SELECT coalesce(max(rejections), 0)::bigint AS number FROM inbox"
            )
            .await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_always_times_out_holds_up_its_own_stream_only() {
    let house = House::new().await;
    let transport = house.postgres();
    let scribe = Arc::new(Scribe::default());
    let (slow, workspace) = (stream(), Uuid::now_v7());
    scribe
        .timeouts
        .lock()
        .unwrap()
        .insert((slow.as_str().to_owned(), 1));
    let _relay = house.relay(&transport);
    let _consumer = house.consumer(&transport, &scribe, &settings());
    house.publish(events(workspace, &slow, 1..=2)).await;
    eventually(SOON, async || (scribe.calls_with(&slow, 1) >= 12).then_some(())).await;
    let good = stream();
    house.publish(events(workspace, &good, 1..=5)).await;
    house.applied(&good, 5).await;
    assert_eq!(house.number("audit", KEPT).await, 0);
    scribe.timeouts.lock().unwrap().clear();
    house.applied(&slow, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_no_event_is_set_aside_and_stops_nobody() {
    let house = House::new().await;
    let transport = house.postgres();
    let (stream, workspace) = (stream(), Uuid::now_v7());
    let nonsense = Outgoing {
        id: Uuid::now_v7(),
        group: stream.as_str().to_owned(),
        body: "{nonsense".to_owned(),
    };
    transport.send("audit", &[nonsense]).await.unwrap();
    let _relay = house.relay(&transport);
    let _consumer = house.consumer(&transport, &Arc::default(), &settings());
    house.publish(events(workspace, &stream, 1..=2)).await;
    house.applied(&stream, 2).await;
    wait_for(&house, KEPT, 1).await;
}
