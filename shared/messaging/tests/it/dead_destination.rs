//! A queue that is down stops nobody but its own consumer.

use std::sync::Arc;

use contracts::{Event, EventType};
use messaging::{Producer, Route, Transport};
use test_kit::{HostileTransport, Malice, eventually};
use uuid::Uuid;

use crate::support::{House, Running, SOON, events, settings, stream};

const BOTH: &[Route] = &[
    Route {
        destination: "audit",
        types: &[EventType::TaskChanged],
    },
    Route {
        destination: "notify",
        types: &[EventType::TaskChanged],
    },
];

fn versions(queue: &HostileTransport, name: &str) -> Vec<i64> {
    let mut versions: Vec<i64> = queue
        .accepted(name)
        .iter()
        .map(|sent| Event::parse(&sent.body).unwrap().version)
        .collect();
    versions.dedup();
    versions
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_queue_stops_only_itself() {
    let house = House::new().await;
    let queue = Arc::new(HostileTransport::new(Malice::default()));
    queue.kill("notify");
    let mut settings = settings();
    settings.relay.idle_poll_ms = 30_000;
    let producer = Producer::new(
        house.task.clone(),
        Arc::clone(&queue) as Arc<dyn Transport>,
        BOTH,
        &settings,
    );
    let waker = producer.waker();
    let _relay = Running::start(|cancel| producer.run(cancel));
    let (stream, workspace) = (stream(), Uuid::now_v7());
    house.publish(events(workspace, &stream, 1..=40)).await;
    // Nobody looks for half a minute by itself: it is the wake-up that gets things going.
    waker.wake();
    let everything: Vec<i64> = (1..=40).collect();
    eventually(SOON / 4, async || {
        (versions(&queue, "audit") == everything).then_some(())
    })
    .await;
    eventually(SOON, async || {
        let left = "SELECT count(*) AS number FROM event_send WHERE destination = 'audit'";
        (house.number("task", left).await == 0).then_some(())
    })
    .await;
    assert_eq!(versions(&queue, "notify"), Vec::<i64>::new());
    let kept = "SELECT count(*) AS number FROM event_send WHERE destination = 'notify'";
    assert_eq!(house.number("task", kept).await, 40);
    queue.revive("notify");
    eventually(SOON, async || {
        (versions(&queue, "notify") == everything).then_some(())
    })
    .await;
}
