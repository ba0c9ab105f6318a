//! The service put together: what it reads, what it answers, what it does in the background.

use std::sync::Arc;

use actix_web::web::{self, ServiceConfig};
use anyhow::Context as _;
use async_trait::async_trait;
use messaging::{Consumer, Sources, Transport};
use postgres::{Database, Schema};
use web_kit::health::DatabaseProbe;
use web_kit::{PartState, Probe, Service, Workers};

use crate::config::{PRODUCERS, Producer, Settings};
use crate::events::{Appender, QUEUE};
use crate::http;

/// The audit-service.
#[derive(Clone)]
pub struct App {
    /// The schema `audit`.
    pub database: Database,
    transport: Arc<dyn Transport>,
    sources: Sources,
    bus: messaging::Settings,
}

impl Service for App {
    const NAME: &'static str = "audit-service";
    const PREFIX: &'static str = "AUDIT";
    const DEFAULTS: &'static str = include_str!("../config.default.toml");

    type Settings = Settings;

    async fn build(settings: Settings) -> anyhow::Result<Self> {
        let database = Database::open(&settings.database, "audit", Self::NAME)?;
        let transport = messaging::transport(&settings.bus, &database).await?;
        let mut sources = Sources::new(settings.internal.credentials()?)?;
        for Producer { source, name, types } in PRODUCERS {
            let url = settings
                .internal
                .url(name)
                .with_context(|| format!("internal.urls.{name} is missing"))?;
            sources = sources.with(source, url, types);
        }
        Ok(Self {
            database,
            transport,
            sources,
            bus: settings.bus,
        })
    }

    fn routes(&self, cfg: &mut ServiceConfig) {
        cfg.app_data(web::Data::new(self.clone()));
        http::routes(cfg);
    }

    fn internal_routes(&self, _cfg: &mut ServiceConfig) {}

    fn probes(&self) -> Vec<Arc<dyn Probe>> {
        vec![
            Arc::new(DatabaseProbe::new(self.database.clone())),
            Arc::new(QueueProbe(Arc::clone(&self.transport))),
        ]
    }

    fn start_workers(&self, workers: &Workers) {
        let consumer = Consumer::new(
            self.database.clone(),
            Arc::clone(&self.transport),
            QUEUE,
            Arc::new(Appender),
            self.sources.clone(),
            &self.bus,
        );
        let stop = workers.stop.clone();
        workers.spawn("consumer", async move { consumer.run(stop).await });
    }

    fn openapi() -> utoipa::openapi::OpenApi {
        http::document()
    }

    fn schema() -> Schema {
        crate::store::schema()
    }

    async fn redrive(&self, stream: Option<&str>) -> anyhow::Result<u64> {
        let freed = messaging::redrive(&self.database, QUEUE, stream).await?;
        Ok(freed.len() as u64)
    }
}

/// The queue as a part of the service. Without it nothing is lost: entries come later.
struct QueueProbe(Arc<dyn Transport>);

#[async_trait]
impl Probe for QueueProbe {
    fn name(&self) -> &str {
        "queue"
    }

    async fn check(&self) -> PartState {
        match self.0.probe(QUEUE).await {
            Ok(()) => PartState::Ok,
            Err(error) => PartState::Degraded(error.to_string()),
        }
    }
}
