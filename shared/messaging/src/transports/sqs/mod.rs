//! Amazon SQS FIFO queues: the group is the stream, the deduplication id is the event's id.

mod batch;
mod client;

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use self::client::Queues;
use crate::settings::SqsSettings;
use crate::transport::{
    Delivery, EntryError, Limits, Outgoing, Receipt, ReceiveOrder, Transport, TransportError,
};

/// Entries in a batch, and messages in a receive.
/// Source: Amazon SQS Developer Guide, "Amazon SQS message quotas".
const ENTRIES: usize = 10;
/// Bytes in a message, and in all messages of a batch together.
const BYTES: usize = 1_048_576;
/// The longest that SQS waits for a message.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// The longest that SQS hides a message.
const LONGEST_VISIBILITY: Duration = Duration::from_secs(43_200);
/// How long a receive that is under way may go on after a stop, since it may bring messages.
const GRACE: Duration = Duration::from_secs(1);

/// SQS queues of one region, or of an emulator.
pub struct SqsTransport {
    queues: Queues,
}

impl SqsTransport {
    /// Makes the client; nothing is sent yet.
    ///
    /// # Errors
    /// Never today; kept because building a client is the place where it would fail.
    pub async fn connect(settings: &SqsSettings) -> Result<SqsTransport, TransportError> {
        Ok(SqsTransport {
            queues: Queues::connect(settings).await,
        })
    }

    async fn receive_once(
        &self,
        queue: &str,
        order: &ReceiveOrder,
        wait: Duration,
    ) -> Result<Vec<Delivery>, TransportError> {
        let answer = self
            .queues
            .with_url(queue, "receive", |client, url| {
                client
                    .receive_message()
                    .queue_url(url)
                    .max_number_of_messages(order.most.clamp(1, ENTRIES) as i32)
                    .wait_time_seconds(whole_seconds(wait, LONGEST_WAIT, false))
                    .visibility_timeout(whole_seconds(order.visibility, LONGEST_VISIBILITY, true))
                    .message_system_attribute_names(MessageSystemAttributeName::MessageGroupId)
                    .message_system_attribute_names(MessageSystemAttributeName::ApproximateReceiveCount)
                    .customize()
                    .config_override(client::patience(wait))
                    .send()
            })
            .await?;
        Ok(answer
            .messages
            .unwrap_or_default()
            .into_iter()
            .filter_map(delivery)
            .collect())
    }
}

#[async_trait]
impl Transport for SqsTransport {
    fn limits(&self) -> Limits {
        Limits {
            entries: ENTRIES,
            bytes: BYTES,
        }
    }

    async fn send(
        &self,
        queue: &str,
        entries: &[Outgoing],
    ) -> Result<Vec<Result<(), EntryError>>, TransportError> {
        batch::send(&self.queues, queue, entries).await
    }

    async fn receive(
        &self,
        queue: &str,
        order: &ReceiveOrder,
        stop: &CancellationToken,
    ) -> Result<Vec<Delivery>, TransportError> {
        let began = Instant::now();
        let receiving = self.receive_once(queue, order, order.wait);
        tokio::pin!(receiving);
        let received = tokio::select! {
            received = &mut receiving => received?,
            () = stop.cancelled() => match tokio::time::timeout(GRACE, &mut receiving).await {
                Ok(received) => received?,
                // What it may still bring is hidden until its visibility ends, and then comes again.
                Err(_) => return Ok(Vec::new()),
            },
        };
        // SQS waits in whole seconds; the rest of a shorter wait is spent here, or the caller would spin.
        let left = order
            .wait
            .saturating_sub(began.elapsed())
            .min(Duration::from_secs(1));
        if received.is_empty() && order.wait < LONGEST_WAIT {
            tokio::select! {
                () = tokio::time::sleep(left) => {}
                () = stop.cancelled() => {}
            }
        }
        Ok(received)
    }

    async fn acknowledge(&self, queue: &str, receipts: &[Receipt]) -> Result<(), TransportError> {
        batch::delete(&self.queues, queue, receipts).await
    }

    async fn extend(
        &self,
        queue: &str,
        receipts: &[Receipt],
        visibility: Duration,
    ) -> Result<(), TransportError> {
        let seconds = whole_seconds(visibility, LONGEST_VISIBILITY, true);
        batch::hide(&self.queues, queue, receipts, seconds).await
    }

    async fn release(
        &self,
        queue: &str,
        receipts: &[Receipt],
        delay: Duration,
    ) -> Result<(), TransportError> {
        let seconds = whole_seconds(delay, LONGEST_VISIBILITY, true);
        batch::hide(&self.queues, queue, receipts, seconds).await
    }

    async fn probe(&self, queue: &str) -> Result<(), TransportError> {
        self.queues
            .with_url(queue, "probe", |client, url| {
                client.get_queue_attributes().queue_url(url).send()
            })
            .await
            .map(drop)
    }
}

fn delivery(message: Message) -> Option<Delivery> {
    let attribute = |name| {
        message
            .attributes
            .as_ref()
            .and_then(|attributes| attributes.get(&name).cloned())
    };
    let group = attribute(MessageSystemAttributeName::MessageGroupId).unwrap_or_default();
    let attempt = attribute(MessageSystemAttributeName::ApproximateReceiveCount)
        .and_then(|count| count.parse().ok())
        .unwrap_or(1);
    Some(Delivery {
        receipt: Receipt(message.receipt_handle?),
        group,
        body: message.body.unwrap_or_default(),
        attempt,
    })
}

/// SQS counts in whole seconds: `up` rounds a part of one up, so that "hidden" never means "at once".
fn whole_seconds(duration: Duration, longest: Duration, up: bool) -> i32 {
    let duration = duration.min(longest);
    let rest = up && duration.subsec_nanos() > 0;
    i32::try_from(duration.as_secs() + u64::from(rest)).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_whole_seconds() {
        let seconds = |ms, up| whole_seconds(Duration::from_millis(ms), LONGEST_WAIT, up);
        assert_eq!(
            [
                seconds(0, true),
                seconds(1, true),
                seconds(1_000, true),
                seconds(1_001, true)
            ],
            [0, 1, 1, 2]
        );
        assert_eq!(
            [seconds(999, false), seconds(5_500, false), seconds(60_000, false)],
            [0, 5, 20]
        );
    }
}
