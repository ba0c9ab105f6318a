//! The issuer's public keys, fetched from its JWKS (RFC 7517) and kept.

use crate::BodyError;
use crate::body::bounded;
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
/// How often the issuer is asked.
const PACE: Pace = Pace {
    between: Duration::from_secs(30),
    between_first: Duration::from_secs(1),
    fresh: Duration::from_secs(600),
};
/// A JWKS is a few kilobytes: this is 64 KiB.
const MAX_JWKS: usize = 65_536;
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
    /// The answer breaks off, or is larger than any JWKS.
    #[error("the issuer's answer cannot be read")]
    Body(#[from] BodyError),
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

/// How often an issuer is asked for its keys.
#[derive(Clone, Copy)]
struct Pace {
    /// An unknown key id causes at most one fetch in this time.
    between: Duration,
    /// As long as no key is known at all, nobody can be served: it is asked again soon.
    between_first: Duration,
    /// Keys older than this are fetched anew while the old ones still serve, so that a withdrawn key goes away.
    fresh: Duration,
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
    pace: Pace,
}

impl Keys {
    pub(crate) fn new(url: &str) -> Keys {
        Keys::at_pace(url, PACE)
    }

    fn at_pace(url: &str, pace: Pace) -> Keys {
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
            pace,
        }
    }

    /// The key of this id; fetches when it is not known and the issuer was not asked a moment ago.
    pub(crate) async fn find(self: &Arc<Self>, id: &str) -> Result<Option<DecodingKey>, KeysError> {
        let (table, age) = self.snapshot();
        if let Some(key) = table.get(id) {
            if age.is_none_or(|age| age > self.pace.fresh) {
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
            self.pace.between_first
        } else {
            self.pace.between
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
            if asked.is_some_and(|at| at.elapsed() < keys.pace.between) {
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
        let answer = client.get(&self.url).send().await?;
        if !answer.status().is_success() {
            return Err(KeysError::Status(answer.status().as_u16()));
        }
        read(&bounded(answer, MAX_JWKS).await?)
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

#[cfg(test)]
mod tests {
    use super::{Keys, Pace, URL_SAFE_NO_PAD};
    use base64::Engine as _;
    use serde_json::{Value, json};
    use std::sync::Arc;
    use std::time::Duration;
    use wiremock::matchers::any;
    use wiremock::{Mock, MockServer, ResponseTemplate};

    const NEVER: Duration = Duration::from_secs(3600);

    async fn issuer(status: u16, ids: &[&str]) -> MockServer {
        let issuer = MockServer::start().await;
        serve(&issuer, status, ids).await;
        issuer
    }

    /// A number of the right size: nothing is verified with it here.
    fn jwk(id: &str) -> Value {
        let modulus = URL_SAFE_NO_PAD.encode([0xC3; 256]);
        json!({ "kty": "RSA", "kid": id, "use": "sig", "alg": "RS256", "n": modulus, "e": "AQAB" })
    }

    async fn serve(issuer: &MockServer, status: u16, ids: &[&str]) {
        let keys: Vec<_> = ids.iter().map(|id| jwk(id)).collect();
        let answer = ResponseTemplate::new(status).set_body_json(json!({ "keys": keys }));
        issuer.reset().await;
        Mock::given(any()).respond_with(answer).mount(issuer).await;
    }

    fn keys(issuer: &MockServer, between: Duration, fresh: Duration) -> Arc<Keys> {
        let pace = Pace {
            between,
            between_first: Duration::ZERO,
            fresh,
        };
        Arc::new(Keys::at_pace(&issuer.uri(), pace))
    }

    async fn fetches(issuer: &MockServer) -> usize {
        issuer
            .received_requests()
            .await
            .map_or(0, |requests| requests.len())
    }

    async fn knows(keys: &Arc<Keys>, id: &str) -> bool {
        keys.find(id).await.expect("an answer").is_some()
    }

    #[tokio::test]
    async fn old_keys_serve_while_they_are_renewed_and_a_withdrawn_one_goes_away() {
        let issuer = issuer(200, &["one"]).await;
        let keys = keys(&issuer, Duration::ZERO, Duration::ZERO);
        assert!(knows(&keys, "one").await);
        serve(&issuer, 200, &["two"]).await;
        assert!(knows(&keys, "one").await, "nobody waits for the fetch");
        let withdrawn = async {
            while keys.snapshot().0.contains_key("one") {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), withdrawn)
            .await
            .expect("it is renewed");
        assert!(keys.snapshot().0.contains_key("two"));
    }

    #[tokio::test]
    async fn fresh_keys_are_not_renewed() {
        let issuer = issuer(200, &["one"]).await;
        let keys = keys(&issuer, Duration::ZERO, NEVER);
        for _ in 0..5 {
            assert!(knows(&keys, "one").await);
            tokio::task::yield_now().await;
        }
        assert_eq!(fetches(&issuer).await, 1);
    }

    #[tokio::test]
    async fn old_keys_are_renewed_no_more_often_than_the_issuer_may_be_asked() {
        let issuer = issuer(200, &["one"]).await;
        let keys = keys(&issuer, NEVER, Duration::ZERO);
        for _ in 0..5 {
            assert!(knows(&keys, "one").await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(fetches(&issuer).await, 1);
    }

    #[tokio::test]
    async fn an_unknown_key_is_asked_for_again_after_a_while() {
        let issuer = issuer(200, &["one"]).await;
        let keys = keys(&issuer, Duration::ZERO, NEVER);
        assert!(!knows(&keys, "two").await);
        serve(&issuer, 200, &["one", "two"]).await;
        assert!(knows(&keys, "two").await);
    }

    #[tokio::test]
    async fn an_issuer_that_fails_later_makes_a_key_unknown_and_not_us_unavailable() {
        let issuer = issuer(200, &["one"]).await;
        let keys = keys(&issuer, Duration::ZERO, NEVER);
        assert!(knows(&keys, "one").await);
        serve(&issuer, 500, &[]).await;
        assert!(!knows(&keys, "two").await);
        assert!(knows(&keys, "one").await);
    }
}
