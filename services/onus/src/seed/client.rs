//! Requests to a running Onus.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use auth_token::Credentials;
use notify_service::App as NotifyService;
use reqwest::{Method, StatusCode};
use secrecy::SecretString;
use serde_json::Value;
use tokio::time::sleep;
use web_kit::Service as _;

/// How long a service may ask to come back later.
const PATIENCE: Duration = Duration::from_secs(30);
/// The pause before coming back.
const PAUSE: Duration = Duration::from_millis(200);

/// Speaks to the public port, and to the internal one for links.
#[derive(Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    url: String,
    internal_url: String,
    credentials: Credentials,
}

/// One answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
    what: String,
}

impl Answer {
    /// The body of a good answer.
    pub(crate) fn ok(self) -> anyhow::Result<Value> {
        if !self.status.is_success() {
            bail!("{}: {}", self.what, self.body);
        }
        Ok(self.body)
    }

    /// Whether the fault lies in this field.
    pub(crate) fn blames(&self, field: &str) -> bool {
        let errors = self.body["errors"].as_array();
        self.status == StatusCode::UNPROCESSABLE_ENTITY
            && errors.is_some_and(|errors| errors.iter().any(|error| error["field"] == field))
    }
}

impl Client {
    /// A client for one installation.
    pub(crate) fn new(url: &str, internal_url: &str, secret: SecretString) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(15))
            .build()?;
        let trim = |url: &str| url.trim_end_matches('/').to_owned();
        Ok(Self {
            http,
            url: trim(url),
            internal_url: trim(internal_url),
            credentials: Credentials::new(Some(internal_url), NotifyService::NAME, secret)?,
        })
    }

    /// Reads.
    pub(crate) async fn get(&self, path: &str, token: &str) -> anyhow::Result<Value> {
        self.send(Method::GET, path, Some(token), None).await?.ok()
    }

    /// Sends JSON.
    pub(crate) async fn post(&self, path: &str, token: Option<&str>, body: &Value) -> anyhow::Result<Answer> {
        self.send(Method::POST, path, token, Some((body, None))).await
    }

    /// Sends JSON about a version that was seen.
    pub(crate) async fn write(
        &self,
        method: Method,
        path: &str,
        token: &str,
        (body, version): (&Value, i64),
    ) -> anyhow::Result<Value> {
        self.send(method, path, Some(token), Some((body, Some(version))))
            .await?
            .ok()
    }

    /// The link of an invitation, which only notify-service gets.
    pub(crate) async fn invitation_link(&self, id: &str) -> anyhow::Result<String> {
        let url = format!("{}/internal/invitations/{id}/link", self.internal_url);
        let answer = self.credentials.send(self.http.get(url)).await?;
        let answer: Value = answer.error_for_status()?.json().await?;
        Ok(answer["url"]
            .as_str()
            .context("the invitation has no link")?
            .to_owned())
    }

    /// A service that is busy or not ready yet is asked again; nothing else is.
    async fn send(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<(&Value, Option<i64>)>,
    ) -> anyhow::Result<Answer> {
        let what = format!("{method} {path}");
        let started = Instant::now();
        loop {
            let mut request = self.http.request(method.clone(), format!("{}{path}", self.url));
            if let Some(token) = token {
                request = request.bearer_auth(token);
            }
            if let Some((body, version)) = body {
                request = request.json(body);
                if let Some(version) = version {
                    request = request.header("if-match", format!("\"{version}\""));
                }
            }
            let answer = request.send().await.with_context(|| what.clone())?;
            let status = answer.status();
            let busy = matches!(
                status,
                StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
            );
            if busy && started.elapsed() < PATIENCE {
                sleep(PAUSE).await;
                continue;
            }
            let text = answer.text().await?;
            let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
            return Ok(Answer { status, body, what });
        }
    }
}
