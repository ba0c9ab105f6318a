//! The service in this process on free ports, with a database of its own, and people who talk to it.

use std::{collections::BTreeMap, time::Duration};

use auth_service::{AuthService, config::Settings};
use auth_token::Verifier;
use reqwest::{Method, StatusCode, header::HeaderMap};
use serde_json::{Value, json};
use test_kit::TestDb;
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;
use web_kit::{Server, Service as _, http};

pub(crate) use crate::answer::Answer;

/// How long anything may take that should happen soon.
pub(crate) const SOON: Duration = Duration::from_secs(20);
/// Everybody's password, unless a test is about passwords.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// The other services and their secrets.
pub(crate) const CLIENTS: [(&str, &str); 3] = [
    ("audit-service", "the secret of the audit-service"),
    ("notify-service", "the secret of the notify-service"),
    ("task-service", "the secret of the task-service"),
];

/// The service.
pub(crate) struct Api {
    pub(crate) db: TestDb,
    pub(crate) service: AuthService,
    public: String,
    internal: String,
    client: reqwest::Client,
    service_tokens: BTreeMap<&'static str, String>,
    _stop: DropGuard,
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: Uuid,
    pub(crate) workspace: Uuid,
    pub(crate) token: String,
    pub(crate) cookie: String,
}

/// A request to be sent.
pub(crate) struct Call<'a> {
    api: &'a Api,
    request: reqwest::RequestBuilder,
}

/// Loads settings for a database, with changes.
pub(crate) fn settings(db: &TestDb, changes: &[(&str, &str)]) -> Settings {
    let mut overrides = vec![
        ("http.port", "0".to_owned()),
        ("http.internal_port", "0".to_owned()),
        ("http.public_url", "https://onus.test".to_owned()),
        ("http.threads", "2".to_owned()),
        ("database.url", db.admin_url()),
        ("database.role", "onus_auth".to_owned()),
        ("token.issuer", "https://onus.test".to_owned()),
        ("auth.clients.audit_service", CLIENTS[0].1.to_owned()),
        ("auth.clients.notify_service", CLIENTS[1].1.to_owned()),
        ("auth.clients.task_service", CLIENTS[2].1.to_owned()),
        ("auth.secret", "a secret of the tests, long enough".to_owned()),
        ("auth.sign_up", "open".to_owned()),
        // Cheap hashes: these tests are not about their cost.
        ("auth.password.memory_kib", "64".to_owned()),
        ("auth.password.iterations", "1".to_owned()),
    ];
    overrides.extend(changes.iter().map(|(name, value)| (*name, (*value).to_owned())));
    settings::load_from::<Settings>("AUTH", AuthService::DEFAULTS, &overrides, &mut std::iter::empty())
        .unwrap()
}

impl Api {
    /// Starts the service with a fresh database.
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts the service with changed settings.
    pub(crate) async fn start_with(changes: &[(&str, &str)]) -> Self {
        Self::on(TestDb::new(&[AuthService::schema()]).await, changes).await
    }

    /// Starts the service on a database that is there already.
    pub(crate) async fn on(db: TestDb, changes: &[(&str, &str)]) -> Self {
        let settings = settings(&db, changes);
        let http: http::Settings = settings.http.clone();
        let verifier = Verifier::new(&settings.token);
        let service = AuthService::build(settings).await.unwrap();
        let bound = Server::new(&http)
            .verifier(verifier)
            .mount(&service)
            .bind()
            .unwrap();
        let public = bound.base_url();
        let internal = format!("http://{}", bound.internal_addr);
        let stop = CancellationToken::new();
        tokio::spawn(bound.run(stop.clone()));
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let mut api = Self {
            db,
            service,
            public,
            internal,
            client,
            service_tokens: BTreeMap::new(),
            _stop: stop.drop_guard(),
        };
        for (name, secret) in CLIENTS {
            let answer = api
                .grant(name, secret, &[("grant_type", "client_credentials")])
                .await;
            let token = answer.body["access_token"].as_str().unwrap_or_default();
            api.service_tokens.insert(name, token.to_owned());
        }
        api
    }

