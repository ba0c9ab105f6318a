//! What every transport must do, run against each of them for real.

use std::sync::Arc;
use std::time::Duration;

use messaging::settings::SqsSettings;
use messaging::{Delivery, Outgoing, PostgresTransport, Receipt, ReceiveOrder, SqsTransport, Transport};
use test_kit::{TestDb, eventually};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::{AUDIT, SOON, TASK};

/// The transports count in whole seconds at worst.
const SECOND: Duration = Duration::from_secs(1);
const HIDDEN: Duration = Duration::from_secs(30);

struct Suite {
    transport: Arc<dyn Transport>,
}

fn message(group: &str, body: &str) -> Outgoing {
    Outgoing {
        id: Uuid::now_v7(),
        group: group.to_owned(),
        body: body.to_owned(),
    }
}

fn queue() -> String {
    format!("suite-{}", Uuid::now_v7().simple())
}

fn bodies(deliveries: &[Delivery]) -> Vec<&str> {
    deliveries.iter().map(|delivery| delivery.body.as_str()).collect()
}

fn receipts(deliveries: &[Delivery]) -> Vec<Receipt> {
    deliveries
        .iter()
        .map(|delivery| delivery.receipt.clone())
        .collect()
}

impl Suite {
    async fn send(&self, queue: &str, entries: &[Outgoing]) {
        let results = self.transport.send(queue, entries).await.unwrap();
        assert_eq!(results, vec![Ok(()); entries.len()]);
    }

    async fn take(&self, queue: &str, wait: Duration, visibility: Duration) -> Vec<Delivery> {
        let order = ReceiveOrder {
            most: 10,
            wait,
            visibility,
        };
        self.transport
            .receive(queue, &order, &CancellationToken::new())
            .await
            .unwrap()
    }

    /// Receives and acknowledges until `count` messages came.
    async fn drain(&self, queue: &str, count: usize) -> Vec<Delivery> {
        let mut all = Vec::new();
        while all.len() < count {
            let some = self.take(queue, SECOND, HIDDEN).await;
            self.transport.acknowledge(queue, &receipts(&some)).await.unwrap();
            all.extend(some);
        }
        all
    }

    async fn all(&self) {
        tokio::join!(
            self.keeps_the_order_of_each_group(),
            self.hands_a_group_to_one_at_a_time(),
            self.drops_a_second_message_with_the_same_id(),
            self.hands_out_again_what_was_not_acknowledged(),
            self.keeps_hidden_what_is_extended(),
            self.waits_before_it_hands_out_what_was_released(),
            self.wakes_a_waiting_receiver(),
            self.comes_back_empty_in_time_and_when_stopped(),
            self.takes_a_batch_at_its_limits(),
            self.forgets_what_was_acknowledged_twice(),
        );
    }

    async fn keeps_the_order_of_each_group(&self) {
        let queue = queue();
        for round in 0..5 {
            let batch: Vec<Outgoing> = ["a", "b", "c"]
                .iter()
                .map(|group| message(group, &format!("{group}{round}")))
                .collect();
            self.send(&queue, &batch).await;
        }
        let all = self.drain(&queue, 15).await;
        for group in ["a", "b", "c"] {
            let of_group: Vec<&str> = all
                .iter()
                .filter(|one| one.group == group)
                .map(|one| one.body.as_str())
                .collect();
            let expected: Vec<String> = (0..5).map(|round| format!("{group}{round}")).collect();
            assert_eq!(of_group, expected);
        }
    }

