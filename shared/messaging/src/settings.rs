//! The `[bus]` section of a service's settings. Every value has a default; the README lists them.

use std::time::Duration;

use garde::Validate;
use serde::Deserialize;

/// How a service publishes and consumes.
#[derive(Clone, Debug, Default, Deserialize, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// What carries the events.
    #[garde(skip)]
    pub transport: TransportKind,
    /// Only read when `transport` is `sqs`.
    #[garde(dive)]
    pub sqs: SqsSettings,
    /// Stamping and sending.
    #[garde(dive)]
    pub relay: RelaySettings,
    /// Receiving and applying.
    #[garde(dive)]
    pub consumer: ConsumerSettings,
    /// The comparison of heads.
    #[garde(dive)]
    pub reconcile: ReconcileSettings,
}

/// What carries the events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransportKind {
    /// Tables in the schema `bus` of the service's own database.
    #[default]
    Postgres,
    /// Amazon SQS FIFO queues, or an emulator.
    Sqs,
}

/// Where the SQS queues are. A queue is called `<prefix><name>.fifo`.
#[derive(Clone, Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct SqsSettings {
    /// Another endpoint than the region's own, such as an emulator's or a VPC endpoint's.
    #[garde(skip)]
    pub endpoint: Option<String>,
    /// The AWS region; without one the SDK asks its environment.
    #[garde(skip)]
    pub region: Option<String>,
    /// What the queues' names begin with.
    #[garde(length(max = 40), pattern("^[A-Za-z0-9_-]*$"))]
    pub prefix: String,
    /// Make a queue that does not exist. For emulators; in production Terraform makes them.
    #[garde(skip)]
    pub create_queues: bool,
    /// Sign with the fixed credentials `test`/`test`, which emulators take.
    #[garde(skip)]
    pub test_credentials: bool,
}

impl Default for SqsSettings {
    fn default() -> SqsSettings {
        SqsSettings {
            endpoint: None,
            region: None,
            prefix: "onus-".to_owned(),
            create_queues: false,
            test_credentials: false,
        }
    }
}

/// The relay's pace. Times in milliseconds.
#[derive(Clone, Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct RelaySettings {
    /// Pause between looks while there was work lately.
    #[garde(range(min = 1, max = 60_000))]
    pub busy_poll_ms: u64,
    /// Pause between looks while there is none.
    #[garde(range(min = 1, max = 60_000))]
    pub idle_poll_ms: u64,
    /// Events taken from one shard at once.
    #[garde(range(min = 1, max = 1_000))]
    pub batch: usize,
    /// Pause after a destination, or one entry for it, was refused; doubles up to a minute.
    #[garde(range(min = 1, max = 60_000))]
    pub retry_ms: u64,
}

impl Default for RelaySettings {
    fn default() -> RelaySettings {
        RelaySettings {
            busy_poll_ms: 25,
            idle_poll_ms: 250,
            batch: 200,
            retry_ms: 250,
        }
    }
}

/// The consumer's pace and patience. Times in milliseconds.
#[derive(Clone, Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct ConsumerSettings {
    /// Receives that are worked on at the same time.
    #[garde(range(min = 1, max = 64))]
    pub concurrency: usize,
    /// Events in one receive, and so in one transaction. SQS takes at most 10.
    #[garde(range(min = 1, max = 500))]
    pub receive: usize,
    /// How long a receive waits for something to come.
    #[garde(range(min = 1, max = 20_000))]
    pub wait_ms: u64,
    /// For how long a received event is hidden from others; extended while it is worked on.
    #[garde(range(min = 300, max = 43_200_000))]
    pub visibility_ms: u64,
    /// Pause before a failed or rejected event is tried again; doubles with every try.
    #[garde(range(min = 1, max = 600_000))]
    pub retry_ms: u64,
    /// The longest such pause.
    #[garde(range(min = 1, max = 3_600_000))]
    pub max_retry_ms: u64,
    /// Rejections after which an event goes to quarantine.
    #[garde(range(min = 1, max = 100))]
    pub rejections: i16,
    /// How often to look for streams that must be fetched from their producer.
    #[garde(range(min = 1, max = 60_000))]
    pub gap_poll_ms: u64,
}

impl Default for ConsumerSettings {
    fn default() -> ConsumerSettings {
        ConsumerSettings {
            concurrency: 2,
            receive: 100,
            wait_ms: 20_000,
            visibility_ms: 30_000,
            retry_ms: 500,
            max_retry_ms: 60_000,
            rejections: 5,
            gap_poll_ms: 1_000,
        }
    }
}

/// The comparison of heads. Times in milliseconds.
#[derive(Clone, Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct ReconcileSettings {
    /// How often the heads of all streams that changed are compared with the producers'.
    #[garde(range(min = 1, max = 86_400_000))]
    pub interval_ms: u64,
    /// How far before the last comparison to begin: longer than any transaction lasts, because an event's
    /// time of writing lies before its commit.
    #[garde(range(max = 86_400_000))]
    pub overlap_ms: u64,
    /// How long an event may be under way before it counts as lost.
    #[garde(range(max = 600_000))]
    pub settle_ms: u64,
}

impl Default for ReconcileSettings {
    fn default() -> ReconcileSettings {
        ReconcileSettings {
            interval_ms: 60_000,
            overlap_ms: 600_000,
            settle_ms: 10_000,
        }
    }
}

/// Milliseconds of a setting.
pub(crate) const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}
