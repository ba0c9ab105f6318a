//! What each command does.

use super::{Cli, Command};
use crate::{HasCommon as _, Server, Service, Workers, follow, stop_on_signals};
use anyhow::{Context as _, bail};
use auth_token::{Follower, Proofs, Verifier};
use clap::ArgMatches;
use secrecy::{ExposeSecret as _, SecretString};
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long a health check waits.
const HEALTH: Duration = Duration::from_secs(2);

/// What a process serves besides its internal port.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Duties {
    serve: bool,
    work: bool,
}

pub(super) fn execute<S: Service>(cli: Cli) -> anyhow::Result<ExitCode> {
    let overrides: Vec<(&str, String)> = cli
        .overrides
        .set
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    let load = || settings::load::<S::Settings>(S::PREFIX, S::DEFAULTS, &overrides);
    match cli.command {
        Command::Serve { with_work } => stay::<S>(
            load()?,
            Duties {
                serve: true,
                work: with_work,
            },
        ),
        Command::Work => stay::<S>(
            load()?,
            Duties {
                serve: false,
                work: true,
            },
        ),
        Command::Migrate { admin_url } => migrate::<S>(admin_url),
        Command::Openapi => print(&S::openapi().to_pretty_json()?),
        Command::Healthcheck => healthcheck(&load()?),
        Command::Redrive { stream } => redrive::<S>(load()?, stream.as_deref()),
    }
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("no runtime")
}

fn print(text: &str) -> anyhow::Result<ExitCode> {
    writeln!(std::io::stdout().lock(), "{text}")?;
    Ok(ExitCode::SUCCESS)
}

