//! The four services as processes of their own behind nginx, as they stand in the cloud behind the load balancer.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;
use rustix::process::Signal;

use super::{House, Up, build};
use crate::account;
use crate::http;
use crate::ports;
use crate::processes::{Processes, Stage};
use crate::run::run;
use crate::session::{Session, random_secret};
use crate::tools::ministack::{Ministack, REGION, SENDER};
use crate::tools::nginx::Gateway;
use crate::tools::web;
use crate::ui::Progress;

/// What the names of the SQS queues begin with.
pub(crate) const QUEUE_PREFIX: &str = "onus-";

/// The services; auth-service first, because the others fetch its keys.
pub(crate) const SERVICES: [&str; 4] = ["auth", "task", "audit", "notify"];

/// The settings of the four services on this machine.
struct Plan<'a> {
    url: String,
    /// By which the services are known to auth-service, in the order of [`SERVICES`].
    clients: [String; 4],
    secret: &'a str,
    database: &'a str,
    emulator: Option<&'a Ministack>,
    /// Public and internal port, in the order of [`SERVICES`].
    ports: [(u16, u16); 4],
}

/// Builds, migrates and starts services and gateway.
pub(crate) fn start(
    up: &mut Up<'_>,
    database: &str,
    secret: &str,
    emulator: Option<&Ministack>,
) -> Result<House> {
    let Up {
        options,
        session,
        steps,
        processes,
    } = up;
    let packages = [
        "auth-service",
        "task-service",
        "audit-service",
        "notify-service",
        "onus",
    ];
    steps.step("Build", |progress| {
        build(session, &packages, options.release, progress)
    })?;
    let [a, b, c, d, e, f, g, h] = ports::free()?;
    let plan = Plan {
        url: format!("http://localhost:{}", options.port),
        clients: std::array::from_fn(|_| random_secret()),
        secret,
        database,
        emulator,
        ports: [(a, b), (c, d), (e, f), (g, h)],
    };
    let binaries = session.binaries(options.release);
    steps.step("Migrations", |progress| {
        plan.migrate(session, &binaries, progress)
    })?;
    steps.step("Services", |_| plan.start_services(session, &binaries, processes))?;
    steps.step("Gateway", |_| {
        let web = web::public_copy(session)?;
        let services = std::array::from_fn::<_, 4, _>(|index| (SERVICES[index], plan.ports[index].0));
        Gateway {
            port: options.port,
            web: &web,
            services: &services,
        }
        .start(session, processes)?;
        Ok("nginx")
    })?;
    Ok(House {
        internal: plan.internal("auth"),
        secret: plan.client("notify").to_owned(),
        url: plan.url,
        mails: emulator.map(Ministack::mails),
    })
}

impl Plan<'_> {
    fn migrate(&self, session: &Session, binaries: &Path, progress: &Progress) -> Result<&'static str> {
        for service in SERVICES {
            let mut command = Command::new(binaries.join(format!("{service}-service")));
            self.configure(&mut command, service);
            command.arg("migrate").args(["--admin-url", self.database]);
            run(session, &mut command, &format!("migrate-{service}"), progress)?;
        }
        Ok("")
    }

    fn start_services(
        &self,
        session: &Session,
        binaries: &Path,
        processes: &mut Processes,
    ) -> Result<String> {
        for service in SERVICES {
            let name = format!("{service}-service");
            let mut command = account::command(None, binaries.join(&name).as_os_str(), Some("TERM"));
            self.configure(&mut command, service);
            command.args(["serve", "--with-work"]);
            processes.start(
                &name,
                Stage::Service,
                Signal::TERM,
                &mut command,
                &session.log(&name),
            )?;
        }
        for (service, (public, _)) in SERVICES.iter().zip(self.ports) {
            processes.wait_until(service, Duration::from_secs(60), || {
                http::get(public, "/livez").is_ok_and(|(status, _)| status == 200)
            })?;
        }
        let places: Vec<_> = SERVICES
            .iter()
            .zip(self.ports)
            .map(|(name, (port, _))| format!("{name} :{port}"))
            .collect();
        Ok(places.join(", "))
    }

    /// Everything by environment, as in a container.
    fn configure(&self, command: &mut Command, service: &str) {
        let prefix = service.to_uppercase();
        let mut set = |name: &str, value: &str| {
            command.env(format!("{prefix}__{name}"), value);
        };
        let (public, internal) = self.port_of(service);
        set("HTTP__HOST", "127.0.0.1");
        set("HTTP__PORT", &public.to_string());
        set("HTTP__INTERNAL_HOST", "127.0.0.1");
        set("HTTP__INTERNAL_PORT", &internal.to_string());
        set("HTTP__PUBLIC_URL", &self.url);
        // The gateway says who came: wrong passwords are counted by network.
        set("HTTP__TRUSTED_PROXIES", "127.0.0.1");
        set("DATABASE__URL", self.database);
        set("DATABASE__ROLE", &format!("onus_{service}"));
        set("TOKEN__ISSUER", &self.url);
        set(
            "TOKEN__JWKS_URL",
            &format!(
                "http://127.0.0.1:{}/.well-known/jwks.json",
                self.port_of("auth").0
            ),
        );
        set("TELEMETRY__FORMAT", "pretty");
        if service == "auth" {
            set("AUTH__SECRET", self.secret);
            for other in SERVICES.into_iter().filter(|other| *other != "auth") {
                let name = format!("AUTH__CLIENTS__{}_SERVICE", other.to_uppercase());
                set(&name, self.client(other));
            }
        } else {
            set("INTERNAL__SECRET", self.client(service));
            set("INTERNAL__URLS__AUTH", &self.internal("auth"));
            set("INTERNAL__URLS__TASK", &self.internal("task"));
        }
        let Some(emulator) = self.emulator else { return };
        set("BUS__TRANSPORT", "sqs");
        set("BUS__SQS__ENDPOINT", &emulator.endpoint());
        set("BUS__SQS__REGION", REGION);
        set("BUS__SQS__PREFIX", QUEUE_PREFIX);
        set("BUS__SQS__TEST_CREDENTIALS", "true");
        if service == "notify" {
            set("MAIL__CHANNEL", "ses");
            set("MAIL__FROM", SENDER);
            set("SES__ENDPOINT", &emulator.endpoint());
            set("SES__REGION", REGION);
            set("SES__TEST_CREDENTIALS", "true");
        }
    }

    /// The secret by which auth-service knows a service.
    fn client(&self, service: &str) -> &str {
        let index = SERVICES.iter().position(|name| *name == service);
        index.map_or("", |index| &self.clients[index])
    }

    fn port_of(&self, service: &str) -> (u16, u16) {
        SERVICES
            .iter()
            .position(|name| *name == service)
            .map(|index| self.ports[index])
            .unwrap_or_default()
    }

    fn internal(&self, service: &str) -> String {
        format!("http://127.0.0.1:{}", self.port_of(service).1)
    }
}
