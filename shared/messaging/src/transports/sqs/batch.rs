//! Batch calls. A batch can fail in part under HTTP 200, so the answer is read entry by entry.

use std::collections::HashMap;

use aws_sdk_sqs::error::BuildError;
use aws_sdk_sqs::types::{
    BatchResultErrorEntry, ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry,
    SendMessageBatchRequestEntry,
};

use super::ENTRIES;
use super::client::Queues;
use crate::transport::{EntryError, Outgoing, Receipt, TransportError};

/// Sends up to ten entries. Their ids within the batch are their places in it.
pub(super) async fn send(
    queues: &Queues,
    queue: &str,
    entries: &[Outgoing],
) -> Result<Vec<Result<(), EntryError>>, TransportError> {
    let batch = entries
        .iter()
        .enumerate()
        .map(entry)
        .collect::<Result<Vec<_>, _>>()
        .map_err(unbuilt)?;
    let answer = queues
        .with_url(queue, "send", |client, url| {
            client
                .send_message_batch()
                .queue_url(url)
                .set_entries(Some(batch))
                .send()
        })
        .await?;
    let taken: Vec<&str> = answer.successful().iter().map(|entry| entry.id()).collect();
    let refused: HashMap<&str, EntryError> = answer
        .failed()
        .iter()
        .map(|entry| (entry.id(), refusal(entry)))
        .collect();
    Ok((0..entries.len())
        .map(|place| {
            let id = place.to_string();
            match refused.get(id.as_str()) {
                Some(error) => Err(error.clone()),
                None if taken.contains(&id.as_str()) => Ok(()),
                None => Err(EntryError {
                    reason: "no answer for this entry".to_owned(),
                    permanent: false,
                }),
            }
        })
        .collect())
}

fn entry((place, outgoing): (usize, &Outgoing)) -> Result<SendMessageBatchRequestEntry, BuildError> {
    SendMessageBatchRequestEntry::builder()
        .id(place.to_string())
        .message_group_id(&outgoing.group)
        .message_deduplication_id(outgoing.id.to_string())
        .message_body(&outgoing.body)
        .build()
}

fn refusal(entry: &BatchResultErrorEntry) -> EntryError {
    EntryError {
        reason: format!("{}: {}", entry.code(), entry.message().unwrap_or_default()),
        permanent: entry.sender_fault(),
    }
}

/// Deletes what was dealt with. A receipt that is no longer good means that the message was handed out again, where the
/// inbox takes it for a duplicate: that is no failure of the batch, but worth a line.
pub(super) async fn delete(queues: &Queues, queue: &str, receipts: &[Receipt]) -> Result<(), TransportError> {
    for chunk in receipts.chunks(ENTRIES) {
        let build = |(place, receipt): (usize, &Receipt)| {
            DeleteMessageBatchRequestEntry::builder()
                .id(place.to_string())
                .receipt_handle(&receipt.0)
                .build()
        };
        let batch = chunk
            .iter()
            .enumerate()
            .map(build)
            .collect::<Result<Vec<_>, _>>()
            .map_err(unbuilt)?;
        let answer = queues
            .with_url(queue, "acknowledge", |client, url| {
                client
                    .delete_message_batch()
                    .queue_url(url)
                    .set_entries(Some(batch))
                    .send()
            })
            .await?;
        tell("acknowledge", queue, answer.failed());
    }
    Ok(())
}

/// Hides deliveries from others for so many seconds from now.
pub(super) async fn hide(
    queues: &Queues,
    queue: &str,
    receipts: &[Receipt],
    seconds: i32,
) -> Result<(), TransportError> {
    for chunk in receipts.chunks(ENTRIES) {
        let build = |(place, receipt): (usize, &Receipt)| {
            ChangeMessageVisibilityBatchRequestEntry::builder()
                .id(place.to_string())
                .receipt_handle(&receipt.0)
                .visibility_timeout(seconds)
                .build()
        };
        let batch = chunk
            .iter()
            .enumerate()
            .map(build)
            .collect::<Result<Vec<_>, _>>()
            .map_err(unbuilt)?;
        let answer = queues
            .with_url(queue, "change the visibility", |client, url| {
                client
                    .change_message_visibility_batch()
                    .queue_url(url)
                    .set_entries(Some(batch))
                    .send()
            })
            .await?;
        tell("change the visibility", queue, answer.failed());
    }
    Ok(())
}

fn tell(action: &str, queue: &str, failed: &[BatchResultErrorEntry]) {
    for entry in failed {
        tracing::warn!(
            action,
            queue,
            code = entry.code(),
            reason = entry.message(),
            "SQS refused a receipt"
        );
    }
}

fn unbuilt(error: BuildError) -> TransportError {
    TransportError::new("build a batch", error)
}
