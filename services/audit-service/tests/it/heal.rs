//! What the queue loses is found again at the producer.

use std::time::Duration;

use messaging::ReceiveOrder;
use test_kit::eventually;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::{House, SOON, Team, events_of, ids};

#[tokio::test(flavor = "multi_thread")]
async fn a_hole_is_fetched_from_its_producer() {
    let house = House::start().await;
    let team = Team::new();
    let events = team.history(Uuid::now_v7(), 1..=7);
    house.task.publish(&events).await;
    house.send(&events[..2]).await;
    house.send(&events[6..]).await;
    assert_eq!(events_of(&house.log_of(team.workspace, 7).await), ids(&events));
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_last_events_are_found_by_comparing_heads() {
    let house = House::start().await;
    let team = Team::new();
    let known = team.history(Uuid::now_v7(), 1..=4);
    let unheard_of = team.history(Uuid::now_v7(), 1..=3);
    house.task.publish(&known).await;
    house.task.publish(&unheard_of).await;
    house.send(&known[..2]).await;
    let log = events_of(&house.log_of(team.workspace, 7).await);
    let of = |stream: &[Uuid]| {
        log.iter()
            .copied()
            .filter(|id| stream.contains(id))
            .collect::<Vec<Uuid>>()
    };
    assert_eq!(of(&ids(&known)), ids(&known));
    assert_eq!(of(&ids(&unheard_of)), ids(&unheard_of));
}

/// Takes everything off the queue that can be had, and forgets it.
async fn wipe(house: &House) -> usize {
    let order = ReceiveOrder {
        most: 100,
        wait: Duration::from_millis(20),
        visibility: Duration::from_secs(30),
    };
    let taken = house
        .queue
        .receive("audit", &order, &CancellationToken::new())
        .await
        .unwrap();
    let receipts: Vec<_> = taken.into_iter().map(|delivery| delivery.receipt).collect();
    if !receipts.is_empty() {
        house.queue.acknowledge("audit", &receipts).await.unwrap();
    }
    receipts.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_wiped_in_mid_run_ends_complete() {
    let house = House::start().await;
    let _relay = house.task.relay(&house.queue, &house.settings);
    let team = Team::new();
    let tasks: Vec<Uuid> = (0..10).map(|_| Uuid::now_v7()).collect();
    let mut wiped = 0;
    for round in 0..20_i64 {
        for task in &tasks {
            house
                .task
                .publish(&team.history(*task, round * 2 + 1..=round * 2 + 2))
                .await;
        }
        wiped += wipe(&house).await;
    }
    // One more change each, of which at least one must be lost on its way as well.
    for task in &tasks {
        house.task.publish(&team.history(*task, 41..=41)).await;
    }
    let extra = Uuid::now_v7();
    let mut version = 0;
    let lost = eventually(SOON, async || {
        version += 1;
        house.task.publish(&team.history(extra, version..=version)).await;
        wiped += wipe(&house).await;
        (wiped > 0).then_some(wiped)
    })
    .await;

    let total = tasks.len() * 41 + usize::try_from(version).unwrap();
    let log = house.log_of(team.workspace, total).await;
    assert_eq!(log.len(), total, "after {lost} events were wiped off the queue");
    for (index, entry) in log.iter().enumerate() {
        assert_eq!(entry["index"], serde_json::json!(index));
    }
}
