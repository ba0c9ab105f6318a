//! Two services around one bus: `task` publishes, `audit` consumes and writes down what it was given.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::{App, HttpServer, web};
use async_trait::async_trait;
use auth_token::{Credentials, Verifier};
use contracts::{Change, Event, EventType, Stream};
use diesel::sql_types::{Array, BigInt, Text};
use diesel_async::{RunQueryDsl as _, SimpleAsyncConnection as _};
use futures::FutureExt as _;
use messaging::{
    Consumer, HandleError, Handler, PostgresTransport, Producer, Route, Settings, Sources, Transport, outbox,
};
use postgres::{Connection, Database, DbError, Schema};
use test_kit::{TestDb, TestIssuer, eventually};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use uuid::Uuid;

pub(crate) const SOURCE: &str = "/task-service";
/// Long enough for a busy machine; nothing waits for it when all is well.
pub(crate) const SOON: Duration = Duration::from_secs(60);
pub(crate) const ROUTES: &[Route] = &[Route {
    destination: "audit",
    types: &[EventType::TaskChanged, EventType::BoardChanged],
}];

pub(crate) const TASK: Schema = Schema {
    name: "task",
    sources: || vec![messaging::MIGRATIONS],
    requires: &[messaging::bus_schema],
    after: &[],
};
pub(crate) const AUDIT: Schema = Schema {
    name: "audit",
    sources: || vec![messaging::MIGRATIONS],
    requires: &[messaging::bus_schema],
    after: &[],
};

/// Everything fast, so that tests wait for nothing but the work.
pub(crate) fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.relay.busy_poll_ms = 5;
    settings.relay.idle_poll_ms = 20;
    settings.relay.retry_ms = 10;
    settings.consumer.wait_ms = 200;
    settings.consumer.visibility_ms = 1_500;
    settings.consumer.retry_ms = 5;
    settings.consumer.max_retry_ms = 50;
    settings.consumer.gap_poll_ms = 20;
    settings.reconcile.interval_ms = 100;
    settings.reconcile.settle_ms = 20;
    settings
}

pub(crate) fn event(workspace: Uuid, stream: &Stream, version: i64) -> Event {
    Change::new(
        EventType::TaskChanged,
        SOURCE,
        workspace,
        stream.clone(),
        version,
        "edited",
    )
    .titled("말미잘 – a title")
    .into_event(None)
    .unwrap()
}

/// Versions `from..=to` of one stream.
pub(crate) fn events(
    workspace: Uuid,
    stream: &Stream,
    versions: std::ops::RangeInclusive<i64>,
) -> Vec<Event> {
    versions
        .map(|version| event(workspace, stream, version))
        .collect()
}

pub(crate) fn stream() -> Stream {
    Stream::task(Uuid::now_v7())
}

/// One bus, one producer's database and routes, one consumer's database.
pub(crate) struct House {
    pub(crate) db: TestDb,
    pub(crate) task: Database,
    pub(crate) audit: Database,
    pub(crate) url: String,
    pub(crate) issuer: TestIssuer,
}

#[derive(diesel::QueryableByName)]
struct Effect {
    #[diesel(sql_type = Text)]
    stream: String,
    #[diesel(sql_type = BigInt)]
    version: i64,
}

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl House {
    pub(crate) async fn new() -> House {
        let db = TestDb::new(&[TASK, AUDIT]).await;
        let mut admin = db.admin("audit").await;
        admin
            .batch_execute(
                "SET ROLE onus_audit_owner;
                 CREATE TABLE effect (id bigint GENERATED ALWAYS AS IDENTITY, stream text, version bigint
                                      CONSTRAINT never_666 CHECK (version <> 666))",
            )
            .await
            .unwrap();
        let task = db.database("task");
        let issuer = TestIssuer::start().await;
        let routes = messaging::http::internal_routes(task.clone(), SOURCE, &["audit-service"]);
        let verifier = web::Data::new(Verifier::new(&issuer.settings()));
        let server = HttpServer::new(move || App::new().app_data(verifier.clone()).configure(routes.clone()))
            .workers(1)
            .disable_signals()
            .bind(("127.0.0.1", 0))
            .unwrap();
        let url = format!("http://{}", server.addrs()[0]);
        tokio::spawn(server.run());
        let audit = db.database("audit");
        House {
            db,
            task,
            audit,
            url,
            issuer,
        }
    }

    pub(crate) fn postgres(&self) -> Arc<dyn Transport> {
        Arc::new(PostgresTransport::new(self.task.clone()))
    }

    pub(crate) async fn publish(&self, events: Vec<Event>) {
        self.task
            .write::<(), DbError, _>(move |conn| {
                async move { outbox::append_all(conn, &events).await }.boxed()
            })
            .await
            .unwrap();
    }

    /// Runs the relay until the answer is dropped.
    pub(crate) fn relay(&self, transport: &Arc<dyn Transport>) -> Running {
        let producer = Producer::new(self.task.clone(), Arc::clone(transport), ROUTES, &settings());
        Running::start(|cancel| producer.run(cancel))
    }

    /// Runs a consumer until the answer is dropped.
    pub(crate) fn consumer(
        &self,
        transport: &Arc<dyn Transport>,
        scribe: &Arc<Scribe>,
        settings: &Settings,
    ) -> Running {
        let auth = self.issuer.internal_url();
        let ours = Credentials::new(Some(&auth), "audit-service", "a secret".to_owned().into()).unwrap();
        let sources = Sources::new(ours)
            .unwrap()
            .with(SOURCE, &self.url, ROUTES[0].types);
        let handler = Arc::clone(scribe) as Arc<dyn Handler>;
        let consumer = Consumer::new(
            self.audit.clone(),
            Arc::clone(transport),
            "audit",
            handler,
            sources,
            settings,
        );
        Running::start(|cancel| consumer.run(cancel))
    }

    /// What was applied, in order, by stream.
    pub(crate) async fn effects(&self) -> HashMap<String, Vec<i64>> {
        let mut conn = self.audit.read().await.unwrap();
        let rows: Vec<Effect> = diesel::sql_query("SELECT stream, version FROM effect ORDER BY id")
            .load(&mut *conn)
            .await
            .unwrap();
        let mut effects: HashMap<String, Vec<i64>> = HashMap::new();
        for row in rows {
            effects.entry(row.stream).or_default().push(row.version);
        }
        effects
    }

    /// Waits until a stream was applied up to a version, and checks that each was applied once and in order.
    pub(crate) async fn applied(&self, stream: &Stream, up_to: i64) {
        eventually(SOON, async || {
            let effects = self.effects().await;
            effects
                .get(stream.as_str())
                .is_some_and(|seen| seen.contains(&up_to))
                .then_some(())
        })
        .await;
        assert_eq!(
            self.effects().await[stream.as_str()],
            (1..=up_to).collect::<Vec<_>>()
        );
    }

    /// A number out of a schema's tables, read as superuser.
    pub(crate) async fn number(&self, schema: &str, query: &str) -> i64 {
        let row: Number = diesel::sql_query(query.to_owned())
            .get_result(&mut self.db.admin(schema).await)
            .await
            .unwrap();
        row.number
    }
}

