//! The service in this process, on free ports, with its queue and a stand-in for the task-service.

use std::sync::Arc;
use std::time::Duration;

use actix_web::{App as ActixApp, HttpServer, web};
use audit_service::App;
use audit_service::config::Settings;
use auth_token::Verifier;
use contracts::{Change, Event, EventType, Stream};
use futures::FutureExt as _;
use messaging::{Outgoing, Producer, Route, Transport};
use policy::Role;
use postgres::{Database, DbError, Schema};
use reqwest::StatusCode;
use serde_json::{Value, json};
use test_kit::{TestCaller, TestDb, TestIssuer, eventually};
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;
use web_kit::{Server, Service as _, Workers};

/// How long anything may take that should happen soon.
pub(crate) const SOON: Duration = Duration::from_secs(20);

/// The service and all around it.
pub(crate) struct House {
    pub(crate) queue: Arc<dyn Transport>,
    pub(crate) task: TaskService,
    pub(crate) settings: Settings,
    pub(crate) issuer: TestIssuer,
    base: String,
    http: reqwest::Client,
    _stop: DropGuard,
    _db: TestDb,
}

/// What the task-service is to the audit-service: an event log, a relay and internal routes.
pub(crate) struct TaskService {
    database: Database,
    url: String,
}

impl TaskService {
    async fn start(db: &TestDb, issuer: &TestIssuer) -> Self {
        let database = db.database("task");
        let routes = messaging::http::internal_routes(database.clone(), "/task-service", &[App::NAME]);
        let verifier = web::Data::new(Verifier::new(&issuer.settings()));
        let app = move || {
            ActixApp::new()
                .app_data(verifier.clone())
                .configure(routes.clone())
        };
        let server = HttpServer::new(app)
            .workers(1)
            .disable_signals()
            .bind(("127.0.0.1", 0))
            .unwrap();
        let url = format!("http://{}", server.addrs()[0]);
        tokio::spawn(server.run());
        Self { database, url }
    }

    /// Writes events into the log, as if changes had been made. Nothing is sent.
    pub(crate) async fn publish(&self, events: &[Event]) {
        let events = events.to_vec();
        let append = self.database.write::<_, DbError, _>(move |conn| {
            async move { messaging::outbox::append_all(conn, &events).await }.boxed()
        });
        append.await.unwrap();
    }

    /// Starts the relay, which sends all that is in the log.
    pub(crate) fn relay(&self, queue: &Arc<dyn Transport>, settings: &Settings) -> DropGuard {
        const ROUTES: &[Route] = &[Route {
            destination: "audit",
            types: &[
                EventType::TaskChanged,
                EventType::BoardChanged,
                EventType::ColumnChanged,
            ],
        }];
        let stop = CancellationToken::new();
        let producer = Producer::new(self.database.clone(), Arc::clone(queue), ROUTES, &settings.bus);
        tokio::spawn(producer.run(stop.clone()));
        stop.drop_guard()
    }
}

impl House {
    /// Starts everything but the relay.
    pub(crate) async fn start() -> Self {
        let task_schema = Schema {
            name: "task",
            sources: || vec![messaging::MIGRATIONS],
            requires: &[messaging::bus_schema],
            after: &[],
        };
        let db = TestDb::new(&[audit_service::schema(), task_schema]).await;
        let issuer = TestIssuer::start().await;
        let task = TaskService::start(&db, &issuer).await;
        let settings = settings(&db, &issuer, &task.url);
        let queue = messaging::transport(&settings.bus, &db.database("audit"))
            .await
            .unwrap();

        let app = App::build(settings.clone()).await.unwrap();
        let server = Server::new(&settings.http)
            .verifier(Verifier::new(&settings.token))
            .mount(&app);
        let bound = server.bind().unwrap();
        let base = bound.base_url();
        let workers = Workers::new();
        app.start_workers(&workers);
        tokio::spawn(bound.run(workers.stop.clone()));
        let http = reqwest::Client::new();
        Self {
            queue,
            task,
            settings,
            issuer,
            base,
            http,
            _stop: workers.stop.drop_guard(),
            _db: db,
        }
    }

    /// Runs one more consumer beside the service's own, as a second replica does.
    pub(crate) async fn second_replica(&self) -> DropGuard {
        let app = App::build(self.settings.clone()).await.unwrap();
        let workers = Workers::new();
        app.start_workers(&workers);
        workers.stop.drop_guard()
    }

    /// Puts events on the queue in this order, past log and relay.
    pub(crate) async fn send(&self, events: &[Event]) {
        for event in events {
            // A fresh id each time: the transport itself must not drop what is sent twice.
            let entry = Outgoing {
                id: Uuid::now_v7(),
                group: event.stream.to_string(),
                body: event.to_json().unwrap(),
            };
            let taken = self.queue.send("audit", &[entry]).await.unwrap();
            assert_eq!(taken, [Ok(())]);
        }
    }

