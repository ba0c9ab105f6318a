//! The service's settings; `config.default.toml` says what each is for.

use contracts::EventType;
use garde::Validate;
use serde::Deserialize;
use web_kit::{HasCommon, http, internal};

/// A service whose events are kept, and whose internal routes are asked for those that the queue did not bring.
#[derive(Debug)]
pub struct Producer {
    /// What its events call their source.
    pub source: &'static str,
    /// Its name among the configured addresses.
    pub name: &'static str,
    /// The types that it sends here; none given: all.
    pub types: &'static [EventType],
}

/// Everybody who sends events here. Types that later releases of the task-service publish come here too; of the
/// auth-service's only the changes, not the mails it asks for.
pub const PRODUCERS: &[Producer] = &[
    Producer {
        source: "/task-service",
        name: "task",
        types: &[],
    },
    Producer {
        source: "/auth-service",
        name: "auth",
        types: &[EventType::UserChanged, EventType::SecurityLogged],
    },
];

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The two ports.
    #[garde(dive)]
    pub http: http::Settings,
    /// The schema `audit`.
    #[garde(dive)]
    pub database: postgres::Settings,
    /// The queue and its consumer.
    #[garde(dive)]
    pub bus: messaging::Settings,
    /// Whose tokens count.
    #[garde(dive)]
    pub token: auth_token::Settings,
    /// The other services' internal routes.
    #[garde(dive, custom(names_producers))]
    pub internal: internal::Settings,
    /// Logs and traces.
    #[garde(dive)]
    pub telemetry: telemetry::Settings,
}

fn names_producers(internal: &internal::Settings, _: &()) -> garde::Result {
    match PRODUCERS
        .iter()
        .find(|producer| internal.url(producer.name).is_none())
    {
        None => Ok(()),
        Some(Producer { name, .. }) => Err(garde::Error::new(format!(
            "urls.{name} is required: missing events are fetched there"
        ))),
    }
}

impl HasCommon for Settings {
    fn http(&self) -> &http::Settings {
        &self.http
    }

    fn telemetry(&self) -> &telemetry::Settings {
        &self.telemetry
    }

    fn token(&self) -> &auth_token::Settings {
        &self.token
    }

    fn internal(&self) -> Option<&internal::Settings> {
        Some(&self.internal)
    }
}
