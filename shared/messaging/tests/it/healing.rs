//! What the queue lost is found again.

use std::sync::Arc;

use diesel_async::SimpleAsyncConnection as _;
use messaging::Transport;
use test_kit::{HostileTransport, Malice, eventually};
use uuid::Uuid;

use crate::support::{House, SOON, Scribe, event, events, settings, stream};

async fn all_sent(house: &House) {
    eventually(SOON, async || {
        let left =
            "SELECT count(*) FILTER (WHERE position IS NULL) + (SELECT count(*) FROM event_send) AS number
                    FROM event_log";
        (house.number("task", left).await == 0).then_some(())
    })
    .await;
}

fn benign() -> (Arc<HostileTransport>, Arc<dyn Transport>) {
    let queue = Arc::new(HostileTransport::new(Malice::default()));
    (Arc::clone(&queue), queue)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wiped_queue_leaves_nothing_missing() {
    let house = House::new().await;
    let (queue, transport) = benign();
    let streams: Vec<_> = (0..5).map(|_| stream()).collect();
    let relay = house.relay(&transport);
    for stream in &streams {
        house.publish(events(Uuid::now_v7(), stream, 1..=150)).await;
    }
    all_sent(&house).await;
    queue.wipe("audit");
    relay.drain().await;
    // Nothing is sent any more: all that comes, comes from the comparison of heads.
    let _consumer = house.consumer(&transport, &Arc::default(), &settings());
    for stream in &streams {
        house.applied(stream, 150).await;
    }
    assert_eq!(queue.depth("audit"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hole_is_filled_when_the_next_event_shows_it() {
    let house = House::new().await;
    let (queue, transport) = benign();
    let (stream, workspace) = (stream(), Uuid::now_v7());
    let mut settings = settings();
    // The comparison would find it too: it is put off until after the test.
    settings.reconcile.settle_ms = 600_000;
    let _consumer = house.consumer(&transport, &Arc::default(), &settings);
    let _relay = house.relay(&transport);
    house.publish(events(workspace, &stream, 1..=2)).await;
    house.applied(&stream, 2).await;
    queue.kill("audit");
    house.publish(events(workspace, &stream, 3..=5)).await;
    // The three are lost: no mark is left of them.
    let mut admin = house.db.admin("task").await;
    eventually(SOON, async || {
        admin.batch_execute("DELETE FROM event_send").await.unwrap();
        let stamped = "SELECT count(*) AS number FROM event_log WHERE position IS NULL";
        let left = "SELECT count(*) AS number FROM event_send";
        (house.number("task", stamped).await + house.number("task", left).await == 0).then_some(())
    })
    .await;
    admin.batch_execute("DELETE FROM event_send").await.unwrap();
    queue.revive("audit");
    house.publish(vec![event(workspace, &stream, 6)]).await;
    house.applied(&stream, 6).await;
    assert!(
        queue.accepted("audit").len() <= 3,
        "the lost events came by the queue"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comparison_begins_where_the_last_one_ended_however_long_ago() {
    let house = House::new().await;
    let (_, transport) = benign();
    let (lately, before, workspace) = (stream(), stream(), Uuid::now_v7());
    house
        .publish(vec![event(workspace, &lately, 1), event(workspace, &before, 1)])
        .await;
    let dated = format!(
        "UPDATE task.event_log SET created_at = now() - interval '2 hours' WHERE stream = '{lately}';
         UPDATE task.event_log SET created_at = now() - interval '5 hours' WHERE stream = '{before}';
         INSERT INTO audit.reconcile_mark VALUES ('audit', '/task-service', now() - interval '3 hours')"
    );
    house.db.admin("audit").await.batch_execute(&dated).await.unwrap();
    let _consumer = house.consumer(&transport, &Arc::default(), &settings());
    house.applied(&lately, 1).await;
    // What lies before the mark and the overlap was compared long ago and is not asked for again.
    assert!(!house.effects().await.contains_key(before.as_str()));
    let mark =
        "SELECT count(*) AS number FROM reconcile_mark WHERE compared_until > now() - interval '5 minutes'";
    eventually(SOON, async || {
        (house.number("audit", mark).await == 1).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_producer_that_is_away_is_asked_until_it_is_back() {
    let mut house = House::new().await;
    let (_, transport) = benign();
    let stream = stream();
    let mut settings = settings();
    settings.consumer.concurrency = 1;
    // The relay never ran, so only the producer's routes can tell; nobody listens on this port.
    house.publish(events(Uuid::now_v7(), &stream, 1..=250)).await;
    let url = std::mem::replace(&mut house.url, "http://127.0.0.1:1".to_owned());
    let scribe = Arc::new(Scribe::default());
    house.consumer(&transport, &scribe, &settings).drain().await;
    assert!(house.effects().await.is_empty());
    house.url = url;
    let _consumer = house.consumer(&transport, &scribe, &settings);
    house.applied(&stream, 250).await;
}
