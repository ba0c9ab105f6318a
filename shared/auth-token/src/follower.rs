//! Following auth-service's feed of revocations.

use crate::body::bounded;
use crate::{BodyError, CallError, Credentials, Revocations};
use serde::Deserialize;
use std::time::Duration;
use uuid::Uuid;

/// How long the feed may hold a request back while nothing is revoked.
const WAIT: Duration = Duration::from_secs(20);
/// How long an answer may take: the wait and a little.
const TIMEOUT: Duration = Duration::from_secs(25);
const CONNECT: Duration = Duration::from_secs(2);
/// Between two attempts while the feed does not answer.
const PAUSE: Duration = Duration::from_millis(500);
/// A page of the feed has at most this many bytes: 1 MiB.
const MAX_PAGE: usize = 1_048_576;

/// Reads the feed and keeps [`Revocations`] up to date.
pub struct Follower {
    url: String,
    credentials: Credentials,
    client: reqwest::Client,
    revocations: Revocations,
}

/// Why the feed could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// It cannot be reached, or does not answer in time.
    #[error("the feed of revocations cannot be read")]
    Http(#[from] reqwest::Error),
    /// There is no token to read it with, or nobody answers.
    #[error("the feed of revocations cannot be asked for")]
    Call(#[from] CallError),
    /// It answered with something else.
    #[error("the feed of revocations cannot be understood")]
    Format(#[from] serde_json::Error),
    /// The answer breaks off, or is larger than it ever should be.
    #[error("the feed of revocations cannot be read to its end")]
    Body(#[from] BodyError),
}

#[derive(Deserialize)]
struct Page {
    items: Vec<Item>,
    next: i64,
}

#[derive(Deserialize)]
struct Item {
    session: Uuid,
    minimum_epoch: i64,
}

impl Follower {
    /// Will follow the feed at the internal address `base` (`http://…`, without `/internal`).
    ///
    /// # Errors
    /// When no HTTP client can be made on this machine.
    pub fn new(
        base: &str,
        credentials: Credentials,
        revocations: Revocations,
    ) -> Result<Follower, FeedError> {
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Follower {
            url: format!("{}/internal/revocations", base.trim_end_matches('/')),
            credentials,
            client,
            revocations,
        })
    }

    /// Follows until the future is dropped.
    pub async fn run(self) {
        // From here on silence counts.
        self.revocations.hear();
        let mut after = 0;
        let mut silent = false;
        loop {
            match self.read(after).await {
                Ok(page) => {
                    if std::mem::take(&mut silent) {
                        tracing::info!("the feed of revocations answers again");
                    }
                    after = page.next;
                    self.revocations.learn(
                        page.items
                            .into_iter()
                            .map(|item| (item.session, item.minimum_epoch)),
                    );
                    self.revocations.hear();
                }
                Err(error) => {
                    if !std::mem::replace(&mut silent, true) {
                        tracing::warn!(
                            error = &error as &dyn std::error::Error,
                            "the feed of revocations does not answer"
                        );
                    }
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    async fn read(&self, after: i64) -> Result<Page, FeedError> {
        let wait = WAIT.as_secs();
        let request = self
            .client
            .get(&self.url)
            .query(&[("after", after.to_string()), ("wait", wait.to_string())]);
        let answer = self.credentials.send(request).await?.error_for_status()?;
        Ok(serde_json::from_slice(&bounded(answer, MAX_PAGE).await?)?)
    }
}
