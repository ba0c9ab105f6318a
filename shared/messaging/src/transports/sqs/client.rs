//! The SQS client and the addresses of the queues.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::{Config, Credentials};
use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sqs::types::QueueAttributeName;

use crate::settings::SqsSettings;
use crate::transport::TransportError;

const CONNECT: Duration = Duration::from_secs(3);
/// How long one try of a call may take, beyond the time that SQS is asked to wait.
const ATTEMPT: Duration = Duration::from_secs(5);
/// The names under which SQS says that a queue does not exist: by protocol and by emulator.
const MISSING: [&str; 3] = [
    "QueueDoesNotExist",
    "AWS.SimpleQueueService.NonExistentQueue",
    "NonExistentQueue",
];

/// A client that knows its queues by their short names.
pub(super) struct Queues {
    client: Client,
    prefix: String,
    create: bool,
    urls: Mutex<HashMap<String, String>>,
}

/// A call may wait this long on top of the usual time.
pub(super) fn patience(wait: Duration) -> aws_sdk_sqs::config::Builder {
    Config::builder().timeout_config(timeouts(ATTEMPT + wait))
}

fn timeouts(attempt: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(attempt)
        .build()
}

impl Queues {
    pub(super) async fn connect(settings: &SqsSettings) -> Queues {
        // The bus tries again by itself, and a relay holds locks while it waits.
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .timeout_config(timeouts(ATTEMPT))
            .retry_config(RetryConfig::standard().with_max_attempts(2));
        if let Some(endpoint) = settings
            .endpoint
            .as_deref()
            .filter(|endpoint| !endpoint.is_empty())
        {
            loader = loader.endpoint_url(endpoint);
        }
        if settings.test_credentials {
            loader = loader
                .credentials_provider(Credentials::new("test", "test", None, None, "test_credentials"))
                .region(Region::new("us-east-1"));
        }
        if let Some(region) = settings.region.clone().filter(|region| !region.is_empty()) {
            loader = loader.region(Region::new(region));
        }
        let client = Client::new(&loader.load().await);
        Queues {
            client,
            prefix: settings.prefix.clone(),
            create: settings.create_queues,
            urls: Mutex::default(),
        }
    }

    /// Makes a call with a queue's URL. A URL that has become wrong is forgotten, so that the next call asks anew.
    pub(super) async fn with_url<'a, T, E, R, Fut>(
        &'a self,
        queue: &str,
        action: &'static str,
        call: impl FnOnce(&'a Client, String) -> Fut,
    ) -> Result<T, TransportError>
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        R: std::fmt::Debug + Send + Sync + 'static,
        Fut: Future<Output = Result<T, SdkError<E, R>>>,
    {
        let url = self.url(queue).await?;
        call(&self.client, url).await.map_err(|error| {
            if is_missing(&error) {
                self.urls
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .remove(queue);
            }
            failed(action, error)
        })
    }

    async fn url(&self, queue: &str) -> Result<String, TransportError> {
        let known = self
            .urls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(queue)
            .cloned();
        if let Some(url) = known {
            return Ok(url);
        }
        let name = format!("{}{queue}.fifo", self.prefix);
        let found = match self.client.get_queue_url().queue_name(&name).send().await {
            Ok(answer) => answer.queue_url,
            Err(error) if self.create && is_missing(&error) => self.make(&name).await?,
            Err(error) => return Err(failed("find a queue", error)),
        };
        let url = found.ok_or_else(|| TransportError::new("find a queue", "the answer holds no URL"))?;
        self.urls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(queue.to_owned(), url.clone());
        Ok(url)
    }

    async fn make(&self, name: &str) -> Result<Option<String>, TransportError> {
        let answer = self
            .client
            .create_queue()
            .queue_name(name)
            .attributes(QueueAttributeName::FifoQueue, "true")
            .attributes(QueueAttributeName::ContentBasedDeduplication, "false")
            // Throughput counts per stream, not for the whole queue.
            .attributes(QueueAttributeName::DeduplicationScope, "messageGroup")
            .attributes(QueueAttributeName::FifoThroughputLimit, "perMessageGroupId")
            // 14 days, the longest there is.
            .attributes(QueueAttributeName::MessageRetentionPeriod, "1209600")
            .send()
            .await
            .map_err(|error| failed("make a queue", error))?;
        Ok(answer.queue_url)
    }
}

fn is_missing<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> bool {
    let code = error.as_service_error().and_then(ProvideErrorMetadata::code);
    code.is_some_and(|code| MISSING.contains(&code))
}

fn failed<E, R>(action: &'static str, error: SdkError<E, R>) -> TransportError
where
    E: Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    TransportError::new(action, error)
}
