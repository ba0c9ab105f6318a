//! The settings. `config.default.toml` says what each of them is for.

use garde::Validate;
use serde::Deserialize;
use web_kit::HasCommon;

/// The text of `config.default.toml`.
pub const DEFAULTS: &str = include_str!("../config.default.toml");

/// Everything that can be set.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Ports and limits.
    #[garde(dive)]
    pub http: web_kit::http::Settings,
    /// The database.
    #[garde(dive)]
    pub database: postgres::Settings,
    /// The event bus.
    #[serde(default)]
    #[garde(dive)]
    pub bus: messaging::Settings,
    /// Whose access tokens are accepted.
    #[garde(dive)]
    pub token: auth_token::Settings,
    /// By what the other services know this one, and where they are.
    #[garde(dive)]
    pub internal: web_kit::internal::Settings,
    /// Logs, traces, metrics.
    #[garde(dive)]
    pub telemetry: telemetry::Settings,
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
