//! A queue that does its worst: effects are exactly once and in order all the same.

use std::sync::Arc;
use std::time::Duration;

use contracts::Stream;
use messaging::Transport;
use test_kit::{HostileTransport, Malice, eventually};
use uuid::Uuid;

use crate::support::{House, SOON, Scribe, events, settings, stream};

#[tokio::test(flavor = "multi_thread")]
async fn effects_are_exactly_once_and_in_order_on_a_hostile_queue() {
    let house = House::new().await;
    let malice = Malice {
        fail: 0.1,
        refuse: 0.1,
        double: 0.2,
        lose: 0.1,
        forget: 0.1,
        delay: Duration::from_millis(50),
        seed: 20_261_121,
    };
    let transport: Arc<dyn Transport> = Arc::new(HostileTransport::new(malice));
    let scribe = Arc::new(Scribe::default());
    let _relays = [house.relay(&transport), house.relay(&transport)];
    let mut settings = settings();
    settings.consumer.concurrency = 3;
    let _consumers = [
        house.consumer(&transport, &scribe, &settings),
        house.consumer(&transport, &scribe, &settings),
    ];
    let streams: Vec<Stream> = (0..30).map(|_| stream()).collect();
    for round in 0..4_i64 {
        for (stream, workspace) in streams.iter().zip(0_u128..) {
            house
                .publish(events(
                    Uuid::from_u128(workspace % 5),
                    stream,
                    round * 5 + 1..=round * 5 + 5,
                ))
                .await;
        }
    }
    eventually(SOON, async || {
        let effects = house.effects().await;
        (effects.values().map(Vec::len).sum::<usize>() >= 600).then_some(())
    })
    .await;
    for (stream, versions) in house.effects().await {
        assert_eq!(versions, (1..=20).collect::<Vec<_>>(), "{stream}");
    }
    assert_eq!(
        house
            .number("audit", "SELECT count(*) AS number FROM quarantine")
            .await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_sends_in_order_to_a_queue_that_refuses_and_fails() {
    let house = House::new().await;
    let hostile = Arc::new(HostileTransport::new(Malice {
        fail: 0.2,
        refuse: 0.3,
        seed: 7,
        ..Malice::default()
    }));
    let transport = Arc::clone(&hostile) as Arc<dyn Transport>;
    let streams: Vec<Stream> = (0..8).map(|_| stream()).collect();
    for stream in &streams {
        house.publish(events(Uuid::from_u128(1), stream, 1..=10)).await;
    }
    let _relay = house.relay(&transport);
    eventually(SOON, async || {
        let left =
            "SELECT count(*) FILTER (WHERE position IS NULL) + (SELECT count(*) FROM event_send) AS number
                    FROM event_log";
        (house.number("task", left).await == 0).then_some(())
    })
    .await;
    for stream in &streams {
        let mut versions: Vec<i64> = Vec::new();
        for sent in hostile
            .accepted("audit")
            .iter()
            .filter(|sent| sent.group == stream.as_str())
        {
            let version = contracts::Event::parse(&sent.body).unwrap().version;
            // A send that failed may have happened: it comes again, but nothing comes before its turn.
            if !versions.contains(&version) {
                versions.push(version);
            }
        }
        assert_eq!(versions, (1..=10).collect::<Vec<_>>());
    }
}
