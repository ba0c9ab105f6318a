//! A client that does not give up: every write carries an Idempotency-Key and is repeated with it until answered.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;
use uuid::Uuid;

use crate::wait::until;

/// How long one write may take, with all its repetitions. Longer than any process needs to come back.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long one try may take.
const TRY: Duration = Duration::from_secs(10);

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    token: Option<String>,
}

/// What was answered to an acknowledged write.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The body; null, if there was none.
    pub body: Value,
    /// How often it was asked.
    pub tries: usize,
}

impl Client {
    /// Nobody yet.
    pub fn new() -> Result<Self> {
        // A killed process takes its connections with it: do not meet them again in the pool.
        let http = reqwest::Client::builder()
            .pool_max_idle_per_host(0)
            .timeout(TRY)
            .build()?;
        Ok(Self { http, token: None })
    }

    /// The same client, signed in.
    #[must_use]
    pub fn signed_in(&self, session: &Value) -> Self {
        Self {
            http: self.http.clone(),
            token: session["access_token"].as_str().map(str::to_owned),
        }
    }

    /// The plain HTTP client, for requests of another kind.
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Writes, and repeats with the same key until there is an answer. A refusal is an error.
    pub async fn write(
        &self,
        method: Method,
        url: &str,
        body: &Value,
        version: Option<i64>,
    ) -> Result<Answer> {
        let key = Uuid::new_v4().to_string();
        let mut tries = 0;
        let wanted = format!("an answer to {method} {url}");
        let body = until(&wanted, PATIENCE, || {
            tries += 1;
            let mut request = self
                .request(method.clone(), url)
                .header("Idempotency-Key", &key)
                .json(body);
            if let Some(version) = version {
                request = request.header("If-Match", format!("\"{version}\""));
            }
            attempt(request)
        })
        .await?;
        Ok(Answer { body, tries })
    }

    /// Reads, and repeats until there is an answer.
    pub async fn read(&self, url: &str) -> Result<Value> {
        until(&format!("an answer to GET {url}"), PATIENCE, || {
            attempt(self.request(Method::GET, url))
        })
        .await
    }

    fn request(&self, method: Method, url: &str) -> RequestBuilder {
        let request = self.http.request(method, url);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }
}

/// The answer; none, when nobody answered or the answer was to come again.
async fn attempt(request: RequestBuilder) -> Result<Option<Value>> {
    let Ok(response) = request.send().await else {
        return Ok(None);
    };
    let status = response.status();
    let Ok(text) = response.text().await else {
        return Ok(None);
    };
    if status.is_success() {
        let body = if text.is_empty() {
            Ok(Value::Null)
        } else {
            serde_json::from_str(&text)
        };
        return Ok(Some(
            body.with_context(|| format!("the answer is not JSON: {text}"))?,
        ));
    }
    let again = [
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::BAD_GATEWAY,
        StatusCode::GATEWAY_TIMEOUT,
    ];
    if again.contains(&status) || text.contains("_in_flight\"") {
        return Ok(None);
    }
    bail!("refused with {status}: {text}")
}
