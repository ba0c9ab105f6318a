//! A running Onus of the test's own.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use auth_service::config::SignUpMode;
use auth_token::Credentials;
use onus::app::{App, ServiceSettings, schemas};
use onus::config::{DEFAULTS, PREFIX, Settings};
use onus::seed::{SeedOptions, Seeded, seed};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use test_kit::{TestDb, eventually};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const SECRET: &str = "the secret of notify-service";
const PASSWORD: &str = "correct horse battery";

/// Serves until it is dropped or stopped.
pub(crate) struct House {
    pub(crate) url: String,
    internal: SocketAddr,
    http: reqwest::Client,
    file: PathBuf,
    stop: CancellationToken,
    running: JoinHandle<anyhow::Result<bool>>,
    database: TestDb,
}

impl House {
    /// Starts everything on free ports and a database of its own.
    pub(crate) async fn start() -> House {
        House::start_with(SignUpMode::First).await
    }

    /// The same, and anybody may sign up.
    pub(crate) async fn start_open() -> House {
        House::start_with(SignUpMode::Open).await
    }

    async fn start_with(sign_up: SignUpMode) -> House {
        let database = TestDb::new(&schemas()).await;
        let overrides = [
            ("database.url", database.admin_url()),
            ("secret", Uuid::new_v4().simple().to_string()),
            ("internal.secrets.notify_service", SECRET.to_owned()),
            ("http.port", "0".to_owned()),
            ("http.internal_port", "0".to_owned()),
            // A template was cloned: there is nothing to migrate, and this shows that it does no harm.
            ("migrate", "true".to_owned()),
        ];
        let settings: Settings = settings::load(PREFIX, DEFAULTS, &overrides).expect("good settings");
        let settings = settings.settle().expect("free ports");
        let mut of_services = ServiceSettings::load(&settings).expect("good settings of the services");
        of_services.auth.auth.sign_up = sign_up;
        let app = App::build(&settings, of_services)
            .await
            .expect("the house is built");
        let url = format!("http://{}", app.public_addr().expect("a public port"));
        let internal = app.internal_addr();
        let stop = CancellationToken::new();
        let running = tokio::spawn(app.run(stop.clone()));
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let file = std::env::temp_dir().join(format!("onus-demo-{}.json", Uuid::new_v4()));
        House {
            url,
            internal,
            http,
            file,
            stop,
            running,
            database,
        }
    }

    /// Signs up somebody with a workspace of their own: the first one at once, others by the link of a mail.
    pub(crate) async fn sign_up(&self, email: &str) -> Value {
        let mut body = json!({ "password": PASSWORD, "name": "Kim Minji", "workspace_name": "Seoul" });
        let sql = self.sql().await;
        let empty = "select count(*) = 0 from auth.person";
        if sql.query_one(empty, &[]).await.expect("a count").get(0) {
            body["email"] = json!(email);
            return self.create("/api/auth/sign-up", &Value::Null, &body).await;
        }
        self.ask_to_sign_up(email).await;
        let asked = "select particulars::jsonb -> 'mail' ->> 'link' from auth.event_log
            where type = 'mail.requested' and particulars::jsonb -> 'mail' ->> 'mail' = 'sign_up'
            and particulars::jsonb -> 'mail' ->> 'email' = $1 order by id desc limit 1";
        let link: String = eventually(Duration::from_secs(10), async || {
            let row = sql.query_opt(asked, &[&email]).await.expect("the log");
            row.map(|row| row.get(0))
        })
        .await;
        let answer = self.inside(&format!("/internal/links/{link}")).await;
        let url = answer["url"].as_str().expect("a link");
        let token = url.split_once("#token=").expect("a token").1;
        body["token"] = json!(token);
        self.create("/api/auth/sign-up/complete", &Value::Null, &body)
            .await
    }

    /// Asks for a link to sign up.
    pub(crate) async fn ask_to_sign_up(&self, email: &str) {
        let (path, body) = ("/api/auth/sign-up/begin", json!({ "email": email }));
        let (status, _) = self
            .send(Method::POST, path, &Value::Null, Some((&body, 0)))
            .await;
        assert_eq!(status, StatusCode::ACCEPTED);
    }

    /// Brings somebody into an admin's workspace by an invitation.
    pub(crate) async fn join(&self, admin: &Value, email: &str, role: &str) -> Value {
        self.join_as(admin, email, role, "Park Jun").await
    }

    /// The same, under a name of their own.
    pub(crate) async fn join_as(&self, admin: &Value, email: &str, role: &str, name: &str) -> Value {
        let body = json!({ "email": email, "role": role });
        let invitation = self.create("/api/invitations", admin, &body).await;
        let id = invitation["id"].as_str().expect("an id");
        let link = self.inside(&format!("/internal/invitations/{id}/link")).await;
        let url = link["url"].as_str().expect("a link");
        let token = url.split_once('#').expect("a token").1;
        let body = json!({ "token": token, "password": PASSWORD, "name": name });
        self.create("/api/auth/invitations/accept", &Value::Null, &body)
            .await
    }

