//! The servers that are measured: `onus`, auth-service and task-service without their workers, or all four services.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use hyper::Method;
use serde_json::{Value, json};
use tokio::process::{Child, Command};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use crate::Options;
use crate::http::{Connection, Headers};
use crate::writes::text;

const PASSWORD: &str = "a password of the benchmark";
const EMAIL: &str = "bench@example.com";
/// How long a server may take to answer for the first time.
const START: Duration = Duration::from_secs(60);

/// Where the API is, and who asks.
pub(crate) struct Api {
    auth: String,
    task: String,
}

/// Processes that end when this is dropped.
pub(crate) struct House {
    pub(crate) api: Api,
    children: Vec<(String, Child)>,
}

/// A connection to the database beside the servers'.
pub(crate) async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls)
        .await
        .context("the database does not answer")?;
    tokio::spawn(connection);
    Ok(client)
}

impl House {
    /// Starts `onus` with everything in it, and signs the first person up.
    pub(crate) async fn start(options: &Options) -> Result<House> {
        let (port, internal) = (free_port()?, free_port()?);
        let mut environment = secrets();
        for (name, value) in [
            ("ONUS__DATABASE__URL", options.database_url.clone()),
            ("ONUS__HTTP__PORT", port.to_string()),
            ("ONUS__HTTP__INTERNAL_PORT", internal.to_string()),
            ("ONUS__HTTP__PUBLIC_URL", format!("http://127.0.0.1:{port}")),
            ("ONUS__TELEMETRY__LOG", "warn".to_owned()),
        ] {
            environment.insert(name.to_owned(), value);
        }
        let child = spawn(&options.binaries.join("onus"), &["serve"], &environment)?;
        let host = format!("127.0.0.1:{port}");
        let mut house = House {
            api: Api {
                auth: host.clone(),
                task: host,
            },
            children: vec![("onus".to_owned(), child)],
        };
        house.wait().await?;
        let body = json!({"email": EMAIL, "password": PASSWORD, "name": "Bench", "workspace_name": "Bench"});
        let mut connection = Connection::open(&house.api.auth).await?;
        connection
            .send(Method::POST, "/api/auth/sign-up", Headers::default(), Some(&body))
            .await?
            .json()?;
        Ok(house)
    }

    /// Starts auth-service and task-service on the database that `onus` has migrated: routes alone, no relay, no
    /// consumers, no mail.
    pub(crate) async fn start_pair(options: &Options) -> Result<House> {
        House::start_services(options, &["auth", "task"], &["serve"]).await
    }

    /// Starts all four services with their workers, each in a process of its own.
    pub(crate) async fn start_four(options: &Options) -> Result<House> {
        let all = ["auth", "task", "audit", "notify"];
        House::start_services(options, &all, &["serve", "--with-work"]).await
    }

    /// `services` begin with auth and task.
    async fn start_services(options: &Options, services: &[&str], arguments: &[&str]) -> Result<House> {
        let mut ports = Vec::new();
        for _ in services {
            ports.push((free_port()?, free_port()?));
        }
        let (auth, task) = (ports[0], ports[1]);
        let mut environment = secrets();
        for (service, (public, internal)) in services.iter().zip(&ports) {
            let prefix = service.to_uppercase();
            for (name, value) in [
                ("DATABASE__URL", options.database_url.clone()),
                ("DATABASE__ROLE", format!("onus_{service}")),
                ("DATABASE__POOL_SIZE", options.connections.to_string()),
                ("HTTP__PORT", public.to_string()),
                ("HTTP__INTERNAL_PORT", internal.to_string()),
                (
                    "TOKEN__JWKS_URL",
                    format!("http://127.0.0.1:{}/.well-known/jwks.json", auth.0),
                ),
                ("TELEMETRY__LOG", "warn".to_owned()),
            ] {
                environment.insert(format!("{prefix}__{name}"), value);
            }
            // auth-service calls nobody.
            for (name, (_, port)) in [("AUTH", auth), ("TASK", task)] {
                if *service != "auth" {
                    environment.insert(
                        format!("{prefix}__INTERNAL__URLS__{name}"),
                        format!("http://127.0.0.1:{port}"),
                    );
                }
            }
        }
        let mut children = Vec::new();
        for service in services {
            let name = format!("{service}-service");
            let child = spawn(&options.binaries.join(&name), arguments, &environment)?;
            children.push((name, child));
        }
        let api = Api {
            auth: format!("127.0.0.1:{}", auth.0),
            task: format!("127.0.0.1:{}", task.0),
        };
        let mut house = House { api, children };
        house.wait().await?;
        Ok(house)
    }

