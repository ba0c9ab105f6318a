//! The process put together: four services, one server, one set of workers.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use audit_service::App as AuditService;
use auth_service::AuthService;
use auth_token::Follower;
use notify_service::App as NotifyService;
use postgres::Schema;
use secrecy::SecretString;
use task_service::TaskService;
use tokio_util::sync::CancellationToken;
use web_kit::spa::Spa;
use web_kit::{Bound, Server, Service, Workers, follow};

use crate::config::Settings;

/// The schemas, in the order in which they are migrated.
pub fn schemas() -> [Schema; 4] {
    [
        AuthService::schema(),
        TaskService::schema(),
        AuditService::schema(),
        NotifyService::schema(),
    ]
}

/// Brings every schema up to date; gives the names of the migrations that ran.
///
/// # Errors
/// When the database cannot be reached or a migration fails.
pub async fn migrate(url: &SecretString) -> anyhow::Result<Vec<String>> {
    let mut ran = Vec::new();
    for schema in schemas() {
        ran.extend(postgres::migrate(url, &schema).await?);
    }
    Ok(ran)
}

/// The settings of the four services.
pub struct ServiceSettings {
    /// Those of auth-service.
    pub auth: <AuthService as Service>::Settings,
    task: <TaskService as Service>::Settings,
    audit: <AuditService as Service>::Settings,
    notify: <NotifyService as Service>::Settings,
}

impl ServiceSettings {
    /// Reads all four.
    ///
    /// # Errors
    /// With every fault of all four, so that one start names them all.
    pub fn load(settings: &Settings) -> Result<Self, Vec<String>> {
        let mut faults = Vec::new();
        let auth = of::<AuthService>(settings, &mut faults);
        let task = of::<TaskService>(settings, &mut faults);
        let audit = of::<AuditService>(settings, &mut faults);
        let notify = of::<NotifyService>(settings, &mut faults);
        match (auth, task, audit, notify) {
            (Some(auth), Some(task), Some(audit), Some(notify)) => Ok(Self {
                auth,
                task,
                audit,
                notify,
            }),
            _ => Err(faults),
        }
    }
}

fn of<S: Service>(settings: &Settings, faults: &mut Vec<String>) -> Option<S::Settings> {
    match settings.of_service::<S>() {
        Ok(settings) => Some(settings),
        Err(found) => {
            faults.extend(found.lines().iter().map(|line| format!("{}: {line}", S::NAME)));
            None
        }
    }
}

/// The house, holding its ports, before anything runs.
pub struct App {
    bound: Bound,
    follower: Follower,
    workers: Workers,
    services: Services,
    patience: Duration,
}

struct Services {
    auth: AuthService,
    task: TaskService,
    audit: AuditService,
    notify: NotifyService,
}

impl App {
    /// Migrates where that is wanted, builds the services and takes the ports. The settings must be settled.
    ///
    /// # Errors
    /// When the database cannot be migrated, a service cannot be built, the web app is not there or a port is taken.
    pub async fn build(settings: &Settings, of_services: ServiceSettings) -> anyhow::Result<Self> {
        if settings.migrate {
            let ran = migrate(&settings.database.url)
                .await
                .context("the database cannot be migrated")?;
            tracing::info!(migrations = ran.len(), "the schemas are up to date");
        }
        let ServiceSettings {
            auth,
            task,
            audit,
            notify,
        } = of_services;
        let services = Services {
            auth: build::<AuthService>(auth).await?,
            task: build::<TaskService>(task).await?,
            audit: build::<AuditService>(audit).await?,
            notify: build::<NotifyService>(notify).await?,
        };
        let workers = Workers::new();
        // The server has one verifier, that of auth-service, which knows its keys: so it must be the one that follows.
        let verifier = services.auth.verifier();
        let follower = Follower::new(
            &settings.internal_url(),
            settings.credentials()?,
            verifier.revocations().clone(),
        )?;
        let mut server = Server::new(&settings.http)
            .verifier(verifier.clone())
            .follows(&verifier)
            .mount(&services.auth)
            .mount(&services.task)
            .mount(&services.audit)
            .mount(&services.notify)
            .workers(&workers);
        if !settings.web_root.is_empty() {
            let web = Spa::open(&settings.web_root).context("the web app cannot be read: is it built?")?;
            server = server.spa(web);
        }
        Ok(Self {
            bound: server.bind()?,
            follower,
            workers,
            services,
            patience: settings.http.shutdown(),
        })
    }

    /// The public address.
    pub fn public_addr(&self) -> Option<SocketAddr> {
        self.bound.public_addr
    }

    /// The internal address.
    pub fn internal_addr(&self) -> SocketAddr {
        self.bound.internal_addr
    }

    /// Serves and works until told to stop. Says whether that was the reason for the end: a worker that dies ends the
    /// process too, because its events would lie unseen.
    ///
    /// # Errors
    /// When a listener fails.
    pub async fn run(self, stop: CancellationToken) -> anyhow::Result<bool> {
        let Self {
            bound,
            follower,
            workers,
            services,
            patience,
        } = self;
        services.auth.start_workers(&workers);
        services.task.start_workers(&workers);
        services.audit.start_workers(&workers);
        services.notify.start_workers(&workers);
        follow(follower, &workers);
        tracing::info!(public = ?bound.public_addr, internal = %bound.internal_addr, "started");
        let server = bound.run(stop.clone());
        tokio::pin!(server);
        let healthy = tokio::select! {
            outcome = &mut server => {
                outcome?;
                true
            }
            () = workers.failed() => {
                stop.cancel();
                server.await?;
                false
            }
        };
        let drained = workers.drain(patience).await;
        tracing::info!(healthy, drained, "stopped");
        Ok(healthy)
    }
}

async fn build<S: Service>(settings: S::Settings) -> anyhow::Result<S> {
    S::build(settings)
        .await
        .with_context(|| format!("{} cannot be built", S::NAME))
}