    /// Exchanges an API token; gives what looks like a session of its access token.
    pub(crate) async fn exchange(&self, token: &str) -> Value {
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("subject_token_type", "urn:onus:token-type:api_token"),
            ("subject_token", token),
        ];
        let request = self.http.post(format!("{}/api/auth/token", self.url)).form(&form);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json().await.expect("JSON")
    }

    /// Makes something as somebody.
    pub(crate) async fn create(&self, path: &str, session: &Value, body: &Value) -> Value {
        let (status, made) = self.send(Method::POST, path, session, Some((body, 0))).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        made
    }

    /// Sends a request that says it had seen the first version, with or without a body.
    pub(crate) async fn send_as_of_old(
        &self,
        method: Method,
        path: &str,
        session: &Value,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let token = session["access_token"].as_str().unwrap_or_default();
        let url = format!("{}{path}", self.url);
        let mut request = self.http.request(method, url).bearer_auth(token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request
            .header("if-match", "\"1\"")
            .send()
            .await
            .expect("an answer");
        let status = answer.status();
        (status, answer.json().await.unwrap_or_default())
    }

    /// Signs in with everybody's password.
    pub(crate) async fn sign_in_by(&self, email: &str) -> (StatusCode, Value) {
        let body = json!({ "email": email, "password": PASSWORD });
        self.send(Method::POST, "/api/auth/sign-in", &Value::Null, Some((&body, 0)))
            .await
    }

    /// What an internal route tells notify-service.
    async fn inside(&self, path: &str) -> Value {
        let internal = format!("http://{}", self.internal);
        let ours = Credentials::new(Some(&internal), "notify-service", SECRET.into()).expect("a client");
        let request = self.http.get(format!("{internal}{path}"));
        let answer = ours.send(request).await.expect("an answer");
        answer.json().await.expect("JSON")
    }

    /// The events of a stream, as consumers fetch them.
    pub(crate) async fn events(&self, source: &str, stream: &str) -> Vec<Value> {
        let page = self
            .inside(&format!("/internal/events?source={source}&stream={stream}"))
            .await;
        page["items"].as_array().cloned().unwrap_or_default()
    }

    /// A superuser's connection.
    pub(crate) async fn sql(&self) -> tokio_postgres::Client {
        let (client, connection) = tokio_postgres::connect(&self.database.admin_url(), tokio_postgres::NoTls)
            .await
            .expect("a connection");
        tokio::spawn(connection);
        client
    }

    /// Makes the demo workspace.
    pub(crate) async fn seed(&self) -> Seeded {
        let options = SeedOptions {
            url: self.url.clone(),
            internal_url: format!("http://{}", self.internal),
            secret: SECRET.into(),
            file: self.file.clone(),
        };
        seed(&options).await.expect("the demo is made")
    }

    /// What the seeding wrote.
    pub(crate) fn demo(&self) -> Value {
        let text = std::fs::read_to_string(&self.file).expect("the demo's file");
        serde_json::from_str(&text).expect("JSON")
    }

    /// Forgets the sign-ins of the demo.
    pub(crate) fn forget_demo(&self) {
        std::fs::remove_file(&self.file).expect("the demo's file");
    }

    /// The session of somebody from the demo.
    pub(crate) async fn sign_in(&self, who: &str) -> Value {
        let demo = self.demo();
        let body = json!({"email": demo[who]["email"], "password": demo[who]["password"]});
        let (status, session) = self
            .send(Method::POST, "/api/auth/sign-in", &Value::Null, Some((&body, 0)))
            .await;
        assert_eq!(status, StatusCode::OK, "{session}");
        session
    }

    /// Reads as somebody.
    pub(crate) async fn get(&self, path: &str, session: &Value) -> Value {
        let (status, body) = self.send(Method::GET, path, session, None).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        body
    }

    /// Sends a request; the body goes with the version that was seen.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        session: &Value,
        body: Option<(&Value, i64)>,
    ) -> (StatusCode, Value) {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if let Some(token) = session["access_token"].as_str() {
            request = request.bearer_auth(token);
        }
        if let Some((body, version)) = body {
            request = request.json(body).header("if-match", format!("\"{version}\""));
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status();
        (status, answer.json().await.unwrap_or_default())
    }

    /// Stops as SIGTERM does; says whether the end was an orderly one.
    pub(crate) async fn stop(mut self) -> bool {
        self.stop.cancel();
        let end = (&mut self.running).await.expect("no panic");
        end.expect("an orderly end")
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.cancel();
        // It may never have been written.
        let _ = std::fs::remove_file(&self.file);
    }
}
