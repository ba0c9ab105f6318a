//! The service as the chassis sees it.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use auth_token::Verifier;
use messaging::{Producer, Transport};
use postgres::Database;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use web_kit::{Origin, PartState, Probe, Service, Workers, health::DatabaseProbe};

use crate::{
    app::{App, Parts},
    clients::{Clients, READERS},
    config::{DEFAULTS, Settings},
    error::Error,
    events::{ROUTES, SOURCE},
    http::{self, ServiceConfig},
    keys::{KeyCache, Secrets},
    passkeys::Passkeys,
    passwords::Passwords,
    providers::Providers,
    store, tools,
};

/// How often sessions that are over are forgotten.
const SWEEP: Duration = Duration::from_secs(600);
/// How often notes are looked for that came to another process.
const NOTES: Duration = Duration::from_secs(1);
/// How often pictures are looked for that are due again, or were wanted by another process.
const PICTURES: Duration = Duration::from_secs(5);

/// The auth-service.
#[derive(Clone)]
pub struct AuthService {
    app: App,
    producer: Producer,
    transport: Arc<dyn Transport>,
}

impl AuthService {
    /// The use cases.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Verifies the tokens signed here, without a detour over the network.
    pub fn verifier(&self) -> Verifier {
        self.app.verifier.clone()
    }
}

impl Service for AuthService {
    const NAME: &'static str = "auth-service";
    const PREFIX: &'static str = "AUTH";
    const DEFAULTS: &'static str = DEFAULTS;

    type Settings = Settings;

    async fn build(settings: Settings) -> anyhow::Result<Self> {
        let db = Database::open(&settings.database, "auth", Self::NAME)?;
        let transport = messaging::transport(&settings.bus, &db).await?;
        let producer = Producer::new(db.clone(), Arc::clone(&transport), ROUTES, &settings.bus);
        let clients = Clients::new(&settings.auth.clients);
        let secrets = Secrets::derive(&settings.auth.secret)?;
        let app = App::new(Parts {
            providers: Providers::new(&settings.auth.providers, &http::callback_url(&settings.http))?,
            passkeys: passkeys(&settings.http),
            passwords: Passwords::new(&settings.auth.password)?,
            secrets,
            clients,
            db,
            waker: producer.waker(),
            verifier: Verifier::new(&settings.token),
            issuer: settings.token.issuer,
            audience: settings.token.audience,
            http: settings.http,
            settings: settings.auth,
            noted: Notify::new(),
            pictured: Notify::new(),
            revoked: Notify::new(),
            keys: KeyCache::default(),
        });
        // A database that is away now may be back when the first person comes.
        if let Err(error) = app.keys().await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the signing keys cannot be opened yet"
            );
        }
        Ok(Self {
            app,
            producer,
            transport,
        })
    }

    fn routes(&self, cfg: &mut ServiceConfig) {
        http::routes(cfg, &self.app, self.verifier());
    }

    fn internal_routes(&self, cfg: &mut ServiceConfig) {
        http::internal_routes(cfg, &self.app, self.verifier());
        messaging::http::internal_routes(self.app.db.clone(), SOURCE, READERS)(cfg);
    }

    fn probes(&self) -> Vec<Arc<dyn Probe>> {
        vec![
            Arc::new(DatabaseProbe::new(self.app.db.clone())),
            Arc::new(KeysProbe(self.app.clone())),
            Arc::new(QueueProbe(Arc::clone(&self.transport))),
        ]
    }

    fn start_workers(&self, workers: &Workers) {
        let (producer, stop) = (self.producer.clone(), workers.stop.clone());
        workers.spawn("relay", async move { producer.run(stop).await });
        workers.spawn("sweep", sweep(self.app.clone(), workers.stop.clone()));
        workers.spawn("notes", settle_notes(self.app.clone(), workers.stop.clone()));
        workers.spawn("pictures", fetch_pictures(self.app.clone(), workers.stop.clone()));
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
        store::schema()
    }

    fn tools() -> Vec<clap::Command> {
        tools::commands()
    }

    async fn run_tool(&self, tool: &str, args: &clap::ArgMatches) -> anyhow::Result<String> {
        tools::run(&self.app, tool, args).await
    }
}

/// Passkeys for the address that people know, and for allowed origins of the same host.
fn passkeys(http: &web_kit::http::Settings) -> Passkeys {
    let others: Vec<&str> = http.allowed_origins.iter().map(Origin::as_str).collect();
    Passkeys::new(&http.public_url, &others)
}

/// Forgets sessions that are over, now and then. Replicas may do it at the same time.
async fn sweep(app: App, stop: CancellationToken) {
    loop {
        match app.sweep_sessions().await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "forgot sessions that were over"),
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "sessions were not swept"
            ),
        }
        tokio::select! {
            () = tokio::time::sleep(SWEEP) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Does what there is to do, at once where it comes to this process, and looks now and then for what came to another.
/// Replicas may do it at the same time.
async fn keep_at<F>(
    work: impl Fn() -> F,
    failed: &'static str,
    woken: &Notify,
    every: Duration,
    stop: CancellationToken,
) where
    F: Future<Output = Result<usize, Error>>,
{
    while !stop.is_cancelled() {
        match work().await {
            Ok(0) => {}
            // There may be more.
            Ok(_some) => continue,
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "{failed}"),
        }
        tokio::select! {
            () = woken.notified() => {}
            () = tokio::time::sleep(every) => {}
            () = stop.cancelled() => return,
        }
    }
}

async fn settle_notes(app: App, stop: CancellationToken) {
    let failed = "notes about addresses were not settled";
    keep_at(|| app.settle_notes(), failed, &app.noted, NOTES, stop).await;
}

async fn fetch_pictures(app: App, stop: CancellationToken) {
    let failed = "pictures were not fetched";
    keep_at(|| app.fetch_pictures(), failed, &app.pictured, PICTURES, stop).await;
}

/// The signing keys as a part of the service: with another `auth.secret` they stay shut.
struct KeysProbe(App);

#[async_trait]
impl Probe for KeysProbe {
    fn name(&self) -> &str {
        "keys"
    }

    async fn check(&self) -> PartState {
        match self.0.keys().await {
            Ok(_ring) => PartState::Ok,
            Err(error) => PartState::Degraded(error.to_string()),
        }
    }
}

/// The queues as a part of the service. Without them nothing is lost: events go out later.
struct QueueProbe(Arc<dyn Transport>);

#[async_trait]
impl Probe for QueueProbe {
    fn name(&self) -> &str {
        "queue"
    }

    async fn check(&self) -> PartState {
        for route in ROUTES {
            if let Err(error) = self.0.probe(route.destination).await {
                return PartState::Degraded(format!("{}: {error}", route.destination));
            }
        }
        PartState::Ok
    }
}
