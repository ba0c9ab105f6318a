//! The service on one screen.
//!
//! Boards: `create_board` `edit_board` `delete_board` `restore_board` `list_boards` `read_board` `changes`
//! Columns: `create_column` `edit_column` `move_column` `delete_column`
//! Tasks: `create_task` `edit_task` `move_task` `delete_task` `restore_task` `read_task` `list_tasks`
//! Comments: `comment_on_task` `list_comments`
//!
//! Each is a method of [`App`], in the file of its name under `commands` or `queries`.

use std::sync::Arc;

use actix_web::web::ServiceConfig;
use anyhow::Context as _;
use async_trait::async_trait;
use contracts::EventType;
use messaging::{Consumer, Feed, Producer, Sources, Transport, Waker};
use postgres::Database;
use web_kit::health::DatabaseProbe;
use web_kit::{PartState, Probe, Service, Workers};

use crate::config::{DEFAULTS, Settings};
use crate::events::{self, People};
use crate::{http, store};

/// What every use case needs.
#[derive(Clone)]
pub struct App {
    pub(crate) db: Database,
    pub(crate) waker: Waker,
    pub(crate) feed: Feed,
}

/// The service: its use cases, its relay and its consumer.
#[derive(Clone)]
pub struct TaskService {
    app: App,
    producer: Producer,
    consumer: Consumer,
    transport: Arc<dyn Transport>,
}

impl Service for TaskService {
    const NAME: &'static str = "task-service";
    const PREFIX: &'static str = "TASK";
    const DEFAULTS: &'static str = DEFAULTS;
    type Settings = Settings;

    async fn build(settings: Settings) -> anyhow::Result<Self> {
        let db = Database::open(&settings.database, "task", Self::NAME)?;
        let transport = messaging::transport(&settings.bus, &db)
            .await
            .context("the event bus")?;
        let producer = Producer::new(db.clone(), Arc::clone(&transport), events::ROUTES, &settings.bus);
        let mut sources = Sources::new(settings.internal.credentials()?)?;
        if let Some(auth) = settings.internal.url("auth") {
            sources = sources.with("/auth-service", auth, &[EventType::UserChanged]);
        }
        let consumer = Consumer::new(
            db.clone(),
            Arc::clone(&transport),
            events::QUEUE,
            Arc::new(People),
            sources,
            &settings.bus,
        );
        let app = App {
            db,
            waker: producer.waker(),
            feed: producer.feed(),
        };
        Ok(Self {
            app,
            producer,
            consumer,
            transport,
        })
    }

    fn routes(&self, cfg: &mut ServiceConfig) {
        http::routes(&self.app, cfg);
    }

    fn internal_routes(&self, cfg: &mut ServiceConfig) {
        messaging::http::internal_routes(self.app.db.clone(), events::SOURCE, events::READERS)(cfg);
    }

    fn probes(&self) -> Vec<Arc<dyn Probe>> {
        vec![
            Arc::new(DatabaseProbe::new(self.app.db.clone())),
            Arc::new(QueueProbe(Arc::clone(&self.transport))),
            Arc::new(FeedProbe(self.app.feed.clone())),
        ]
    }

    fn start_workers(&self, workers: &Workers) {
        workers.spawn("relay", self.producer.clone().run(workers.stop.clone()));
        workers.spawn("people", self.consumer.clone().run(workers.stop.clone()));
        let (db, stop) = (self.app.db.clone(), workers.stop.clone());
        workers.spawn("purge", async move {
            tokio::select! {
                () = postgres::idempotency::keep_purging(db) => {}
                () = stop.cancelled() => {}
            }
        });
    }

    fn openapi() -> utoipa::openapi::OpenApi {
        http::document()
    }

    fn schema() -> postgres::Schema {
        postgres::Schema {
            name: "task",
            sources: || vec![postgres::MIGRATIONS, messaging::MIGRATIONS, store::MIGRATIONS],
            requires: &[messaging::bus_schema],
            after: &[],
        }
    }

    async fn redrive(&self, stream: Option<&str>) -> anyhow::Result<u64> {
        let freed = messaging::redrive(&self.app.db, events::QUEUE, stream).await?;
        Ok(u64::try_from(freed.len())?)
    }
}

struct QueueProbe(Arc<dyn Transport>);

#[async_trait]
impl Probe for QueueProbe {
    fn name(&self) -> &str {
        "queue"
    }

    async fn check(&self) -> PartState {
        match self.0.probe(events::QUEUE).await {
            Ok(()) => PartState::Ok,
            Err(error) => PartState::Degraded(error.to_string()),
        }
    }
}

struct FeedProbe(Feed);

#[async_trait]
impl Probe for FeedProbe {
    fn name(&self) -> &str {
        "feed"
    }

    async fn check(&self) -> PartState {
        if self.0.is_live() {
            PartState::Ok
        } else {
            PartState::Degraded("changes made through other replicas are seen within a second".to_owned())
        }
    }
}
