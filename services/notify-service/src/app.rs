//! The service put together: what it answers and what it does in the background.

use std::sync::Arc;

use actix_web::web::{self, ServiceConfig};
use anyhow::Context as _;
use async_trait::async_trait;
use contracts::EventType;
use messaging::{Consumer, Sources, Transport};
use postgres::{Database, Schema};
use tokio_util::sync::CancellationToken;
use web_kit::health::DatabaseProbe;
use web_kit::{PartState, Probe, Service, Workers};

use crate::commands::deliver_mail::Courier;
use crate::commands::fetch_link::Links;
use crate::commands::plan_changes::Rules;
use crate::commands::receive_events::{QUEUE, Receiver};
use crate::commands::send_due_mail::{Pace, send_due_mail};
use crate::config::{ChannelKind, DEFAULTS, Settings};
use crate::http;
use crate::mail::render::Templates;
use crate::mail::ses::Ses;
use crate::mail::smtp::Smtp;
use crate::mail::{Channel, Mailbox};
use crate::store::{self, deliveries};

/// The notify-service.
#[derive(Clone)]
pub struct App {
    /// The schema `notify`.
    pub db: Database,
    /// Whether mails are kept in the local mailbox instead of being sent.
    pub keeps_mail: bool,
    courier: Courier,
    pace: Pace,
    receiver: Receiver,
    transport: Arc<dyn Transport>,
    sources: Sources,
    bus: messaging::Settings,
}

impl Service for App {
    const NAME: &'static str = "notify-service";
    const PREFIX: &'static str = "NOTIFY";
    const DEFAULTS: &'static str = DEFAULTS;

    type Settings = Settings;

    async fn build(settings: Settings) -> anyhow::Result<App> {
        let db = Database::open(&settings.database, "notify", Self::NAME)?;
        let transport = messaging::transport(&settings.bus, &db).await?;
        let mail = &settings.mail;
        let courier = Courier {
            db: db.clone(),
            channel: channel(&settings, &db).await?,
            templates: Arc::new(Templates::load()?),
            links: Links::new(address_of(&settings, "auth")?, settings.internal.credentials()?)?,
            public_url: settings.http.public_url.clone(),
            deadline: mail.deadline(),
            patience: mail.patience(),
        };
        let rules = Rules {
            gathering: mail.gathering(),
            event_age: mail.event_age(),
        };
        Ok(App {
            db,
            keeps_mail: mail.channel == ChannelKind::Mailbox,
            courier,
            pace: Pace {
                concurrency: mail.concurrency,
                poll: mail.poll(),
                lease: mail.lease(),
            },
            receiver: Receiver { rules },
            transport,
            sources: sources(&settings)?,
            bus: settings.bus,
        })
    }

    fn routes(&self, cfg: &mut ServiceConfig) {
        cfg.app_data(web::Data::new(self.clone()));
        http::routes(cfg);
    }

    /// Nobody fetches anything from here: this service publishes no events.
    fn internal_routes(&self, _: &mut ServiceConfig) {}

    fn probes(&self) -> Vec<Arc<dyn Probe>> {
        vec![
            Arc::new(DatabaseProbe::new(self.db.clone())),
            Arc::new(QueueProbe(Arc::clone(&self.transport))),
            Arc::new(MailProbe(self.db.clone())),
        ]
    }

    fn start_workers(&self, workers: &Workers) {
        let consumer = Consumer::new(
            self.db.clone(),
            Arc::clone(&self.transport),
            QUEUE,
            Arc::new(self.receiver),
            self.sources.clone(),
            &self.bus,
        );
        workers.spawn("notify consumer", consumer.run(workers.stop.clone()));
        workers.spawn(
            "mail sender",
            send_due_mail(self.courier.clone(), self.pace, workers.stop.clone()),
        );
        workers.spawn("key purge", purge_keys(self.db.clone(), workers.stop.clone()));
    }

    fn openapi() -> utoipa::openapi::OpenApi {
        http::document()
    }

    fn schema() -> Schema {
        store::schema()
    }

    async fn redrive(&self, stream: Option<&str>) -> anyhow::Result<u64> {
        let freed = messaging::redrive(&self.db, QUEUE, stream).await?;
        Ok(u64::try_from(freed.len())?)
    }
}

async fn channel(settings: &Settings, db: &Database) -> anyhow::Result<Arc<dyn Channel>> {
    let from = settings
        .mail
        .from
        .parse()
        .context("mail.from is not an address")?;
    Ok(match settings.mail.channel {
        ChannelKind::Mailbox => Arc::new(Mailbox::new(db.clone())),
        ChannelKind::Smtp => Arc::new(Smtp::new(settings.smtp.clone(), from)),
        ChannelKind::Ses => Arc::new(Ses::connect(&settings.ses, &from.to_string()).await),
    })
}

fn sources(settings: &Settings) -> anyhow::Result<Sources> {
    let auth = address_of(settings, "auth")?;
    let task = address_of(settings, "task")?;
    Ok(Sources::new(settings.internal.credentials()?)?
        .with(
            "/auth-service",
            auth,
            &[EventType::UserChanged, EventType::MailRequested],
        )
        .with("/task-service", task, &[EventType::TaskChanged]))
}

fn address_of<'a>(settings: &'a Settings, service: &str) -> anyhow::Result<&'a str> {
    settings
        .internal
        .url(service)
        .with_context(|| format!("internal.urls.{service} is missing"))
}

async fn purge_keys(db: Database, stop: CancellationToken) {
    stop.run_until_cancelled(postgres::idempotency::keep_purging(db))
        .await;
}

/// Whether events can be received.
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

/// Whether mail waits for a mail server that does not take it.
struct MailProbe(Database);

#[async_trait]
impl Probe for MailProbe {
    fn name(&self) -> &str {
        "mail"
    }

    async fn check(&self) -> PartState {
        let waiting = async {
            let mut conn = self.0.read().await?;
            deliveries::waiting_for_channel(&mut conn).await
        };
        match waiting.await {
            Ok(0) => PartState::Ok,
            Ok(count) => PartState::Degraded(format!(
                "{count} mails were not taken yet and will be tried again"
            )),
            Err(error) => PartState::Degraded(error.to_string()),
        }
    }
}
