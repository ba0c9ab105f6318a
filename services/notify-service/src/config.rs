//! The settings; `config.default.toml` documents every one.

use std::time::Duration;

use garde::Validate;
use lettre::message::Mailbox;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use web_kit::HasCommon;

use crate::domain::delivery::Patience;

/// The commented defaults.
pub const DEFAULTS: &str = include_str!("../config.default.toml");

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Ports and limits.
    #[garde(dive)]
    pub http: web_kit::http::Settings,
    /// The database.
    #[garde(dive, custom(has_url))]
    pub database: postgres::Settings,
    /// The queue.
    #[garde(dive)]
    pub bus: messaging::Settings,
    /// Whose tokens count.
    #[garde(dive)]
    pub token: auth_token::Settings,
    /// The other services.
    #[garde(dive)]
    pub internal: web_kit::internal::Settings,
    /// Logs and traces.
    #[garde(dive)]
    pub telemetry: telemetry::Settings,
    /// Mail.
    #[garde(dive, custom(lease_outlasts_deadline))]
    pub mail: MailSettings,
    /// Read when `mail.channel` is `ses`.
    #[garde(dive)]
    pub ses: SesSettings,
    /// Read when `mail.channel` is `smtp`.
    #[garde(dive)]
    pub smtp: SmtpSettings,
}

impl HasCommon for Settings {
    fn http(&self) -> &web_kit::http::Settings {
        &self.http
    }

    fn telemetry(&self) -> &telemetry::Settings {
        &self.telemetry
    }

    fn token(&self) -> &auth_token::Settings {
        &self.token
    }

    fn internal(&self) -> Option<&web_kit::internal::Settings> {
        Some(&self.internal)
    }
}

/// How mail leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// It is kept and shown in the app.
    Mailbox,
    /// By a mail server.
    Smtp,
    /// By Amazon SES.
    Ses,
}

/// The `[mail]` section.
#[derive(Clone, Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// How mail leaves.
    #[garde(skip)]
    pub channel: ChannelKind,
    /// The sender.
    #[garde(custom(is_mailbox))]
    pub from: String,
    /// Gathering time.
    #[garde(range(max = 600_000))]
    pub gather_ms: u64,
    /// The age up to which a change is mailed.
    #[garde(range(min = 1, max = 720))]
    pub event_age_hours: u64,
    /// Mails at the same time.
    #[garde(range(min = 1, max = 64))]
    pub concurrency: usize,
    /// How often to look for due mail.
    #[garde(range(min = 5, max = 60_000))]
    pub poll_ms: u64,
    /// How long one try may take.
    #[garde(range(min = 100, max = 120_000))]
    pub deadline_ms: u64,
    /// How long a mail stays claimed.
    #[garde(range(min = 200, max = 600_000))]
    pub lease_ms: u64,
    /// The first wait after a definite failure.
    #[garde(range(min = 10, max = 600_000))]
    pub retry_base_ms: u64,
    /// The longest wait.
    #[garde(range(min = 10, max = 3_600_000))]
    pub retry_cap_ms: u64,
    /// The age at which waiting mail is given up.
    #[garde(range(min = 1, max = 720))]
    pub max_age_hours: u64,
}

impl MailSettings {
    /// How long changes are gathered.
    pub fn gathering(&self) -> Duration {
        Duration::from_millis(self.gather_ms)
    }

    /// The age up to which a change is mailed.
    pub fn event_age(&self) -> Duration {
        Duration::from_secs(self.event_age_hours * 3600)
    }

    /// How long one try may take.
    pub fn deadline(&self) -> Duration {
        Duration::from_millis(self.deadline_ms)
    }

    /// How long a mail stays claimed.
    pub fn lease(&self) -> Duration {
        Duration::from_millis(self.lease_ms)
    }

    /// How often to look for due mail.
    pub fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_ms)
    }

    /// Waits and the end of waiting.
    pub fn patience(&self) -> Patience {
        Patience {
            base: Duration::from_millis(self.retry_base_ms),
            cap: Duration::from_millis(self.retry_cap_ms),
            max_age: Duration::from_secs(self.max_age_hours * 3600),
        }
    }
}

/// The `[ses]` section.
#[derive(Clone, Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct SesSettings {
    /// The AWS region.
    #[serde(default)]
    #[garde(skip)]
    pub region: Option<String>,
    /// Another endpoint.
    #[serde(default)]
    #[garde(inner(custom(is_http)))]
    pub endpoint: Option<String>,
    /// The configuration set.
    #[serde(default)]
    #[garde(skip)]
    pub configuration_set: Option<String>,
    /// Fixed credentials for emulators.
    #[garde(skip)]
    pub test_credentials: bool,
}

/// How the connection to a mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmtpTls {
    /// Not at all.
    None,
    /// By STARTTLS, which is required.
    Starttls,
    /// From the first byte.
    Implicit,
}

/// The `[smtp]` section.
#[derive(Clone, Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    /// The server.
    #[garde(length(min = 1, max = 255))]
    pub host: String,
    /// Its port.
    #[garde(range(min = 1))]
    pub port: u16,
    /// Encryption.
    #[garde(skip)]
    pub tls: SmtpTls,
    /// Sign-in name.
    #[serde(default)]
    #[garde(skip)]
    pub username: Option<String>,
    /// Sign-in password.
    #[serde(default)]
    #[garde(skip)]
    pub password: Option<SecretString>,
}

fn has_url(database: &postgres::Settings, _: &()) -> garde::Result {
    if database.url.expose_secret().is_empty() {
        return Err(garde::Error::new("url must be set"));
    }
    Ok(())
}

fn lease_outlasts_deadline(mail: &MailSettings, _: &()) -> garde::Result {
    if mail.lease_ms <= mail.deadline_ms {
        return Err(garde::Error::new("lease_ms must be longer than deadline_ms"));
    }
    Ok(())
}

fn is_mailbox(text: &str, _: &()) -> garde::Result {
    text.parse::<Mailbox>()
        .map(|_| ())
        .map_err(|_| garde::Error::new("must be an address such as \"Onus <onus@example.com>\""))
}

fn is_http(text: &str, _: &()) -> garde::Result {
    if text.starts_with("http://") || text.starts_with("https://") {
        return Ok(());
    }
    Err(garde::Error::new("must start with http:// or https://"))
}
