//! What a service tells the chassis about itself.

use crate::{Probe, Workers, http, internal};
use actix_web::web::ServiceConfig;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// The sections that the settings of every service have.
pub trait HasCommon {
    /// `[http]`.
    fn http(&self) -> &http::Settings;
    /// `[telemetry]`.
    fn telemetry(&self) -> &telemetry::Settings;
    /// `[token]`.
    fn token(&self) -> &auth_token::Settings;
    /// `[internal]`; none for auth-service, which gives tokens and needs none.
    fn internal(&self) -> Option<&internal::Settings>;
}

/// A service: built from its settings, mounted on a server, with workers of its own.
///
/// Clones are handles of one service; each server thread holds one. The server itself provides what extractors need
/// (the token verifier, the gate, body bounds), so `routes` registers only the service's own state.
pub trait Service: Clone + Send + Sync + 'static {
    /// Its name, such as `task-service`.
    const NAME: &'static str;
    /// The first word of its environment variables, such as `TASK`.
    const PREFIX: &'static str;
    /// The text of its `config.default.toml`.
    const DEFAULTS: &'static str;
    /// Its settings.
    type Settings: DeserializeOwned + garde::Validate<Context = ()> + HasCommon + Send + Sync + 'static;

    /// Puts the service together. Nothing is served and no worker runs yet.
    fn build(settings: Self::Settings) -> impl Future<Output = anyhow::Result<Self>> + Send;

    /// The routes of the public port.
    fn routes(&self, cfg: &mut ServiceConfig);

    /// The routes of the internal port. Those below `/internal/` need a service's token.
    fn internal_routes(&self, cfg: &mut ServiceConfig);

    /// The parts that `/readyz` asks.
    fn probes(&self) -> Vec<Arc<dyn Probe>>;

    /// Starts relays, consumers and senders.
    fn start_workers(&self, workers: &Workers);

    /// The API document of the public port.
    fn openapi() -> utoipa::openapi::OpenApi;

    /// The database schema.
    fn schema() -> postgres::Schema;

    /// Commands of this service alone, beside those that every service has.
    fn tools() -> Vec<clap::Command> {
        Vec::new()
    }

    /// Runs one of [`Service::tools`]; gives what is to be printed.
    ///
    /// # Errors
    /// When it fails.
    fn run_tool(
        &self,
        tool: &str,
        args: &clap::ArgMatches,
    ) -> impl Future<Output = anyhow::Result<String>> + Send {
        let _ = args;
        let error = anyhow::anyhow!("{} has no command {tool}", Self::NAME);
        async { Err(error) }
    }

    /// Gives quarantined events another chance, those of one stream or all; returns how many.
    ///
    /// # Errors
    /// When the database cannot be reached, or the service consumes nothing.
    fn redrive(&self, stream: Option<&str>) -> impl Future<Output = anyhow::Result<u64>> + Send {
        let _ = stream;
        async { Err(anyhow::anyhow!("{} consumes no events", Self::NAME)) }
    }
}
