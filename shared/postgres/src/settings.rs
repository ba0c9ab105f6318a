//! The `[database]` section.

use std::time::Duration;

use garde::Validate;
use secrecy::SecretString;
use serde::Deserialize;

/// How to reach Postgres.
#[derive(Clone, Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `postgres://user:password@host:port/database`.
    #[garde(skip)]
    pub url: SecretString,
    /// A role to assume after connecting, where the user of the URL is a member of several.
    #[serde(default)]
    #[garde(skip)]
    pub role: Option<String>,
    /// Connections at most.
    #[garde(range(min = 1, max = 200))]
    pub pool_size: usize,
    /// How long to wait for a connection, in milliseconds.
    #[garde(range(min = 100, max = 60_000))]
    pub connect_timeout_ms: u64,
    /// How long a statement may take, in milliseconds.
    #[garde(range(min = 100, max = 600_000))]
    pub statement_timeout_ms: u64,
    /// Whether the connection is encrypted.
    #[garde(skip)]
    pub tls: Tls,
}

/// Whether the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// Plain text: for a socket or the loopback interface.
    Disable,
    /// TLS, with the server's certificate checked against the system's roots.
    Require,
}

impl Settings {
    /// Settings for a URL, with everything else as it is by default.
    pub fn for_url(url: SecretString) -> Settings {
        Settings {
            url,
            role: None,
            pool_size: 8,
            connect_timeout_ms: 5_000,
            statement_timeout_ms: 10_000,
            tls: Tls::Disable,
        }
    }

    pub(crate) fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms)
    }

    /// A whole write: some statements and the commit.
    pub(crate) fn write_timeout(&self) -> Duration {
        self.connect_timeout() + Duration::from_millis(self.statement_timeout_ms) * 2
    }
}