    /// Asks as somebody of a workspace.
    pub(crate) async fn ask(&self, workspace: Uuid, query: &str) -> (StatusCode, Value) {
        let token = self.issuer.token(&TestCaller::new(workspace, Role::Observer));
        self.ask_with(&token, query).await
    }

    /// Asks with a token of any kind.
    pub(crate) async fn ask_with(&self, token: &str, query: &str) -> (StatusCode, Value) {
        self.get(token, &format!("/api/audit/entries{query}")).await
    }

    /// Reads any route.
    pub(crate) async fn get(&self, token: &str, path: &str) -> (StatusCode, Value) {
        let url = format!("{}{path}", self.base);
        let response = self.http.get(url).bearer_auth(token).send().await.unwrap();
        (response.status(), response.json().await.unwrap())
    }

    /// The entries of one page.
    pub(crate) async fn entries(&self, workspace: Uuid, query: &str) -> Vec<Value> {
        let (status, page) = self.ask(workspace, query).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        page["items"].as_array().unwrap().clone()
    }

    /// All entries of a workspace, the oldest first, over as many pages as it takes.
    pub(crate) async fn log(&self, workspace: Uuid) -> Vec<Value> {
        let mut all = Vec::new();
        let mut query = "?limit=200".to_owned();
        loop {
            let (status, mut page) = self.ask(workspace, &query).await;
            assert_eq!(status, StatusCode::OK, "{page}");
            all.append(page["items"].as_array_mut().unwrap());
            let Some(next) = page["next"].as_str() else { break };
            query = format!("?limit=200&cursor={next}");
        }
        all.reverse();
        all
    }

    /// Waits until a workspace has this many entries, and gives them.
    pub(crate) async fn log_of(&self, workspace: Uuid, entries: usize) -> Vec<Value> {
        eventually(SOON, async || {
            let log = self.log(workspace).await;
            (log.len() >= entries).then_some(log)
        })
        .await
    }
}

/// The defaults, but for where everything is and for a faster pace.
fn settings(db: &TestDb, issuer: &TestIssuer, task_url: &str) -> Settings {
    let overrides = [
        ("http.port", "0".to_owned()),
        ("http.internal_port", "0".to_owned()),
        ("http.threads", "1".to_owned()),
        ("token.issuer", TestIssuer::ISSUER.to_owned()),
        ("token.audience", TestIssuer::AUDIENCE.to_owned()),
        ("token.jwks_url", issuer.jwks_url()),
        ("internal.secret", "a secret for tests".to_owned()),
        ("internal.urls.task", task_url.to_owned()),
        ("internal.urls.auth", issuer.internal_url()),
        ("bus.consumer.gap_poll_ms", "50".to_owned()),
        ("bus.consumer.retry_ms", "20".to_owned()),
        ("bus.consumer.max_retry_ms", "100".to_owned()),
        ("bus.reconcile.interval_ms", "200".to_owned()),
        ("bus.reconcile.settle_ms", "100".to_owned()),
    ];
    let mut settings: Settings = settings::load(App::PREFIX, App::DEFAULTS, &overrides).unwrap();
    settings.database = db.settings("audit");
    settings
}

/// A workspace with a board and somebody who works in it.
#[derive(Clone, Copy)]
pub(crate) struct Team {
    pub(crate) workspace: Uuid,
    pub(crate) board: Uuid,
    pub(crate) actor: Uuid,
}

impl Team {
    pub(crate) fn new() -> Self {
        Self {
            workspace: Uuid::now_v7(),
            board: Uuid::now_v7(),
            actor: Uuid::now_v7(),
        }
    }

    /// A change of a task.
    pub(crate) fn change(&self, task: Uuid, version: i64, kind: &str) -> Change {
        Change::new(
            EventType::TaskChanged,
            "/task-service",
            self.workspace,
            Stream::task(task),
            version,
            kind,
        )
        .by(self.actor, "Mina")
        .on_board(self.board, "Launch")
        .titled("Write the notes")
    }

    /// Events with which a task comes from version to version.
    pub(crate) fn history(&self, task: Uuid, versions: std::ops::RangeInclusive<i64>) -> Vec<Event> {
        versions.map(|version| self.edit(task, version)).collect()
    }

    fn edit(&self, task: Uuid, version: i64) -> Event {
        let before = json!(format!("draft {}", version - 1));
        let change =
            self.change(task, version, "edited")
                .field("title", before, json!(format!("draft {version}")));
        change.into_event(None).unwrap()
    }
}

/// The ids of the events behind entries.
pub(crate) fn events_of(entries: &[Value]) -> Vec<Uuid> {
    entries
        .iter()
        .map(|entry| entry["event_id"].as_str().unwrap().parse().unwrap())
        .collect()
}

/// The ids of events.
pub(crate) fn ids(events: &[Event]) -> Vec<Uuid> {
    events.iter().map(|event| event.id).collect()
}