/// Serves, works or both until it is told to stop.
fn stay<S: Service>(settings: S::Settings, duties: Duties) -> anyhow::Result<ExitCode> {
    let _guard = telemetry::init(S::NAME, settings.telemetry());
    runtime()?.block_on(async {
        let stop = stop_on_signals()?;
        let http = settings.http().clone();
        let verifier = Verifier::new(settings.token());
        ask_for_proofs(&settings, &verifier)?;
        let follower = follower(&settings, &verifier)?;
        let service = S::build(settings)
            .await
            .with_context(|| format!("{} cannot be built", S::NAME))?;

        let workers = Workers::new();
        let server = Server::new(&http).verifier(verifier.clone());
        let server = if duties.serve {
            server.mount(&service).follows(&verifier)
        } else {
            server.parts_of(&service).internal_only()
        };
        let server = if duties.work {
            server.workers(&workers)
        } else {
            server
        };
        let bound = server.bind()?;
        tracing::info!(
            service = S::NAME,
            public = bound.public_addr.map(tracing::field::display),
            internal = %bound.internal_addr,
            work = duties.work,
            "started"
        );
        if duties.work {
            service.start_workers(&workers);
        }
        if duties.serve
            && let Some(follower) = follower
        {
            follow(follower, &workers);
        }
        // A worker that died would leave events lying unseen; whoever supervises the process starts a new one.
        let healthy = run_until_stop(bound.run(stop.clone()), &workers, &stop).await?;
        let drained = workers.drain(http.shutdown()).await;
        tracing::info!(service = S::NAME, healthy, drained, "stopped");
        Ok(if healthy {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    })
}

/// Who follows the feed of revocations; nobody where auth-service is not known, as in auth-service itself, which looks
/// into its own tables.
fn follower(settings: &impl crate::HasCommon, verifier: &Verifier) -> anyhow::Result<Option<Follower>> {
    let Some((internal, base)) = settings
        .internal()
        .and_then(|internal| Some((internal, internal.url("auth")?)))
    else {
        return Ok(None);
    };
    let revocations = verifier.revocations().clone();
    Ok(Some(Follower::new(base, internal.credentials()?, revocations)?))
}

/// Tells the verifier whom to ask for proofs of identity; auth-service itself asks nobody.
fn ask_for_proofs(settings: &impl crate::HasCommon, verifier: &Verifier) -> anyhow::Result<()> {
    if let Some(internal) = settings.internal()
        && let Some(base) = internal.url("auth")
    {
        verifier.ask(Proofs::new(base, internal.credentials()?)?);
    }
    Ok(())
}

/// Runs the server to its end; says whether that end was asked for.
async fn run_until_stop(
    server: impl Future<Output = std::io::Result<()>>,
    workers: &Workers,
    stop: &CancellationToken,
) -> anyhow::Result<bool> {
    tokio::pin!(server);
    tokio::select! {
        outcome = &mut server => {
            outcome?;
            return Ok(true);
        }
        () = workers.failed() => {}
    }
    stop.cancel();
    server.await?;
    Ok(false)
}

/// Migrations need no other setting than the database's, and even that only where a password is to be set: the
/// administrator may run them before anything else is configured.
fn migrate<S: Service>(admin_url: Option<String>) -> anyhow::Result<ExitCode> {
    let admin = admin::<S>(admin_url)?;
    let schema = S::schema();
    let password = variable(S::PREFIX, "_DATABASE__PASSWORD")?;
    let done = runtime()?.block_on(async {
        let done = postgres::migrate_as(&admin, &schema).await?;
        if let Some(password) = &password {
            postgres::set_password(&admin, &schema, password).await?;
        }
        anyhow::Ok(done)
    })?;
    match done.as_slice() {
        [] => print(&format!("schema {} is up to date", schema.name)),
        done => print(&format!("schema {}: {}", schema.name, done.join(", "))),
    }
}

/// How the administrator connects: like the service, except for who it is.
fn admin<S: Service>(url: Option<String>) -> anyhow::Result<postgres::Settings> {
    let prefix = S::PREFIX;
    let Some(url) = url.map(SecretString::from).or(variable(prefix, "ADMIN_URL")?) else {
        bail!("say where: --admin-url or {prefix}_ADMIN_URL");
    };
    let mut admin = postgres::Settings::for_url(url);
    admin.password = variable(prefix, "ADMIN_PASSWORD")?;
    admin.ca = variable(prefix, "_DATABASE__CA")?.map(|ca| ca.expose_secret().to_owned());
    if let Some(tls) = variable(prefix, "_DATABASE__TLS")? {
        admin.tls = match tls.expose_secret() {
            "require" => postgres::Tls::Require,
            "disable" => postgres::Tls::Disable,
            _ => bail!("{prefix}__DATABASE__TLS must be require or disable"),
        };
    }
    Ok(admin)
}

/// An environment variable of the service, or what the file holds that is named by the one with `_FILE` behind it.
fn variable(prefix: &str, name: &str) -> anyhow::Result<Option<SecretString>> {
    let name = format!("{prefix}_{name}");
    if let Ok(file) = std::env::var(format!("{name}_FILE")) {
        let text =
            std::fs::read_to_string(&file).with_context(|| format!("{name}_FILE: cannot read {file}"))?;
        return Ok(Some(SecretString::from(
            text.trim_end_matches(['\r', '\n']).to_owned(),
        )));
    }
    let value = std::env::var(name).ok().filter(|value| !value.is_empty());
    Ok(value.map(SecretString::from))
}

fn healthcheck(settings: &impl crate::HasCommon) -> anyhow::Result<ExitCode> {
    let mut address = settings.http().internal_address();
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            std::net::SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            std::net::SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    let status = runtime()?.block_on(async {
        let answer = crate::client::internal(HEALTH)?
            .get(format!("http://{address}/livez"))
            .send()
            .await?;
        anyhow::Ok(answer.status())
    });
    let status = status.with_context(|| format!("nobody answers at {address}"))?;
    if !status.is_success() {
        bail!("answered with {status}");
    }
    print("ok")
}

/// Runs a command of this service alone.
pub(super) fn tool<S: Service>(tool: &str, args: &ArgMatches) -> anyhow::Result<ExitCode> {
    let set = args.get_many::<(String, String)>("set").unwrap_or_default();
    let overrides: Vec<(&str, String)> = set.map(|(name, value)| (name.as_str(), value.clone())).collect();
    let settings = settings::load::<S::Settings>(S::PREFIX, S::DEFAULTS, &overrides)?;
    let _guard = telemetry::init(S::NAME, settings.telemetry());
    let text = runtime()?.block_on(async { S::build(settings).await?.run_tool(tool, args).await })?;
    print(&text)
}

fn redrive<S: Service>(settings: S::Settings, stream: Option<&str>) -> anyhow::Result<ExitCode> {
    let _guard = telemetry::init(S::NAME, settings.telemetry());
    let count = runtime()?.block_on(async { S::build(settings).await?.redrive(stream).await })?;
    print(&format!("{count} events will be tried again"))
}