/// A worker that is stopped for good when this is dropped.
pub(crate) struct Running {
    pub(crate) cancel: CancellationToken,
    pub(crate) task: AbortOnDropHandle<()>,
}

impl Running {
    pub(crate) fn start<F: Future<Output = ()> + Send + 'static>(
        make: impl FnOnce(CancellationToken) -> F,
    ) -> Running {
        let cancel = CancellationToken::new();
        let task = AbortOnDropHandle::new(tokio::spawn(make(cancel.clone())));
        Running { cancel, task }
    }

    /// Asks it to stop and waits until it has.
    pub(crate) async fn drain(self) {
        self.cancel.cancel();
        tokio::time::timeout(SOON, self.task)
            .await
            .expect("it drains")
            .unwrap();
    }
}

/// Writes down what it is given, and misbehaves on request.
#[derive(Default)]
pub(crate) struct Scribe {
    pub(crate) rejects: Mutex<HashSet<(String, i64)>>,
    /// Events that always run into a timeout.
    pub(crate) timeouts: Mutex<HashSet<(String, i64)>>,
    /// Failures still to come.
    pub(crate) fails: Mutex<u32>,
    /// Panics still to come.
    pub(crate) panics: Mutex<u32>,
    /// Every call, as the versions it brought.
    pub(crate) calls: Mutex<Vec<Vec<(String, i64)>>>,
    /// The trace that each call ran in.
    pub(crate) traces: Mutex<Vec<Option<String>>>,
    /// Taken by each call before it returns, when there is one.
    pub(crate) gate: Option<Arc<tokio::sync::Semaphore>>,
}

impl Scribe {
    pub(crate) fn calls_with(&self, stream: &Stream, version: i64) -> usize {
        let wanted = (stream.as_str().to_owned(), version);
        self.calls
            .lock()
            .unwrap()
            .iter()
            .filter(|call| call.contains(&wanted))
            .count()
    }
}

#[async_trait]
impl Handler for Scribe {
    async fn handle(&self, conn: &mut Connection, events: &[Event]) -> Result<(), HandleError> {
        let seen: Vec<(String, i64)> = events
            .iter()
            .map(|event| (event.stream.as_str().to_owned(), event.version))
            .collect();
        self.calls.lock().unwrap().push(seen.clone());
        self.traces.lock().unwrap().push(telemetry::traceparent());
        let (streams, versions): (Vec<String>, Vec<i64>) = seen.into_iter().unzip();
        diesel::sql_query("INSERT INTO effect (stream, version) SELECT * FROM unnest($1, $2)")
            .bind::<Array<Text>, _>(streams)
            .bind::<Array<BigInt>, _>(versions)
            .execute(conn)
            .await?;
        let among = |set: &Mutex<HashSet<(String, i64)>>| {
            let set = set.lock().unwrap();
            events
                .iter()
                .find(|event| set.contains(&(event.stream.as_str().to_owned(), event.version)))
        };
        if let Some(event) = among(&self.rejects) {
            return Err(HandleError::Rejected {
                event: event.id,
                reason: "not in this house".to_owned(),
            });
        }
        if among(&self.timeouts).is_some() {
            return Err(DbError::Unavailable("canceling statement due to statement timeout".into()).into());
        }
        if one_less(&self.fails) {
            return Err(HandleError::Failed("a passing failure".into()));
        }
        assert!(!one_less(&self.panics), "a panic on request");
        if let Some(gate) = &self.gate {
            gate.acquire().await.unwrap().forget();
        }
        Ok(())
    }
}

fn one_less(count: &Mutex<u32>) -> bool {
    let mut count = count.lock().unwrap();
    let some = *count > 0;
    *count = count.saturating_sub(1);
    some
}
