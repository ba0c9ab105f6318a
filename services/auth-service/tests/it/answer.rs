//! What the service answered.

use reqwest::{StatusCode, header::HeaderMap};
use serde_json::Value;

use crate::support::{Person, uuid};

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The refresh token that the answer's cookie sets.
    pub(crate) fn refresh_token(&self) -> Option<String> {
        let cookie = self.header("set-cookie")?;
        let (pair, _attributes) = cookie.split_once(';')?;
        Some(pair.strip_prefix("__Host-onus_refresh=")?.to_owned())
    }

    /// The version in the answer's body.
    pub(crate) fn version(&self) -> i64 {
        self.body["version"].as_i64().unwrap()
    }

    /// Who was signed in by this answer, of whichever success.
    pub(crate) fn person(&self) -> Person {
        assert!(self.status.is_success(), "{self:?}");
        let me = &self.body["person"];
        Person {
            id: uuid(&me["id"]),
            workspace: uuid(&me["workspace"]["id"]),
            token: self.body["access_token"].as_str().unwrap().to_owned(),
            cookie: self.refresh_token().unwrap(),
        }
    }

    /// Who was made and signed in by this answer.
    pub(crate) fn created(&self) -> Person {
        assert_eq!(self.status, StatusCode::CREATED, "{self:?}");
        self.person()
    }

    /// The code of a problem, with its status.
    pub(crate) fn problem(&self) -> (u16, &str) {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "{self:?}"
        );
        (self.status.as_u16(), self.body["code"].as_str().unwrap())
    }

    /// The fields that a problem names.
    pub(crate) fn fields(&self) -> Vec<&str> {
        let errors = self.body["errors"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        errors
            .iter()
            .map(|error| error["field"].as_str().unwrap())
            .collect()
    }
}