    async fn hands_a_group_to_one_at_a_time(&self) {
        let queue = queue();
        self.send(&queue, &[message("a", "a1")]).await;
        let first = self.take(&queue, SECOND, HIDDEN).await;
        assert_eq!((bodies(&first), first[0].attempt), (vec!["a1"], 1));
        self.send(&queue, &[message("a", "a2"), message("b", "b1")]).await;
        // While somebody holds the first of the group, the second stays where it is; other groups go on.
        let second = self.take(&queue, SECOND, HIDDEN).await;
        assert_eq!(bodies(&second), ["b1"]);
        assert_eq!(
            bodies(&self.take(&queue, Duration::ZERO, HIDDEN).await),
            Vec::<&str>::new()
        );
        self.transport
            .acknowledge(&queue, &receipts(&first))
            .await
            .unwrap();
        assert_eq!(bodies(&self.take(&queue, SECOND, HIDDEN).await), ["a2"]);
    }

    async fn drops_a_second_message_with_the_same_id(&self) {
        let queue = queue();
        let twice = message("a", "once");
        self.send(&queue, std::slice::from_ref(&twice)).await;
        self.send(&queue, &[twice, message("b", "other")]).await;
        let mut all = self.drain(&queue, 2).await;
        all.sort_by(|left, right| left.group.cmp(&right.group));
        assert_eq!(bodies(&all), ["once", "other"]);
        assert!(self.take(&queue, Duration::ZERO, HIDDEN).await.is_empty());
    }

    async fn hands_out_again_what_was_not_acknowledged(&self) {
        let queue = queue();
        self.send(&queue, &[message("a", "a1")]).await;
        let first = self.take(&queue, SECOND, SECOND).await;
        assert_eq!(bodies(&first), ["a1"]);
        let again = eventually(SOON, async || {
            let some = self.take(&queue, SECOND, HIDDEN).await;
            (!some.is_empty()).then_some(some)
        })
        .await;
        assert_eq!((bodies(&again), again[0].attempt), (vec!["a1"], 2));
        // A settlement by the one who held it before changes nothing for the one who holds it now.
        let _ = self
            .transport
            .release(&queue, &receipts(&first), Duration::ZERO)
            .await;
        self.transport
            .acknowledge(&queue, &receipts(&again))
            .await
            .unwrap();
        assert!(self.take(&queue, Duration::ZERO, HIDDEN).await.is_empty());
    }

    async fn keeps_hidden_what_is_extended(&self) {
        let queue = queue();
        self.send(&queue, &[message("a", "held"), message("b", "dropped")])
            .await;
        let both = self.drain_held(&queue, 2).await;
        let held: Vec<Delivery> = both.into_iter().filter(|one| one.body == "held").collect();
        self.transport
            .extend(&queue, &receipts(&held), HIDDEN)
            .await
            .unwrap();
        // The other one's reappearance is the proof that the first visibility is over.
        let back = eventually(SOON, async || {
            let some = self.take(&queue, SECOND, HIDDEN).await;
            (!some.is_empty()).then_some(some)
        })
        .await;
        assert_eq!(bodies(&back), ["dropped"]);
    }

    /// Receives `count` messages with a short visibility, without acknowledging.
    async fn drain_held(&self, queue: &str, count: usize) -> Vec<Delivery> {
        let mut all = Vec::new();
        while all.len() < count {
            all.extend(self.take(queue, SECOND, SECOND * 2).await);
        }
        all
    }

    async fn waits_before_it_hands_out_what_was_released(&self) {
        let queue = queue();
        self.send(&queue, &[message("a", "a1")]).await;
        let first = self.take(&queue, SECOND, HIDDEN).await;
        let released = Instant::now();
        self.transport
            .release(&queue, &receipts(&first), SECOND)
            .await
            .unwrap();
        self.send(&queue, &[message("a", "a2")]).await;
        let again = eventually(SOON, async || {
            let some = self.take(&queue, SECOND, HIDDEN).await;
            (!some.is_empty()).then_some(some)
        })
        .await;
        assert!(
            released.elapsed() >= Duration::from_millis(900),
            "{:?}",
            released.elapsed()
        );
        assert_eq!((again[0].body.as_str(), again[0].attempt), ("a1", 2));
    }