    /// Name and id of every process.
    pub(crate) fn processes(&self) -> impl Iterator<Item = (&str, u32)> {
        self.children
            .iter()
            .filter_map(|(name, child)| Some((name.as_str(), child.id()?)))
    }

    async fn wait(&mut self) -> Result<()> {
        let answers = async {
            for host in [&self.api.auth, &self.api.task] {
                while !alive(host).await {
                    for (name, child) in &mut self.children {
                        if let Some(status) = child.try_wait()? {
                            bail!("{name} ended with {status}");
                        }
                    }
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
            Ok(())
        };
        tokio::time::timeout(START, answers)
            .await
            .context("no server answered in time")?
    }

    /// Ends every process.
    pub(crate) async fn stop(mut self) -> Result<()> {
        for (_, child) in &mut self.children {
            child.kill().await?;
        }
        Ok(())
    }
}

impl Api {
    /// A token of five minutes.
    pub(crate) async fn sign_in(&self) -> Result<String> {
        let body = json!({"email": EMAIL, "password": PASSWORD});
        let mut connection = Connection::open(&self.auth).await?;
        let answer = connection
            .send(Method::POST, "/api/auth/sign-in", Headers::default(), Some(&body))
            .await?;
        text(&answer.json()?, "access_token")
    }

    /// Where the auth-service is: `host:port`.
    pub(crate) fn auth(&self) -> &str {
        &self.auth
    }

    /// A connection to the task-service.
    pub(crate) async fn connect_tasks(&self) -> Result<Connection> {
        Connection::open(&self.task).await
    }

    /// Makes a board; gives its id and its columns'.
    pub(crate) async fn board(
        &self,
        connection: &mut Connection,
        token: &str,
        name: &str,
    ) -> Result<(String, Vec<String>)> {
        let headers = Headers {
            token: Some(token),
            ..Headers::default()
        };
        let made = connection
            .send(Method::POST, "/api/boards", headers, Some(&json!({"name": name})))
            .await?
            .json()?;
        let id = text(&made, "id")?;
        let board = connection
            .send(Method::GET, &format!("/api/boards/{id}"), headers, None)
            .await?
            .json()?;
        let columns = board["columns"].as_array().context("no columns")?;
        Ok((
            id,
            columns
                .iter()
                .map(|column: &Value| text(column, "id"))
                .collect::<Result<_>>()?,
        ))
    }
}

async fn alive(host: &str) -> bool {
    let Ok(mut connection) = Connection::open(host).await else {
        return false;
    };
    let answer = connection
        .send(Method::GET, "/livez", Headers::default(), None)
        .await;
    answer.is_ok_and(|answer| answer.status.is_success())
}

/// Secrets of this run: the same for every house, since the signing keys in the database are sealed with them.
fn secrets() -> BTreeMap<String, String> {
    static SECRETS: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    SECRETS
        .get_or_init(|| {
            let random = || format!("{}{}", Uuid::new_v4(), Uuid::new_v4());
            let root = random();
            let mut all = BTreeMap::new();
            for name in ["ONUS__SECRET", "AUTH__AUTH__SECRET"] {
                all.insert(name.to_owned(), root.clone());
            }
            // Each client has a secret of its own.
            for client in ["TASK", "AUDIT", "NOTIFY"] {
                let secret = random();
                all.insert(format!("{client}__INTERNAL__SECRET"), secret.clone());
                all.insert(format!("AUTH__AUTH__CLIENTS__{client}_SERVICE"), secret);
            }
            all
        })
        .clone()
}

fn spawn(program: &Path, arguments: &[&str], environment: &BTreeMap<String, String>) -> Result<Child> {
    Command::new(program)
        .args(arguments)
        .envs(environment)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("{} cannot be started", program.display()))
}

fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
