//! The settings: those of the process, and what each of the four services is told because of them.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};

use audit_service::App as AuditService;
use auth_service::AuthService;
use auth_token::Credentials;
use garde::Validate;
use notify_service::App as NotifyService;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use task_service::TaskService;
use uuid::Uuid;
use web_kit::Service;
use web_kit::internal::MIN_SECRET as MIN_CLIENT_SECRET;

/// The text of `config.default.toml`.
pub const DEFAULTS: &str = include_str!("../config.default.toml");
/// The first word of the environment variables.
pub const PREFIX: &str = "ONUS";

/// The services that call internal routes, and have a secret for it.
const CLIENTS: [&str; 3] = [AuditService::NAME, NotifyService::NAME, TaskService::NAME];
/// Fewest characters of the secret that seals the signing keys.
const MIN_SECRET: usize = 32;
/// Claim `aud` of the tokens, which only this process issues and reads.
const AUDIENCE: &str = "onus";

/// Everything that can be set for the process.
#[derive(Clone, Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What auth-service derives its own secrets from.
    #[garde(custom(long_secret))]
    pub secret: SecretString,
    /// Whether the start brings the schemas up to date.
    #[garde(skip)]
    pub migrate: bool,
    /// The folder of the built web app; empty for none.
    #[garde(skip)]
    pub web_root: String,
    /// The two ports.
    #[garde(dive)]
    pub http: web_kit::http::Settings,
    /// The administrator's connection.
    #[garde(dive, custom(has_url))]
    pub database: postgres::Settings,
    /// By what the services know each other.
    #[garde(dive)]
    pub internal: Internal,
    /// Logs and traces of the whole process.
    #[garde(dive)]
    pub telemetry: telemetry::Settings,
}

/// The `[internal]` section.
#[derive(Clone, Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Internal {
    /// A secret for each service that calls another; made at the start where it is not given.
    #[serde(default)]
    #[garde(custom(long_enough))]
    pub secrets: BTreeMap<String, SecretString>,
}

/// A section of settings that only a migration needs.
#[derive(Clone, Debug, Deserialize, Validate)]
pub struct MigrateSettings {
    /// The administrator's connection.
    #[garde(dive, custom(has_url))]
    pub database: postgres::Settings,
}

