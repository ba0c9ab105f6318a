//! The `[http]` section of every service's settings.

use crate::client_ip::TrustedProxies;
use crate::cors::Origin;
use crate::words::words;
use garde::Validate;
use serde::Deserialize;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

/// Where and how a server listens.
#[derive(Clone, Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Address of the public port.
    #[garde(skip)]
    pub host: IpAddr,
    /// The public port; 0 takes a free one.
    #[garde(skip)]
    pub port: u16,
    /// Address of the internal port. No gateway leads there.
    #[garde(skip)]
    pub internal_host: IpAddr,
    /// The internal port; 0 takes a free one.
    #[garde(skip)]
    pub internal_port: u16,
    /// The largest request body in bytes.
    #[garde(range(min = 1024, max = 16 * 1024 * 1024))]
    pub body_limit: usize,
    /// Seconds for a client to send its request head.
    #[garde(range(min = 1, max = 60))]
    pub head_timeout_seconds: u64,
    /// Seconds for a client to send its request body.
    #[garde(range(min = 1, max = 120))]
    pub body_timeout_seconds: u64,
    /// Seconds for a handler to answer; the gateway in front gives up after 30.
    #[garde(range(min = 1, max = 300))]
    pub request_timeout_seconds: u64,
    /// Seconds that an idle connection is kept; more than the load balancer's own 60, so that it never writes into a
    /// connection that we are closing.
    #[garde(range(min = 1, max = 600))]
    pub keep_alive_seconds: u64,
    /// Seconds for requests under way when the server stops, and as many again for the workers.
    #[garde(range(min = 1, max = 100))]
    pub shutdown_seconds: u64,
    /// The address that people see, without a slash at the end; links in mails begin with it.
    #[garde(length(max = 512), custom(http_address))]
    pub public_url: String,
    /// Other origins whose pages may use the API from a browser, with credentials; exact ones, such as
    /// `https://app.example.com`.
    #[garde(length(max = 16))]
    #[serde(deserialize_with = "words")]
    pub allowed_origins: Vec<Origin>,
    /// Networks whose `X-Forwarded-For` is believed, such as `10.0.0.0/8`.
    #[garde(skip)]
    pub trusted_proxies: TrustedProxies,
    /// Threads that serve the public port; as many as there are processors when absent.
    #[garde(inner(range(min = 1, max = 256)))]
    pub threads: Option<usize>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            internal_host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            internal_port: 0,
            body_limit: 1024 * 1024,
            head_timeout_seconds: 5,
            body_timeout_seconds: 10,
            request_timeout_seconds: 29,
            keep_alive_seconds: 75,
            shutdown_seconds: 12,
            public_url: "http://localhost:8080".to_owned(),
            allowed_origins: Vec::new(),
            trusted_proxies: TrustedProxies::default(),
            threads: None,
        }
    }
}

impl Settings {
    /// Address and port of the public server.
    pub fn public_address(&self) -> SocketAddr {
        SocketAddr::new(self.host, self.port)
    }

    /// Address and port of the internal server.
    pub fn internal_address(&self) -> SocketAddr {
        SocketAddr::new(self.internal_host, self.internal_port)
    }

    /// Whether a browser's page of this origin may speak with us: our own, or an allowed one.
    pub fn welcomes(&self, origin: &str) -> bool {
        Origin::of(&self.public_url).is_some_and(|own| own.as_str() == origin)
            || self
                .allowed_origins
                .iter()
                .any(|allowed| allowed.as_str() == origin)
    }

    /// Whether browsers reach us over TLS: cookies are then `Secure`.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// How long the end may take, for requests and again for workers.
    pub fn shutdown(&self) -> Duration {
        Duration::from_secs(self.shutdown_seconds)
    }
}

fn http_address(address: &str, _: &()) -> garde::Result {
    let schemed = address.starts_with("http://") || address.starts_with("https://");
    if schemed && !address.ends_with('/') {
        Ok(())
    } else {
        Err(garde::Error::new(
            "must start with http:// or https:// and not end with a slash",
        ))
    }
}
