//! A workspace on a fresh database, replicas of the service that serve it, and people who call them.

use std::sync::Arc;
use std::time::Duration;

use auth_token::Verifier;
use policy::Role;
use serde_json::Value;
use task_service::{Settings, TaskService};
use test_kit::{TestCaller, TestDb, TestIssuer};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use web_kit::{Server, Service as _, Workers};

pub(crate) use crate::client::{Call, Person, TestBoard};

/// How long something may take that happens at once.
pub(crate) const SOON: Duration = Duration::from_secs(20);

/// A workspace, its database, and the first replica.
pub(crate) struct World {
    pub(crate) db: TestDb,
    pub(crate) issuer: TestIssuer,
    pub(crate) workspace: Uuid,
    pub(crate) replica: Replica,
}

impl World {
    /// A fresh database and one replica with its workers.
    pub(crate) async fn start() -> World {
        let db = TestDb::new(&[TaskService::schema()]).await;
        let issuer = TestIssuer::start().await;
        let replica = Replica::start(&db, &issuer).await;
        let world = World {
            db,
            issuer,
            workspace: Uuid::now_v7(),
            replica,
        };
        world
            .replica
            .warm(&world.stranger(world.workspace, Role::Observer))
            .await;
        world
    }

    /// A person of the workspace, known to the service.
    pub(crate) async fn person(&self, role: Role) -> Person {
        let caller = TestCaller::new(self.workspace, role);
        self.know(&caller).await;
        self.holder(caller)
    }

    /// A person with a good token of whom the service has not heard.
    pub(crate) fn stranger(&self, workspace: Uuid, role: Role) -> Person {
        self.holder(TestCaller::new(workspace, role))
    }

    fn holder(&self, caller: TestCaller) -> Person {
        let token = self.issuer.token(&caller);
        Person {
            id: caller.person,
            caller,
            token,
            base: self.replica.base.clone(),
            client: self.replica.client.clone(),
        }
    }

    /// Writes the copy of a person, as the consumer does.
    pub(crate) async fn know(&self, caller: &TestCaller) {
        let TestCaller {
            person,
            workspace,
            role,
            epoch,
            name,
        } = caller;
        let row = format!("'{workspace}', '{person}', '{name}', '{role}', {epoch}, false, 1");
        let sql = "INSERT INTO person (workspace_id, id, name, role, epoch, removed, version)";
        self.sql()
            .await
            .batch_execute(&format!("{sql} VALUES ({row})"))
            .await
            .unwrap();
    }

    /// The database as its administrator sees it.
    pub(crate) async fn sql(&self) -> tokio_postgres::Client {
        let (client, connection) = tokio_postgres::connect(&self.db.admin_url(), tokio_postgres::NoTls)
            .await
            .unwrap();
        tokio::spawn(connection);
        client.batch_execute("SET search_path = task").await.unwrap();
        client
    }

    /// A single number.
    pub(crate) async fn count(&self, sql: &str) -> i64 {
        self.sql().await.query_one(sql, &[]).await.unwrap().get(0)
    }
}

/// One process of the service, as far as a test can have it.
pub(crate) struct Replica {
    pub(crate) base: String,
    pub(crate) internal: String,
    pub(crate) client: reqwest::Client,
    pub(crate) stop: CancellationToken,
    pub(crate) workers: Workers,
}

impl Replica {
    /// Starts a replica with its workers.
    pub(crate) async fn start(db: &TestDb, issuer: &TestIssuer) -> Replica {
        let settings = settings(db, issuer);
        let http = settings.http.clone();
        let verifier = Verifier::new(&settings.token);
        let service = TaskService::build(settings).await.unwrap();
        let bound = Server::new(&http)
            .verifier(verifier)
            .mount(&service)
            .bind()
            .unwrap();
        let (base, internal) = (bound.base_url(), format!("http://{}", bound.internal_addr));
        let stop = CancellationToken::new();
        tokio::spawn(bound.run(stop.clone()));
        let workers = Workers::new();
        service.start_workers(&workers);
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(40))
            .build()
            .unwrap();
        Replica {
            base,
            internal,
            client,
            stop,
            workers,
        }
    }
}

impl Replica {
    /// Waits until the issuer's keys are there: a machine under load may take its time.
    pub(crate) async fn warm(&self, somebody: &Person) {
        let somebody = somebody.at(self);
        test_kit::eventually(SOON, async || {
            (somebody.get("/api/boards").send().await.status == 200).then_some(())
        })
        .await;
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        self.stop.cancel();
        self.workers.stop.cancel();
    }
}

fn settings(db: &TestDb, issuer: &TestIssuer) -> Settings {
    let overrides = [
        ("http.port", "0".to_owned()),
        ("http.internal_port", "0".to_owned()),
        ("http.threads", "2".to_owned()),
        ("database.url", db.admin_url()),
        ("database.role", "onus_task".to_owned()),
        ("token.issuer", TestIssuer::ISSUER.to_owned()),
        ("token.audience", TestIssuer::AUDIENCE.to_owned()),
        ("token.jwks_url", issuer.jwks_url()),
        ("internal.secret", "a secret for tests".to_owned()),
        ("internal.urls.auth", issuer.internal_url()),
        ("bus.consumer.wait_ms", "500".to_owned()),
    ];
    settings::load_from(
        TaskService::PREFIX,
        TaskService::DEFAULTS,
        &overrides,
        &mut std::iter::empty(),
    )
    .unwrap()
}

pub(crate) fn id_of(body: &Value) -> Uuid {
    body["id"]
        .as_str()
        .and_then(|id| Uuid::parse_str(id).ok())
        .unwrap_or_else(|| panic!("no id in {body}"))
}

pub(crate) fn version_of(body: &Value) -> i64 {
    body["version"].as_i64().unwrap()
}

/// Checks that a field holds an id, and hides it from snapshots.
pub(crate) fn an_id(
    value: insta::internals::Content,
    _: insta::internals::ContentPath<'_>,
) -> insta::internals::Content {
    assert!(Uuid::parse_str(value.as_str().unwrap()).is_ok());
    "[id]".into()
}

/// Checks that a field holds a time within the last minute, and hides it from snapshots.
pub(crate) fn just_now(
    value: insta::internals::Content,
    _: insta::internals::ContentPath<'_>,
) -> insta::internals::Content {
    let time: chrono::DateTime<chrono::Utc> = value.as_str().unwrap().parse().unwrap();
    assert!((chrono::Utc::now() - time).num_seconds().abs() < 60);
    "[now]".into()
}

/// Runs the same thing for many at once.
pub(crate) async fn together<T: Send + 'static>(
    count: usize,
    make: impl Fn(usize) -> futures::future::BoxFuture<'static, T>,
) -> Vec<T> {
    let barrier = Arc::new(tokio::sync::Barrier::new(count));
    let tasks: Vec<_> = (0..count)
        .map(|index| {
            let (work, barrier) = (make(index), Arc::clone(&barrier));
            tokio::spawn(async move {
                barrier.wait().await;
                work.await
            })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        all.push(task.await.unwrap());
    }
    all
}
