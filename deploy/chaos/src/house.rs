//! The real binaries with a database of their own: the one process `onus`, or the four services apart.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use futures::future::try_join_all;
use uuid::Uuid;

use crate::client::Client;
use crate::database::TestDatabase;
use crate::process::{Process, binary, free_port};
use crate::ses::Ses;
use crate::wait::until;

/// The services, and the prefix of each one's settings.
const SERVICES: [(&str, &str); 4] = [
    ("auth-service", "AUTH"),
    ("task-service", "TASK"),
    ("audit-service", "AUDIT"),
    ("notify-service", "NOTIFY"),
];

/// The writes go on at most this long until the next kill is due.
const PROGRESS: Duration = Duration::from_secs(90);

/// A running house.
#[derive(Debug)]
pub struct House {
    /// Its processes, in the order in which they were started.
    processes: Vec<Process>,
    /// Where the auth-service answers.
    pub auth_url: String,
    /// Where the task-service answers.
    pub task_url: String,
    /// Its database.
    pub database: TestDatabase,
    /// Where its mails go.
    pub ses: Ses,
    /// What the processes print.
    logs: PathBuf,
    client: Client,
}

impl House {
    /// Starts `onus`.
    pub async fn one_process() -> Result<Self> {
        let (database, ses, logs) = ground().await?;
        let (port, internal) = (free_port()?, free_port()?);
        let url = format!("http://127.0.0.1:{port}");
        let mut environment = mail_settings(&ses);
        let own = [
            ("ONUS__DATABASE__URL", database.admin_url()?),
            ("ONUS__SECRET", secret()),
            ("ONUS__HTTP__PORT", port.to_string()),
            ("ONUS__HTTP__INTERNAL_PORT", internal.to_string()),
            ("ONUS__HTTP__PUBLIC_URL", url.clone()),
        ];
        environment.extend(own.map(|(name, value)| (name.to_owned(), value)));
        let onus = Process::new("onus", &["serve"], environment, format!("{url}/livez"), &logs);
        let house = Self {
            processes: vec![onus],
            auth_url: url.clone(),
            task_url: url,
            database,
            ses,
            logs,
            client: Client::new()?,
        };
        house.start().await
    }

    /// Migrates and starts the four services, each as a process of its own.
    pub async fn four_processes() -> Result<Self> {
        let (database, ses, logs) = ground().await?;
        let mut ports = BTreeMap::new();
        for (_, prefix) in SERVICES {
            ports.insert(prefix, (free_port()?, free_port()?));
        }
        let url = |prefix: &str| format!("http://127.0.0.1:{}", ports[prefix].0);
        let internal = |prefix: &str| format!("http://127.0.0.1:{}", ports[prefix].1);
        let secret_of_auth = secret();
        let clients = SERVICES.map(|(_, prefix)| (prefix, secret()));
        let mut processes = Vec::new();
        for (name, prefix) in SERVICES {
            migrate(name, &database.admin_url()?).await?;
            let mut environment = if prefix == "NOTIFY" {
                mail_settings(&ses)
            } else {
                BTreeMap::new()
            };
            let mut set = |key: &str, value: String| environment.insert(format!("{prefix}__{key}"), value);
            set("DATABASE__URL", database.admin_url()?);
            set("DATABASE__ROLE", format!("onus_{}", prefix.to_lowercase()));
            set("HTTP__PORT", ports[prefix].0.to_string());
            set("HTTP__INTERNAL_PORT", ports[prefix].1.to_string());
            set("HTTP__PUBLIC_URL", url("AUTH"));
            set("TOKEN__ISSUER", url("AUTH"));
            set(
                "TOKEN__JWKS_URL",
                format!("{}/.well-known/jwks.json", url("AUTH")),
            );
            if prefix == "AUTH" {
                set("AUTH__SECRET", secret_of_auth.clone());
            } else {
                set("INTERNAL__URLS__AUTH", internal("AUTH"));
                set("INTERNAL__URLS__TASK", internal("TASK"));
            }
            for (service, secret) in &clients {
                if prefix == "AUTH" && *service != "AUTH" {
                    set(&format!("AUTH__CLIENTS__{service}_SERVICE"), secret.clone());
                } else if prefix != "AUTH" && *service == prefix {
                    set("INTERNAL__SECRET", secret.clone());
                }
            }
            let health = format!("{}/livez", url(prefix));
            processes.push(Process::new(
                name,
                &["serve", "--with-work"],
                environment,
                health,
                &logs,
            ));
        }
        let house = Self {
            processes,
            auth_url: url("AUTH"),
            task_url: url("TASK"),
            database,
            ses,
            logs,
            client: Client::new()?,
        };
        house.start().await
    }

