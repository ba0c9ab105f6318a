//! The issuer's public keys, fetched from its JWKS (RFC 7517) and kept.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// An issuer that takes longer than this is as good as down.
const FETCH: Duration = Duration::from_secs(2);
/// An unknown key id causes at most one fetch in this time.
const BETWEEN_FETCHES: Duration = Duration::from_secs(30);
/// As long as no key is known at all, nobody can be served: ask again soon.
const BETWEEN_FIRST_FETCHES: Duration = Duration::from_secs(1);
/// Keys older than this are fetched anew while the old ones still serve, so that a withdrawn key goes away.
const FRESH: Duration = Duration::from_secs(600);
/// A JWKS is a few kilobytes.
const MAX_JWKS: usize = 64 * 1024;
/// More keys than anybody rotates through.
const MAX_KEYS: usize = 32;

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The issuer cannot be reached, or does not answer in time.
    #[error("the issuer's keys cannot be fetched")]
    Fetch(#[from] reqwest::Error),
    /// The issuer answered with something else than keys.
    #[error("the issuer answered with status {0}")]
    Status(u16),
    /// The answer is larger than any JWKS.
    #[error("the issuer's keys are larger than {MAX_JWKS} bytes")]
    TooLarge,
    /// The answer is not a JWKS.
    #[error("the issuer's keys cannot be read")]
    Format(#[from] serde_json::Error),
    /// No HTTP client could be made on this machine.
    #[error("there is no HTTP client: {0}")]
    Client(String),
    /// The last attempt failed a moment ago.
    #[error("the issuer's keys could not be fetched a moment ago")]
    Waiting,
}

type Table = HashMap<String, DecodingKey>;

#[derive(Default)]
struct Known {
    table: Arc<Table>,
    learned: Option<Instant>,
}

/// The cache.
pub(crate) struct Keys {
    url: String,
    /// Without a client (no usable TLS store) every fetch fails with the reason.
    client: Result<reqwest::Client, String>,
    known: RwLock<Known>,
    /// When the issuer was last asked. Held during a fetch, so that there is one at a time.
    asked: Arc<Mutex<Option<Instant>>>,
}

impl Keys {
    pub(crate) fn new(url: &str) -> Keys {
        // Nothing is kept open: a pooled connection belongs to the runtime of the thread that opened it.
        let client = reqwest::Client::builder()
            .timeout(FETCH)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(0)
            .build()
            .map_err(|error| error.to_string());
        Keys {
            url: url.to_owned(),
            client,
            known: RwLock::default(),
            asked: Arc::default(),
        }
    }

    /// The key of this id; fetches when it is not known and the issuer was not asked a moment ago.
    pub(crate) async fn find(self: &Arc<Self>, id: &str) -> Result<Option<DecodingKey>, KeysError> {
        let (table, age) = self.snapshot();
        if let Some(key) = table.get(id) {
            if age.is_none_or(|age| age > FRESH) {
                self.refresh_behind();
            }
            return Ok(Some(key.clone()));
        }
        let mut asked = Arc::clone(&self.asked).lock_owned().await;
        let (table, age) = self.snapshot();
        if let Some(key) = table.get(id) {
            return Ok(Some(key.clone()));
        }
        let pause = if age.is_none() {
            BETWEEN_FIRST_FETCHES
        } else {
            BETWEEN_FETCHES
        };
        if asked.is_some_and(|at| at.elapsed() < pause) {
            return if age.is_none() {
                Err(KeysError::Waiting)
            } else {
                Ok(None)
            };
        }
        *asked = Some(Instant::now());
        // On a task of its own, which holds the lock to its end: a caller that hangs up must neither throw the
        // answer away for those who come after nor let them in before it is there.
        let keys = Arc::clone(self);
        let fetch = async move {
            let renewed = keys.renew().await;
            drop(asked);
            renewed
        };
        let renewed = tokio::spawn(fetch).await.unwrap_or(Err(KeysError::Waiting));
        match renewed {
            Ok(table) => Ok(table.get(id).cloned()),
            // The keys that are known still serve; this id is not among them.
            Err(error) if age.is_some() => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the issuer's keys cannot be renewed"
                );
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Takes keys that are at hand, without a fetch. Returns how many are usable.
    pub(crate) fn learn(&self, jwks: &[u8]) -> Result<usize, KeysError> {
        let table = read(jwks)?;
        Ok(self.replace(table).len())
    }

    fn snapshot(&self) -> (Arc<Table>, Option<Duration>) {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        (Arc::clone(&known.table), known.learned.map(|at| at.elapsed()))
    }

    fn replace(&self, table: Table) -> Arc<Table> {
        let table = Arc::new(table);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        *known = Known {
            table: Arc::clone(&table),
            learned: Some(Instant::now()),
        };
        table
    }

    /// Renews the keys without making the present caller wait.
    fn refresh_behind(self: &Arc<Self>) {
        let keys = Arc::clone(self);
        tokio::spawn(async move {
            // Somebody is fetching already when the lock is taken.
            let Ok(mut asked) = keys.asked.try_lock() else {
                return;
            };
            if asked.is_some_and(|at| at.elapsed() < BETWEEN_FETCHES) {
                return;
            }
            *asked = Some(Instant::now());
            if let Err(error) = keys.renew().await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the issuer's keys cannot be renewed"
                );
            }
        });
    }

    async fn renew(&self) -> Result<Arc<Table>, KeysError> {
        let table = self.fetch().await?;
        Ok(self.replace(table))
    }

    async fn fetch(&self) -> Result<Table, KeysError> {
        let client = match &self.client {
            Ok(client) => client,
            Err(reason) => return Err(KeysError::Client(reason.clone())),
        };
        let mut answer = client.get(&self.url).send().await?;
        if !answer.status().is_success() {
            return Err(KeysError::Status(answer.status().as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if body.len() + chunk.len() > MAX_JWKS {
                return Err(KeysError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        read(&body)
    }
}

#[derive(Deserialize)]
struct Jwks {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: String,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    n: String,
    e: String,
}

/// Keys of other kinds and uses are passed over: a JWKS may hold them.
fn read(jwks: &[u8]) -> Result<Table, KeysError> {
    let jwks: Jwks = serde_json::from_slice(jwks)?;
    let keys = jwks
        .keys
        .into_iter()
        .filter_map(|key| serde_json::from_value::<Jwk>(key).ok());
    Ok(keys.filter_map(usable).take(MAX_KEYS).collect())
}

fn usable(key: Jwk) -> Option<(String, DecodingKey)> {
    let signs = key.usage.as_deref().is_none_or(|usage| usage == "sig");
    let rs256 = key.alg.as_deref().is_none_or(|alg| alg == "RS256");
    let modulus = URL_SAFE_NO_PAD.decode(&key.n).ok()?;
    let exponent = URL_SAFE_NO_PAD.decode(&key.e).ok()?;
    // 2048 to 8192 bits: shorter keys are broken, longer ones only cost time.
    let strong = (256..=1024).contains(&modulus.len());
    (key.kty == "RSA" && signs && rs256 && strong)
        .then(|| (key.kid, DecodingKey::from_rsa_raw_components(&modulus, &exponent)))
}
