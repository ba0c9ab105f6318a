//! The service in this process, on free ports, and the events that others would send it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use auth_token::Verifier;
use contracts::{Change, Event, EventType, Stream};
use futures::FutureExt as _;
use messaging::{Handler as _, Transport};
use notify_service::commands::plan_changes::Rules;
use notify_service::commands::receive_events::Receiver;
use notify_service::{App, Settings};
use policy::Role;
use postgres::DbError;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use test_kit::{TestCaller, TestDb, TestIssuer, eventually, person_joined};
use uuid::Uuid;
use web_kit::{Server, Service as _, Workers};
use wiremock::matchers::{basic_auth, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::store;

/// How long anything may take that should happen soon.
pub(crate) const SOON: Duration = Duration::from_secs(30);

/// The secret of this installation's services.
pub(crate) const TOKEN: &str = "a service token for tests";

/// The service and all around it.
pub(crate) struct House {
    pub(crate) db: TestDb,
    pub(crate) app: App,
    pub(crate) queue: Arc<dyn Transport>,
    pub(crate) workers: Workers,
    issuer: TestIssuer,
    base: String,
    internal: String,
    http: reqwest::Client,
}

impl Drop for House {
    fn drop(&mut self) {
        self.workers.stop.cancel();
    }
}

impl House {
    /// The service with mails kept in the mailbox, and with its workers.
    pub(crate) async fn start() -> House {
        let house = House::without_workers(&[]).await;
        house.work();
        house
    }

    /// The service beside this auth-service, which gives it a token; its workers do not run yet.
    pub(crate) async fn beside(auth: &MockServer) -> House {
        let token = json!({ "access_token": TOKEN, "token_type": "Bearer", "expires_in": 300 });
        Mock::given(method("POST"))
            .and(path("/internal/token"))
            .and(basic_auth("notify-service", "a secret for tests"))
            .respond_with(ResponseTemplate::new(200).set_body_json(token))
            .mount(auth)
            .await;
        House::without_workers(&[("internal.urls.auth", auth.uri())]).await
    }

    /// The service with these settings; its workers do not run yet.
    pub(crate) async fn without_workers(overrides: &[(&str, String)]) -> House {
        let db = TestDb::new(&[notify_service::schema()]).await;
        let issuer = TestIssuer::start().await;
        let settings = settings(&db, &issuer, overrides);
        let app = App::build(settings.clone()).await.unwrap();
        let bound = Server::new(&settings.http)
            .verifier(Verifier::new(&settings.token))
            .mount(&app)
            .bind()
            .unwrap();
        let (base, internal) = (bound.base_url(), format!("http://{}", bound.internal_addr));
        let queue = messaging::transport(&settings.bus, &db.database("notify"))
            .await
            .unwrap();
        let workers = Workers::new();
        tokio::spawn(bound.run(workers.stop.clone()));
        House {
            db,
            app,
            queue,
            workers,
            issuer,
            base,
            internal,
            http: reqwest::Client::new(),
        }
    }

    /// Starts consumer and sender.
    pub(crate) fn work(&self) {
        self.app.start_workers(&self.workers);
    }

    /// Hands events to the handler, in one transaction, as messaging would.
    pub(crate) async fn hear(&self, events: &[Event]) {
        let events = events.to_vec();
        let day = Duration::from_secs(86_400);
        let receiver = Receiver {
            rules: Rules {
                gathering: Duration::from_millis(30),
                event_age: day,
            },
        };
        let heard = self.app.db.write::<_, DbError, _>(move |conn| {
            async move {
                receiver.handle(conn, &events).await.unwrap();
                Ok(())
            }
            .boxed()
        });
        heard.await.unwrap();
    }

    /// Asks as somebody.
    pub(crate) async fn ask(&self, who: &TestCaller, method: Method, path: &str, body: Value) -> Answer {
        let headers: &[(&str, &str)] = &[];
        self.ask_with(who, (method, path), headers, body).await
    }

    /// Asks with headers; a null body is none.
    pub(crate) async fn ask_with(
        &self,
        who: &TestCaller,
        (method, path): (Method, &str),
        headers: &[(&str, &str)],
        body: Value,
    ) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        request = request.bearer_auth(self.issuer.token(who));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !body.is_null() {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        let etag = response
            .headers()
            .get("etag")
            .map(|tag| tag.to_str().unwrap().to_owned());
        let text = response.text().await.unwrap();
        let body = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap()
        };
        Answer { status, etag, body }
    }

    /// Reads as somebody; it must succeed.
    pub(crate) async fn get(&self, who: &TestCaller, path: &str) -> Value {
        let answer = self.ask(who, Method::GET, path, Value::Null).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.body
    }

    /// The items of a list.
    pub(crate) async fn items(&self, who: &TestCaller, path: &str) -> Vec<Value> {
        self.get(who, path).await["items"].as_array().unwrap().clone()
    }

    /// How the parts of the process are.
    pub(crate) async fn parts(&self) -> String {
        self.http
            .get(format!("{}/readyz", self.internal))
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    }

    /// Waits until no delivery is pending or sending, and gives the counts by state.
    pub(crate) async fn settled(&self) -> BTreeMap<String, i64> {
        eventually(SOON, async || {
            let states = store::states(&self.db).await;
            let open = states.contains_key("pending") || states.contains_key("sending");
            (!open && !states.is_empty()).then_some(states)
        })
        .await
    }

    /// Waits until the deliveries are in these states.
    pub(crate) async fn until_states(&self, expected: &[(&str, i64)]) {
        let expected: BTreeMap<String, i64> = expected
            .iter()
            .map(|(state, count)| ((*state).to_owned(), *count))
            .collect();
        eventually(SOON, async || {
            (store::states(&self.db).await == expected).then_some(())
        })
        .await;
    }
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) etag: Option<String>,
    pub(crate) body: Value,
}

