//! The smallest service there is: one route, one worker, every command.

use actix_web::web::{self, ServiceConfig};
use serde::Deserialize;
use std::process::ExitCode;
use std::sync::Arc;
use web_kit::{HasCommon, Probe, Service, Workers, http, internal};

#[derive(Debug, Deserialize, garde::Validate)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(default)]
    #[garde(dive)]
    http: http::Settings,
    #[serde(default)]
    #[garde(dive)]
    telemetry: telemetry::Settings,
    #[garde(dive)]
    token: auth_token::Settings,
    #[garde(dive)]
    internal: internal::Settings,
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

#[derive(Clone)]
struct Minimal;

impl Service for Minimal {
    const NAME: &'static str = "minimal";
    const PREFIX: &'static str = "MINIMAL";
    const DEFAULTS: &'static str = r#"
        [token]
        issuer = "http://localhost:8080"
        audience = "onus"
        jwks_url = "http://localhost:8080/.well-known/jwks.json"
        [internal]
        client_id = "minimal"
        secret = "only-for-this-example"
    "#;
    type Settings = Settings;

    async fn build(_: Settings) -> anyhow::Result<Minimal> {
        Ok(Minimal)
    }

    fn routes(&self, cfg: &mut ServiceConfig) {
        cfg.service(web::resource("/api/hello").route(web::get().to(async || "hello")));
    }

    fn internal_routes(&self, _: &mut ServiceConfig) {}

    fn probes(&self) -> Vec<Arc<dyn Probe>> {
        Vec::new()
    }

    fn start_workers(&self, workers: &Workers) {
        let stop = workers.stop.clone();
        workers.spawn("idle", async move { stop.cancelled().await });
    }

    fn openapi() -> utoipa::openapi::OpenApi {
        utoipa::openapi::OpenApi::new(
            utoipa::openapi::Info::new("minimal", "1"),
            utoipa::openapi::Paths::new(),
        )
    }

    fn schema() -> postgres::Schema {
        postgres::Schema {
            name: "minimal",
            sources: Vec::new,
            requires: &[],
            after: &[],
        }
    }
}

fn main() -> ExitCode {
    web_kit::cli::run::<Minimal>()
}