impl Settings {
    /// Settles what is left open: a free port for each port 0, and a secret for each service.
    ///
    /// # Errors
    /// When there is no free port.
    pub fn settle(mut self) -> std::io::Result<Settings> {
        self.http.port = settle_port(self.http.host, self.http.port)?;
        self.http.internal_port = settle_port(self.http.internal_host, self.http.internal_port)?;
        for service in CLIENTS {
            let secret = || format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()).into();
            self.internal.secrets.entry(key(service)).or_insert_with(secret);
        }
        Ok(self)
    }

    /// Whose tokens count: our own, with the keys fetched from our own public port.
    pub fn token(&self) -> auth_token::Settings {
        auth_token::Settings {
            issuer: self.http.public_url.clone(),
            audience: AUDIENCE.to_owned(),
            jwks_url: format!(
                "{}/.well-known/jwks.json",
                self.own_address(self.http.public_address())
            ),
            leeway_seconds: 5,
        }
    }

    /// A service's settings: its own defaults, file and environment, and over them what this process decides.
    ///
    /// # Errors
    /// When a setting of the service is faulty.
    pub fn of_service<S: Service>(&self) -> Result<S::Settings, settings::Faults> {
        settings::load(S::PREFIX, S::DEFAULTS, &self.overrides(S::NAME, S::PREFIX))
    }

    fn overrides(&self, service: &str, prefix: &str) -> Vec<(&'static str, String)> {
        let token = self.token();
        let internal = self.internal_url();
        let database = &self.database;
        let mut all = vec![
            ("http.public_url", self.http.public_url.clone()),
            ("database.url", database.url.expose_secret().to_owned()),
            ("database.role", format!("onus_{}", prefix.to_lowercase())),
            ("database.pool_size", database.pool_size.to_string()),
            (
                "database.connect_timeout_ms",
                database.connect_timeout_ms.to_string(),
            ),
            (
                "database.statement_timeout_ms",
                database.statement_timeout_ms.to_string(),
            ),
            ("database.tls", tls_name(database.tls).to_owned()),
            ("bus.transport", "postgres".to_owned()),
            ("token.issuer", token.issuer),
            ("token.audience", token.audience),
            ("token.jwks_url", token.jwks_url),
        ];
        if service == AuthService::NAME {
            all.push(("auth.secret", self.secret.expose_secret().to_owned()));
            all.extend([
                ("auth.clients.audit_service", self.secret_of(AuditService::NAME)),
                ("auth.clients.notify_service", self.secret_of(NotifyService::NAME)),
                ("auth.clients.task_service", self.secret_of(TaskService::NAME)),
            ]);
        } else {
            all.extend([
                ("internal.client_id", service.to_owned()),
                ("internal.secret", self.secret_of(service)),
                // Requests for missing events name the source they want, so one port answers for both producers.
                ("internal.urls.auth", internal.clone()),
                ("internal.urls.task", internal),
            ]);
        }
        all
    }

    /// What a service shows who it is with. Empty before the settings are settled.
    fn secret_of(&self, service: &str) -> String {
        let secret = self.internal.secrets.get(&key(service));
        secret
            .map(|secret| secret.expose_secret().to_owned())
            .unwrap_or_default()
    }

    /// What the process follows the feed of revocations with, in the name of one of its services.
    ///
    /// # Errors
    /// When no HTTP client can be made on this machine.
    pub fn credentials(&self) -> anyhow::Result<Credentials> {
        let service = TaskService::NAME;
        let secret = self.secret_of(service).into();
        Ok(Credentials::new(Some(&self.internal_url()), service, secret)?)
    }

    /// Where this process reaches its own internal routes.
    pub fn internal_url(&self) -> String {
        self.own_address(self.http.internal_address())
    }

    /// How this process reaches itself.
    fn own_address(&self, mut address: SocketAddr) -> String {
        if address.ip().is_unspecified() {
            address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
        }
        format!("http://{address}")
    }
}

/// A service's name as a setting, which may come from an environment's variable.
fn key(service: &str) -> String {
    service.replace('-', "_")
}

/// The services are told the port before it is bound, so a free one is looked for beforehand.
fn settle_port(host: IpAddr, port: u16) -> std::io::Result<u16> {
    if port != 0 {
        return Ok(port);
    }
    Ok(TcpListener::bind((host, 0))?.local_addr()?.port())
}

fn tls_name(tls: postgres::Tls) -> &'static str {
    match tls {
        postgres::Tls::Disable => "disable",
        postgres::Tls::Require => "require",
    }
}

fn has_url(database: &postgres::Settings, _: &()) -> garde::Result {
    if database.url.expose_secret().is_empty() {
        return Err(garde::Error::new(
            "url must be set: the address of a Postgres database",
        ));
    }
    Ok(())
}

fn long_secret(secret: &SecretString, _: &()) -> garde::Result {
    if secret.expose_secret().chars().count() < MIN_SECRET {
        return Err(garde::Error::new(format!(
            "must have at least {MIN_SECRET} characters, chosen at random"
        )));
    }
    Ok(())
}

fn long_enough(secrets: &BTreeMap<String, SecretString>, _: &()) -> garde::Result {
    for (name, secret) in secrets {
        if !CLIENTS.map(key).contains(name) {
            return Err(garde::Error::new(format!(
                "{name} is no service that calls another"
            )));
        }
        if secret.expose_secret().len() < MIN_CLIENT_SECRET {
            return Err(garde::Error::new(format!(
                "{name} must have at least {MIN_CLIENT_SECRET} characters"
            )));
        }
    }
    Ok(())
}
