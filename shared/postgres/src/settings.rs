//! The `[database]` section.

use std::time::Duration;

use garde::Validate;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// How to reach Postgres.
#[derive(Clone, Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `postgres://user:password@host:port/database`.
    #[garde(skip)]
    pub url: SecretString,
    /// The user's password, where the URL has none: a secret of its own, so that the URL is none.
    #[serde(default)]
    #[garde(skip)]
    pub password: Option<SecretString>,
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
    /// Root certificates in PEM to trust instead of the system's, such as the bundle of an RDS region.
    #[serde(default)]
    #[garde(skip)]
    pub ca: Option<String>,
}

/// Whether the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// Plain text: for a socket or the loopback interface.
    Disable,
    /// TLS or nothing, with the server's certificate checked against the roots.
    Require,
}

impl Settings {
    /// Settings for a URL, with everything else as it is by default.
    pub fn for_url(url: SecretString) -> Settings {
        Settings {
            url,
            password: None,
            role: None,
            pool_size: 8,
            connect_timeout_ms: 5_000,
            statement_timeout_ms: 10_000,
            tls: Tls::Disable,
            ca: None,
        }
    }

    /// The password, where one is set; an empty one, as of an empty variable, is none.
    pub(crate) fn password(&self) -> Option<&str> {
        let password = self.password.as_ref().map(|password| password.expose_secret());
        password.filter(|password| !password.is_empty())
    }

    pub(crate) fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms)
    }

    /// A whole write: some statements and the commit.
    pub(crate) fn write_timeout(&self) -> Duration {
        self.connect_timeout() + Duration::from_millis(self.statement_timeout_ms) * 2
    }
}
