//! The `[telemetry]` section of every service's settings.

use garde::Validate;
use serde::Deserialize;
use tracing_subscriber::EnvFilter;

/// Where logs and traces go.
#[derive(Clone, Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Base address of an OTLP/HTTP collector, such as `http://collector:4318`; `/v1/traces` is added when there is
    /// no path. Absent or empty: traces stay in the process.
    #[serde(default)]
    #[garde(custom(http_address))]
    pub otlp_endpoint: Option<String>,
    /// A tracing filter such as `info` or `info,task_service=debug`.
    #[serde(default = "default_log")]
    #[garde(custom(log_filter))]
    pub log: String,
    /// How a log line looks.
    #[serde(default)]
    #[garde(skip)]
    pub format: Format,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            otlp_endpoint: None,
            log: default_log(),
            format: Format::Json,
        }
    }
}

impl Settings {
    /// The configured collector; an empty text means none, since an environment variable cannot be absent in every
    /// deployment tool.
    pub(crate) fn collector(&self) -> Option<&str> {
        self.otlp_endpoint
            .as_deref()
            .filter(|endpoint| !endpoint.is_empty())
    }
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// One JSON object a line, for machines.
    #[default]
    Json,
    /// One short line, for people.
    Pretty,
}

fn default_log() -> String {
    "info".to_owned()
}

fn http_address(endpoint: &Option<String>, _: &()) -> garde::Result {
    match endpoint.as_deref() {
        None | Some("") => Ok(()),
        Some(text) if text.starts_with("http://") || text.starts_with("https://") => Ok(()),
        Some(_) => Err(garde::Error::new(
            "must be an address starting with http:// or https://",
        )),
    }
}

fn log_filter(filter: &str, _: &()) -> garde::Result {
    match EnvFilter::try_new(filter) {
        Ok(_) => Ok(()),
        Err(error) => Err(garde::Error::new(format!("is not a log filter: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(settings: Settings) -> Vec<String> {
        match settings.validate() {
            Ok(()) => Vec::new(),
            Err(report) => {
                let mut paths: Vec<String> = report.iter().map(|(path, _)| path.to_string()).collect();
                paths.sort_unstable();
                paths
            }
        }
    }

    #[test]
    fn defaults_are_valid_and_export_nothing() {
        let settings = Settings::default();
        assert_eq!(settings.collector(), None);
        assert!(faults(settings).is_empty());
    }

    #[test]
    fn an_empty_endpoint_means_none() {
        let settings = Settings {
            otlp_endpoint: Some(String::new()),
            ..Settings::default()
        };
        assert_eq!(settings.collector(), None);
        assert!(faults(settings).is_empty());
    }

    #[test]
    fn a_bad_endpoint_and_a_bad_filter_are_both_named() {
        let settings = Settings {
            otlp_endpoint: Some("collector:4318".to_owned()),
            log: "onus=shouting".to_owned(),
            format: Format::Json,
        };
        assert_eq!(faults(settings), ["log", "otlp_endpoint"]);
    }
}
