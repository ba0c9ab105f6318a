//! The channel `ses`: Amazon SES, API version 2.
//!
//! `SendEmail` takes no idempotency token, so whether a mail was taken is told apart with care. The SDK's
//! own retries are off: they repeat after timeouts, and so can send one mail twice.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use aws_config::BehaviorVersion;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::config::http::HttpResponse;
use aws_sdk_sesv2::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_sesv2::config::{ConfigBag, Credentials, Intercept, Region, RuntimeComponents};
use aws_sdk_sesv2::error::{BoxError, BuildError, DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message as SesMessage, MessageTag};

use super::channel::{Channel, Message, Parcel};
use crate::config::SesSettings;
use crate::domain::delivery::Outcome;

/// How long connecting may take. Much shorter than the deadline of a whole try, so that a network that
/// swallows packets is seen as "not taken" and not as "answer lost".
const CONNECT: Duration = Duration::from_secs(3);

/// SES.
#[derive(Clone, Debug)]
pub struct Ses {
    client: Client,
    from: String,
    configuration_set: Option<String>,
}

impl Ses {
    /// Makes the client; nothing is connected yet.
    pub async fn connect(settings: &SesSettings, from: &str) -> Ses {
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT).build());
        if let Some(region) = &settings.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(endpoint) = &settings.endpoint {
            loader = loader.endpoint_url(endpoint);
        }
        if settings.test_credentials {
            loader = loader.credentials_provider(Credentials::new("test", "test", None, None, "settings"));
        }
        Ses {
            client: Client::new(&loader.load().await),
            from: from.to_owned(),
            configuration_set: settings.configuration_set.clone(),
        }
    }
}

#[async_trait]
impl Channel for Ses {
    fn name(&self) -> &'static str {
        "ses"
    }

    async fn send(&self, parcel: &Parcel) -> Outcome {
        let (content, tag) = match (content(&parcel.message), tag(parcel)) {
            (Ok(content), Ok(tag)) => (content, tag),
            (Err(error), _) | (_, Err(error)) => {
                return Outcome::Refused {
                    reason: error.to_string(),
                };
            }
        };
        let witness = Witness::default();
        let sent = self
            .client
            .send_email()
            .from_email_address(&self.from)
            .destination(
                Destination::builder()
                    .to_addresses(parcel.message.to.to_string())
                    .build(),
            )
            .content(content)
            .email_tags(tag)
            .set_configuration_set_name(self.configuration_set.clone())
            .customize()
            .interceptor(witness.clone())
            .send()
            .await;
        match sent {
            Ok(answer) => Outcome::Accepted {
                message_id: answer.message_id,
            },
            Err(error) => judge(&error, witness.saw_transmission()),
        }
    }
}

fn content(message: &Message) -> Result<EmailContent, BuildError> {
    let text = |data: &str| Content::builder().data(data).charset("UTF-8").build();
    let body = Body::builder()
        .text(text(&message.text)?)
        .html(text(&message.html)?)
        .build();
    let message = SesMessage::builder()
        .subject(text(&message.subject)?)
        .body(body)
        .build();
    Ok(EmailContent::builder().simple(message).build())
}

/// Feedback about the mail names the delivery by this tag.
fn tag(parcel: &Parcel) -> Result<MessageTag, BuildError> {
    MessageTag::builder()
        .name("delivery")
        .value(parcel.delivery.simple().to_string())
        .build()
}

/// Whether the mail was taken. Only what surely comes before the acceptance counts as "not taken".
fn judge(error: &SdkError<SendEmailError, HttpResponse>, transmitted: bool) -> Outcome {
    let not_taken = |reason: String, channel_down: bool| Outcome::NotTaken {
        reason: short(&reason),
        channel_down,
    };
    match error {
        // No credentials, no signature, no region: the request never left.
        _ if !transmitted => not_taken(format!("{}", DisplayErrorContext(error)), true),
        SdkError::ServiceError(answer) if (400..500).contains(&answer.raw().status().as_u16()) => {
            let code = answer
                .err()
                .code()
                .unwrap_or("an error without a code")
                .to_owned();
            // A rejected message says nothing about the next one; every other refusal is about the account.
            let about_this_mail = matches!(code.as_str(), "MessageRejected" | "BadRequestException");
            not_taken(format!("SES answered {code}"), !about_this_mail)
        }
        SdkError::ServiceError(answer) => Outcome::Lost {
            reason: format!("SES answered with status {}", answer.raw().status().as_u16()),
        },
        SdkError::DispatchFailure(failure) if failure.as_connector_error().is_some_and(never_connected) => {
            not_taken("no connection to SES".to_owned(), true)
        }
        SdkError::TimeoutError(_) => Outcome::Lost {
            reason: "SES did not answer in time".to_owned(),
        },
        _ => Outcome::Lost {
            reason: "the answer of SES was lost".to_owned(),
        },
    }
}

/// Whether the error comes from making the connection: name, route, port, TLS.
fn never_connected(error: &(impl Error + 'static)) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error
            .downcast_ref::<hyper_util::client::legacy::Error>()
            .is_some_and(|error| error.is_connect())
        {
            return true;
        }
        cause = error.source();
    }
    false
}

fn short(reason: &str) -> String {
    reason.chars().take(200).collect()
}

/// Sees whether a request got as far as being transmitted.
#[derive(Clone, Debug, Default)]
struct Witness(Arc<AtomicBool>);

impl Witness {
    fn saw_transmission(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl Intercept for Witness {
    fn name(&self) -> &'static str {
        "Witness"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.store(true, Ordering::Release);
        Ok(())
    }
}
