//! Waiting for changes, in the relay's process and in another one.

use std::time::Duration;

use messaging::{Feed, Producer, outbox};
use tokio::time::Instant;
use uuid::Uuid;

use crate::support::{House, ROUTES, Running, SOON, event, events, settings, stream};

async fn head(house: &House, workspace: Uuid) -> i64 {
    outbox::head(&mut house.task.read().await.unwrap(), workspace)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn waiters_are_woken_in_this_process_and_in_others() {
    let house = House::new().await;
    let producer = Producer::new(house.task.clone(), house.postgres(), ROUTES, &settings());
    let here = producer.feed();
    let there = Feed::new(house.db.database("task"));
    let _relay = Running::start(|cancel| producer.run(cancel));
    let (stream, workspace) = (stream(), Uuid::now_v7());
    // Both listen before anything happens; then a change wakes both long before their time is up.
    there.changed(workspace, 0, Duration::from_millis(1)).await;
    test_kit::eventually(SOON, async || there.is_live().then_some(())).await;
    for version in 1..=5 {
        let began = Instant::now();
        let waiting = async {
            tokio::join!(
                here.changed(workspace, version - 1, SOON * 2),
                there.changed(workspace, version - 1, SOON * 2)
            )
        };
        tokio::join!(waiting, house.publish(vec![event(workspace, &stream, version)]));
        assert_eq!(head(&house, workspace).await, version);
        assert!(began.elapsed() < SOON);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_behind_does_not_wait_and_who_is_not_waits_to_the_deadline() {
    let house = House::new().await;
    let transport = house.postgres();
    let _relay = house.relay(&transport);
    let (workspace, other) = (Uuid::now_v7(), Uuid::now_v7());
    house.publish(events(workspace, &stream(), 1..=2)).await;
    test_kit::eventually(SOON, async || (head(&house, workspace).await == 2).then_some(())).await;
    let feed = Feed::new(house.task.clone());
    feed.changed(other, 0, Duration::from_millis(1)).await;
    test_kit::eventually(SOON, async || feed.is_live().then_some(())).await;
    let began = Instant::now();
    feed.changed(workspace, 1, SOON).await;
    assert!(began.elapsed() < SOON / 2);
    let began = Instant::now();
    let quiet = Duration::from_millis(300);
    // Changes of other workspaces wake nobody here.
    tokio::join!(
        feed.changed(workspace, 2, quiet),
        house.publish(events(other, &stream(), 1..=1))
    );
    assert!(began.elapsed() >= quiet);
}
