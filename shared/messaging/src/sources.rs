//! The producers' internal routes, from the consumer's side.

use std::ops::RangeInclusive;
use std::time::Duration;

use auth_token::{CallError, Credentials};
use chrono::{DateTime, SecondsFormat, Utc};
use contracts::{Event, EventType};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// How long a producer may take to answer.
const TIMEOUT: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_secs(3);

/// Where the events of each source can be fetched again.
#[derive(Clone)]
pub struct Sources {
    client: reqwest::Client,
    credentials: Credentials,
    all: Vec<Source>,
}

#[derive(Clone)]
struct Source {
    name: String,
    base: String,
    types: String,
}

/// Why a producer could not be asked. Always an outage: it never counts against an event.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// No producer of this name is configured.
    #[error("no producer is configured for the source {0}")]
    Unknown(String),
    /// It did not answer, or not what was asked for.
    #[error("the producer did not answer")]
    Http(#[from] reqwest::Error),
    /// It could not be asked.
    #[error("the producer could not be asked")]
    Call(#[from] CallError),
}

/// A page of heads.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Heads {
    /// The producer's clock.
    pub(crate) now: DateTime<Utc>,
    pub(crate) items: Vec<Head>,
    /// What to ask for the next page with; none on the last one.
    pub(crate) next: Option<i64>,
}

/// A stream and its highest version on this page.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Head {
    pub(crate) stream: String,
    pub(crate) version: i64,
}

/// A page of events.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Events {
    pub(crate) items: Vec<Event>,
}

impl Sources {
    /// No sources yet; calls will carry a token that these credentials get.
    ///
    /// # Errors
    /// When no HTTP client can be built.
    pub fn new(credentials: Credentials) -> Result<Sources, SourceError> {
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT)
            .build()?;
        Ok(Sources {
            client,
            credentials,
            all: Vec::new(),
        })
    }

    /// Adds a source, such as `/task-service`: where its internal routes are (`http://…`, without `/internal`), and the
    /// types that are consumed from it.
    #[must_use]
    pub fn with(mut self, name: &str, base: &str, types: &[EventType]) -> Sources {
        let types = types.iter().map(EventType::as_str).collect::<Vec<_>>().join(",");
        self.all.push(Source {
            name: name.to_owned(),
            base: base.trim_end_matches('/').to_owned(),
            types,
        });
        self
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|source| source.name.as_str())
    }

    /// A stream's events of these versions, or the first of them.
    pub(crate) async fn events(
        &self,
        source: &str,
        stream: &str,
        versions: RangeInclusive<i64>,
    ) -> Result<Vec<Event>, SourceError> {
        let source = self.source(source)?;
        let (from, to) = (versions.start().to_string(), versions.end().to_string());
        let query = [
            ("source", source.name.as_str()),
            ("stream", stream),
            ("from", &from),
            ("to", &to),
        ];
        let page: Events = self
            .get(&format!("{}/internal/events", source.base), &query)
            .await?;
        Ok(page.items)
    }

    /// A page of the heads of the streams that changed since a time, or of all.
    pub(crate) async fn heads(
        &self,
        source: &str,
        since: Option<DateTime<Utc>>,
        cursor: Option<i64>,
    ) -> Result<Heads, SourceError> {
        let source = self.source(source)?;
        let since = since.map(|since| since.to_rfc3339_opts(SecondsFormat::Micros, true));
        let cursor = cursor.map(|cursor| cursor.to_string());
        let mut query = vec![("source", source.name.as_str()), ("types", source.types.as_str())];
        query.extend(since.as_deref().map(|since| ("since", since)));
        query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        self.get(&format!("{}/internal/heads", source.base), &query).await
    }

    fn source(&self, name: &str) -> Result<&Source, SourceError> {
        self.all
            .iter()
            .find(|source| source.name == name)
            .ok_or_else(|| SourceError::Unknown(name.to_owned()))
    }

    async fn get<T: DeserializeOwned>(&self, url: &str, query: &[(&str, &str)]) -> Result<T, SourceError> {
        let request = self.client.get(url).query(query);
        Ok(self
            .credentials
            .send(request)
            .await?
            .error_for_status()?
            .json()
            .await?)
    }
}