    async fn start(mut self) -> Result<Self> {
        for process in &mut self.processes {
            process.start(self.client.http()).await?;
        }
        Ok(self)
    }

    /// Nobody's client.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The process of this name.
    pub fn process(&mut self, name: &str) -> Result<&mut Process> {
        let found = self.processes.iter_mut().find(|process| process.name() == name);
        found.with_context(|| format!("no process is called {name}"))
    }

    /// Kills each process as often as is asked for while the writes go on: evenly spread over them, and without regard
    /// for how the others are.
    pub async fn kill_along(&mut self, times: usize, progress: &AtomicUsize, writes: usize) -> Result<usize> {
        let http = self.client.http();
        let count = self.processes.len();
        let kills = times * count;
        let killers = self
            .processes
            .iter_mut()
            .enumerate()
            .map(|(place, process)| async move {
                for round in 0..times {
                    let due = (round * count + place + 1) * writes / (kills + 1);
                    until(&format!("write {due}"), PROGRESS, || async {
                        Ok((progress.load(Ordering::SeqCst) >= due).then_some(()))
                    })
                    .await?;
                    process.kill()?;
                    process
                        .start(http)
                        .await
                        .with_context(|| format!("after kill {}", round + 1))?;
                }
                Ok::<_, anyhow::Error>(())
            });
        try_join_all(killers).await?;
        Ok(kills)
    }

    /// Ends everything and removes what it left behind.
    pub async fn remove(mut self) -> Result<()> {
        for process in &mut self.processes {
            process.kill()?;
        }
        std::fs::remove_dir_all(&self.logs)?;
        self.database.remove().await
    }
}

/// What every house stands on.
async fn ground() -> Result<(TestDatabase, Ses, PathBuf)> {
    let database = TestDatabase::create().await?;
    let logs = std::env::temp_dir().join(format!("onus-chaos-{}", Uuid::new_v4().simple()));
    std::fs::create_dir(&logs)?;
    Ok((database, Ses::start().await?, logs))
}

/// Mail goes to the stand-in, at once; whatever is claimed by a killed process is settled within seconds.
fn mail_settings(ses: &Ses) -> BTreeMap<String, String> {
    let settings = [
        ("NOTIFY__MAIL__CHANNEL", "ses".to_owned()),
        ("NOTIFY__MAIL__GATHER_MS", "0".to_owned()),
        ("NOTIFY__MAIL__DEADLINE_MS", "3000".to_owned()),
        ("NOTIFY__MAIL__LEASE_MS", "5000".to_owned()),
        ("NOTIFY__SES__ENDPOINT", ses.url()),
        ("NOTIFY__SES__REGION", "us-east-1".to_owned()),
        ("NOTIFY__SES__TEST_CREDENTIALS", "true".to_owned()),
    ];
    settings.map(|(name, value)| (name.to_owned(), value)).into()
}

async fn migrate(service: &str, admin_url: &str) -> Result<()> {
    let output = tokio::process::Command::new(binary(service))
        .args(["migrate", "--admin-url", admin_url])
        .stdin(Stdio::null())
        .output()
        .await
        .with_context(|| format!("{service} cannot be run; was it built?"))?;
    ensure!(
        output.status.success(),
        "{service} migrate: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

fn secret() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}