impl Answer {
    /// The fields that a problem names.
    pub(crate) fn fields(&self) -> Vec<&str> {
        let errors = self.body["errors"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        errors
            .iter()
            .filter_map(|error| error["field"].as_str())
            .collect()
    }
}

/// The defaults, but for where everything is and for a faster pace.
pub(crate) fn settings(db: &TestDb, issuer: &TestIssuer, more: &[(&str, String)]) -> Settings {
    let mut overrides = vec![
        ("database.url", db.admin_url()),
        ("database.role", "onus_notify".to_owned()),
        ("http.port", "0".to_owned()),
        ("http.internal_port", "0".to_owned()),
        ("http.threads", "1".to_owned()),
        ("http.public_url", "https://onus.example".to_owned()),
        ("token.issuer", TestIssuer::ISSUER.to_owned()),
        ("token.audience", TestIssuer::AUDIENCE.to_owned()),
        ("token.jwks_url", issuer.jwks_url()),
        ("internal.secret", "a secret for tests".to_owned()),
        ("bus.consumer.retry_ms", "20".to_owned()),
        ("mail.gather_ms", "30".to_owned()),
        ("mail.poll_ms", "10".to_owned()),
        ("mail.retry_base_ms", "10".to_owned()),
        ("mail.retry_cap_ms", "40".to_owned()),
    ];
    overrides.extend(more.iter().cloned());
    settings::load(App::PREFIX, App::DEFAULTS, &overrides).unwrap()
}

/// A workspace with a supervisor, two people in charge, and a board.
pub(crate) struct Team {
    pub(crate) workspace: Uuid,
    pub(crate) board: Uuid,
    pub(crate) sue: TestCaller,
    pub(crate) pat: TestCaller,
    pub(crate) kim: TestCaller,
}

impl Team {
    pub(crate) fn new() -> Team {
        let workspace = Uuid::now_v7();
        let named = |name: &str, role| TestCaller {
            name: name.to_owned(),
            ..TestCaller::new(workspace, role)
        };
        Team {
            workspace,
            board: Uuid::now_v7(),
            sue: named("Sue", Role::Supervisor),
            pat: named("Pat", Role::Pic),
            kim: named("Kim", Role::Pic),
        }
    }

    /// The events with which all three joined.
    pub(crate) fn joined(&self) -> Vec<Event> {
        [&self.sue, &self.pat, &self.kim]
            .map(|who| person_joined(self.workspace, who.person, &who.name, who.role))
            .to_vec()
    }

    /// A change by Sue to a task of hers with Pat in charge.
    pub(crate) fn change(&self, task: Uuid, version: i64, kind: &str) -> Change {
        Change::new(
            EventType::TaskChanged,
            "/task-service",
            self.workspace,
            Stream::task(task),
            version,
            kind,
        )
        .by(self.sue.person, "Sue")
        .on_board(self.board, "House")
        .titled("Paint the door")
        .people(Some(self.pat.person), self.sue.person)
    }

    /// Sue moves a task.
    pub(crate) fn moved(&self, task: Uuid, version: i64) -> Event {
        self.change(task, version, "moved")
            .field("column", json!("To do"), json!("Doing"))
            .into_event(None)
            .unwrap()
    }
}
