//! A service's own credentials, and the tokens it gets for them (RFC 6749, section 4.4).

use crate::BodyError;
use crate::body::bounded;
use crate::service::TOKEN_PATH;
use reqwest::{RequestBuilder, Response, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How long auth-service may take.
const TIMEOUT: Duration = Duration::from_secs(5);
const CONNECT: Duration = Duration::from_secs(2);
/// A token that ends within this time is renewed, while it still serves.
const EARLY: Duration = Duration::from_secs(60);
/// Between two attempts while auth-service gives no token.
const PAUSE: Duration = Duration::from_millis(500);
/// An answer is a token and a few words: this is 16 KiB.
const MAX_ANSWER: usize = 16_384;

/// Why there is no token, or no answer to a call that needs one.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The settings do not say where auth-service is.
    #[error("the address of auth-service is not configured")]
    NoAddress,
    /// Nobody answers, or not in time.
    #[error("the other service cannot be reached")]
    Http(#[from] reqwest::Error),
    /// auth-service does not know the client, or has no token for it now.
    #[error("auth-service gave no token, but status {0}")]
    Refused(u16),
    /// auth-service answered with something else than a token.
    #[error("the answer of auth-service is no token")]
    Format(#[from] serde_json::Error),
    /// The answer breaks off, or is larger than any token.
    #[error("the answer of auth-service cannot be read")]
    Body(#[from] BodyError),
    /// The last attempt failed a moment ago.
    #[error("auth-service gave no token a moment ago")]
    Waiting,
}

/// A client id and its secret. Clones share the token that they were exchanged for.
#[derive(Clone)]
pub struct Credentials(Arc<Inner>);

struct Inner {
    url: Option<String>,
    id: String,
    secret: SecretString,
    client: reqwest::Client,
    /// Held while a token is fetched, so that there is one fetch at a time.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Held>,
    failed: Option<Instant>,
}

#[derive(Clone)]
struct Held {
    token: SecretString,
    ends: Instant,
}

#[derive(Deserialize)]
struct Answer {
    access_token: SecretString,
    expires_in: u64,
}

impl Credentials {
    /// The credentials of the service `id` at auth-service, whose internal address is `base` (`http://…`, without
    /// `/internal`).
    ///
    /// # Errors
    /// When no HTTP client can be made on this machine.
    pub fn new(base: Option<&str>, id: &str, secret: SecretString) -> reqwest::Result<Credentials> {
        // Nothing is kept open: a pooled connection belongs to the runtime of the thread that opened it.
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(0)
            .build()?;
        Ok(Credentials(Arc::new(Inner {
            url: base.map(|base| format!("{}{TOKEN_PATH}", base.trim_end_matches('/'))),
            id: id.to_owned(),
            secret,
            client,
            state: Mutex::default(),
        })))
    }

    /// A token that is good for a while: the one at hand, or a new one. While auth-service is away the old one serves
    /// to its end.
    ///
    /// # Errors
    /// When there is none and auth-service gives none. It is not asked again for half a second.
    pub async fn token(&self) -> Result<SecretString, CallError> {
        let mut state = self.0.state.lock().await;
        let now = Instant::now();
        let held = state.token.clone().filter(|held| held.ends > now);
        if let Some(held) = &held
            && held.ends.duration_since(now) > EARLY
        {
            return Ok(held.token.clone());
        }
        let renewed = if state.failed.is_some_and(|at| at.elapsed() < PAUSE) {
            Err(CallError::Waiting)
        } else {
            self.0.fetch().await
        };
        match renewed {
            Ok(held) => {
                *state = State {
                    token: Some(held.clone()),
                    failed: None,
                };
                Ok(held.token)
            }
            Err(error) => {
                if !matches!(error, CallError::Waiting) {
                    state.failed = Some(Instant::now());
                }
                held.map(|held| held.token).ok_or(error)
            }
        }
    }

    /// Sends a request with a token. One that is refused is given up, and the request sent once more with a new one:
    /// auth-service may have changed its keys before their time.
    ///
    /// # Errors
    /// When there is no token, or no answer.
    pub async fn send(&self, request: RequestBuilder) -> Result<Response, CallError> {
        let token = self.token().await?;
        let again = request.try_clone();
        let answer = request.bearer_auth(token.expose_secret()).send().await?;
        match again {
            Some(again) if answer.status() == StatusCode::UNAUTHORIZED => {
                self.forget(&token).await;
                let token = self.token().await?;
                Ok(again.bearer_auth(token.expose_secret()).send().await?)
            }
            _ => Ok(answer),
        }
    }

    /// Gives up a token, unless it was replaced already.
    async fn forget(&self, token: &SecretString) {
        let mut state = self.0.state.lock().await;
        if state
            .token
            .as_ref()
            .is_some_and(|held| held.token.expose_secret() == token.expose_secret())
        {
            state.token = None;
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Credentials").field(&self.0.id).finish()
    }
}

impl Inner {
    async fn fetch(&self) -> Result<Held, CallError> {
        let url = self.url.as_deref().ok_or(CallError::NoAddress)?;
        let asked = Instant::now();
        let request = self
            .client
            .post(url)
            .basic_auth(&self.id, Some(self.secret.expose_secret()))
            .form(&[("grant_type", "client_credentials")]);
        let answer = request.send().await?;
        if !answer.status().is_success() {
            return Err(CallError::Refused(answer.status().as_u16()));
        }
        let answer: Answer = serde_json::from_slice(&bounded(answer, MAX_ANSWER).await?)?;
        Ok(Held {
            token: answer.access_token,
            ends: asked + Duration::from_secs(answer.expires_in.min(3600)),
        })
    }
}