    /// A request to the public port.
    pub(crate) fn call(&self, method: Method, path: &str) -> Call<'_> {
        Call {
            api: self,
            request: self.client.request(method, format!("{}{path}", self.public)),
        }
    }

    pub(crate) fn get(&self, path: &str) -> Call<'_> {
        self.call(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str) -> Call<'_> {
        self.call(Method::POST, path)
    }

    pub(crate) fn patch(&self, path: &str) -> Call<'_> {
        self.call(Method::PATCH, path)
    }

    pub(crate) fn delete(&self, path: &str) -> Call<'_> {
        self.call(Method::DELETE, path)
    }

    /// A request to the internal port by notify-service, which may do most there.
    pub(crate) fn inside(&self, path: &str) -> Call<'_> {
        self.inside_as("notify-service", path)
    }

    /// A request to the internal port by another service.
    pub(crate) fn inside_as(&self, service: &str, path: &str) -> Call<'_> {
        self.inside_as_stranger(path)
            .bearer(&self.service_tokens[service])
    }

    /// Asks for a token as a service.
    pub(crate) async fn grant(&self, service: &str, secret: &str, form: &[(&str, &str)]) -> Answer {
        let request = self.client.post(format!("{}/internal/token", self.internal));
        let call = Call {
            api: self,
            request: request.basic_auth(service, Some(secret)),
        };
        call.form(form).send().await
    }

    /// Where the internal routes are.
    pub(crate) fn internal(&self) -> &str {
        &self.internal
    }

    /// A request to the internal port by a stranger.
    pub(crate) fn inside_as_stranger(&self, path: &str) -> Call<'_> {
        Call {
            api: self,
            request: self.client.get(format!("{}{path}", self.internal)),
        }
    }

    /// Signs up somebody with a workspace of their own, of which they are the admin: the first one at once, others by
    /// the link of a mail.
    pub(crate) async fn admin(&self, email: &str) -> Person {
        let mut body =
            json!({ "email": email, "password": PASSWORD, "name": "Kim Minji", "workspace_name": "Seoul" });
        let first = self.post("/api/auth/sign-up").json(&body).send().await;
        if first.status != StatusCode::FORBIDDEN {
            return first.created();
        }
        let token = self.sign_up_token(email).await;
        body.as_object_mut().unwrap().remove("email");
        body["token"] = json!(token);
        let call = self.post("/api/auth/sign-up/complete").json(&body);
        call.send().await.created()
    }

    /// Signs in.
    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Answer {
        let body = json!({ "email": email, "password": password });
        self.post("/api/auth/sign-in").json(&body).send().await
    }

    /// Invites an address; gives the invitation.
    pub(crate) async fn invite(&self, admin: &Person, email: &str, role: &str) -> Value {
        let body = json!({ "email": email, "role": role });
        let answer = self.post("/api/invitations").by(admin).json(&body).send().await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
        answer.body
    }

    /// The token in an invitation's link, as notify-service fetches it.
    pub(crate) async fn link_token(&self, invitation: &Value) -> String {
        let id = invitation["id"].as_str().unwrap();
        let answer = self
            .inside(&format!("/internal/invitations/{id}/link"))
            .send()
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        let url = answer.body["url"].as_str().unwrap();
        url.strip_prefix("https://onus.test/join#").unwrap().to_owned()
    }

    /// Brings somebody into the admin's workspace by an invitation.
    pub(crate) async fn join(&self, admin: &Person, email: &str, role: &str) -> Person {
        let token = self.link_token(&self.invite(admin, email, role).await).await;
        let body = json!({ "token": token, "name": "Park Jun", "password": PASSWORD });
        self.post("/api/auth/invitations/accept")
            .json(&body)
            .send()
            .await
            .created()
    }

    /// The token in the newest link that was made for a purpose, as notify-service fetches it.
    pub(crate) async fn account_token(&self, purpose: &str) -> String {
        let query = "select id::text from account_link where purpose = $1 order by id desc limit 1";
        let row = self.sql().await.query_one(query, &[&purpose]).await.unwrap();
        let answer = self
            .inside(&format!("/internal/links/{}", row.get::<_, String>(0)))
            .send()
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        let url = answer.body["url"].as_str().unwrap();
        let beginning = format!("https://onus.test/{purpose}#token=");
        url.strip_prefix(&beginning).unwrap().to_owned()
    }

    /// The notices that mails were asked for, in their order; without those by which [`Api::admin`] signs somebody up.
    pub(crate) async fn mails(&self) -> Vec<String> {
        let mut mails = self.kinds_of("mail.requested").await;
        mails.retain(|kind| kind != "sign_up");
        mails
    }

    async fn kinds_of(&self, event_type: &str) -> Vec<String> {
        let query = "select record::json ->> 'kind' from event_log where type = $1 order by id";
        let rows = self.sql().await.query(query, &[&event_type]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// What stands in the security log, in its order.
    pub(crate) async fn incidents(&self) -> Vec<String> {
        self.kinds_of("security.logged").await
    }

    /// Lets a person's last proof of identity be long ago.
    pub(crate) async fn age_proofs(&self) {
        let sql = "update session set proved_at = now() - interval '6 minutes'";
        self.sql().await.batch_execute(sql).await.unwrap();
    }

    /// A number from the database.
    pub(crate) async fn count(&self, query: &str) -> i64 {
        self.sql().await.query_one(query, &[]).await.unwrap().get(0)
    }

    /// The events of a stream, as consumers fetch them.
    pub(crate) async fn events(&self, stream: &str) -> Vec<Value> {
        let answer = self
            .inside(&format!("/internal/events?source=/auth-service&stream={stream}"))
            .send()
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        answer.body["items"].as_array().unwrap().clone()
    }

    /// The events about a member.
    pub(crate) async fn member_events(&self, member: &Person) -> Vec<Value> {
        self.events(&format!("person/{}/{}", member.workspace, member.id))
            .await
    }

    /// A superuser's connection, for looking at tables and for holding locks.
    pub(crate) async fn sql(&self) -> tokio_postgres::Client {
        let (client, connection) = tokio_postgres::connect(&self.db.admin_url(), tokio_postgres::NoTls)
            .await
            .unwrap();
        tokio::spawn(connection);
        client.batch_execute("set search_path = auth").await.unwrap();
        client
    }
}

impl Call<'_> {
    pub(crate) fn by(self, person: &Person) -> Self {
        self.bearer(&person.token)
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        Self {
            request: self.request.bearer_auth(token),
            ..self
        }
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        Self {
            request: self.request.json(body),
            ..self
        }
    }

    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        Self {
            request: self.request.header(name, value),
            ..self
        }
    }

    pub(crate) fn body(self, body: Vec<u8>) -> Self {
        Self {
            request: self.request.body(body),
            ..self
        }
    }

    pub(crate) fn version(self, version: i64) -> Self {
        self.header("if-match", &format!("\"{version}\""))
    }

    pub(crate) fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    pub(crate) fn cookie(self, token: &str) -> Self {
        self.header("cookie", &format!("other=1; __Host-onus_refresh={token}"))
            .header("x-onus-client", "tests")
    }

    /// Sends it, whatever the answer is.
    pub(crate) async fn send_raw(self) -> (StatusCode, HeaderMap, Vec<u8>) {
        let request = self.request.build().unwrap();
        let answer = self.api.client.execute(request).await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        (status, headers, answer.bytes().await.unwrap().to_vec())
    }

    pub(crate) async fn send(self) -> Answer {
        let (status, headers, bytes) = self.send_raw().await;
        let text = String::from_utf8(bytes).unwrap();
        let body = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).expect(&text)
        };
        Answer {
            status,
            headers,
            body,
        }
    }
}

/// Reads an id.
pub(crate) fn uuid(value: &Value) -> Uuid {
    value.as_str().unwrap().parse().unwrap()
}

/// The claims of a token, unverified.
pub(crate) fn claims(token: &str) -> Value {
    jsonwebtoken::dangerous::insecure_decode::<Value>(token)
        .unwrap()
        .claims
}