    async fn wakes_a_waiting_receiver(&self) {
        let queue = queue();
        self.send(&queue, &[message("a", "first")]).await;
        self.drain(&queue, 1).await;
        let began = Instant::now();
        let (received, ()) = tokio::join!(self.take(&queue, SECOND * 15, HIDDEN), async {
            self.send(&queue, &[message("a", "second")]).await;
        });
        assert_eq!(bodies(&received), ["second"]);
        assert!(began.elapsed() < SECOND * 10, "{:?}", began.elapsed());
    }

    async fn comes_back_empty_in_time_and_when_stopped(&self) {
        let queue = queue();
        self.send(&queue, &[message("a", "first")]).await;
        self.drain(&queue, 1).await;
        let began = Instant::now();
        assert!(self.take(&queue, SECOND, HIDDEN).await.is_empty());
        assert!(began.elapsed() >= Duration::from_millis(900) && began.elapsed() < SECOND * 10);
        let stop = CancellationToken::new();
        let order = ReceiveOrder {
            most: 10,
            wait: SECOND * 20,
            visibility: HIDDEN,
        };
        let began = Instant::now();
        let (received, ()) = tokio::join!(self.transport.receive(&queue, &order, &stop), async {
            stop.cancel()
        });
        assert!(received.unwrap().is_empty());
        assert!(began.elapsed() < SECOND * 10, "{:?}", began.elapsed());
    }

    async fn takes_a_batch_at_its_limits(&self) {
        let queue = queue();
        let limits = self.transport.limits();
        // Three bytes a letter, and characters that JSON leaves alone.
        let each = limits.bytes.min(1_048_576) / limits.entries;
        let body = "한".repeat(each / 3);
        let batch: Vec<Outgoing> = (0..limits.entries)
            .map(|group| message(&format!("task/{group}"), &body))
            .collect();
        self.send(&queue, &batch).await;
        let all = self.drain(&queue, limits.entries).await;
        assert!(all.iter().all(|one| one.body == body));
    }

    async fn forgets_what_was_acknowledged_twice(&self) {
        let queue = queue();
        self.send(&queue, &[message("a", "a1")]).await;
        let some = self.take(&queue, SECOND, HIDDEN).await;
        self.transport
            .acknowledge(&queue, &receipts(&some))
            .await
            .unwrap();
        let _ = self.transport.acknowledge(&queue, &receipts(&some)).await;
        self.transport.probe(&queue).await.unwrap();
        assert!(self.take(&queue, Duration::ZERO, HIDDEN).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_conforms() {
    let db = TestDb::new(&[TASK, AUDIT]).await;
    let mut settings = db.settings("task");
    settings.pool_size = 16;
    let database = postgres::Database::open(&settings, "task", "conformance").unwrap();
    Suite {
        transport: Arc::new(PostgresTransport::new(database)),
    }
    .all()
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqs_conforms() {
    Suite {
        transport: sqs().await,
    }
    .all()
    .await;
}

/// The emulator that `cargo xtask test` starts.
async fn sqs() -> Arc<dyn Transport> {
    let endpoint = std::env::var("ONUS_TEST_SQS_ENDPOINT").unwrap_or_else(|_| {
        panic!("ONUS_TEST_SQS_ENDPOINT is not set: run `cargo xtask test`, which starts the SQS emulator `ministack`")
    });
    let settings = SqsSettings {
        endpoint: Some(endpoint),
        prefix: "test-".to_owned(),
        create_queues: true,
        test_credentials: true,
        ..SqsSettings::default()
    };
    Arc::new(SqsTransport::connect(&settings).await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn sqs_without_anybody_there_is_an_outage() {
    let settings = SqsSettings {
        endpoint: Some("http://127.0.0.1:1".to_owned()),
        create_queues: true,
        test_credentials: true,
        ..SqsSettings::default()
    };
    let transport = SqsTransport::connect(&settings).await.unwrap();
    assert!(transport.send("audit", &[message("a", "a1")]).await.is_err());
    assert!(transport.probe("audit").await.is_err());
}
