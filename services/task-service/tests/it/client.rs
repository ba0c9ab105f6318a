//! People who call the service.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use test_kit::TestCaller;
use uuid::Uuid;

use crate::support::{Replica, id_of, version_of};

/// Somebody with a token.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) id: Uuid,
    pub(crate) caller: TestCaller,
    pub(crate) token: String,
    pub(crate) base: String,
    pub(crate) client: reqwest::Client,
}

/// An answer, read to its end.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) etag: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) content_type: String,
    pub(crate) body: Value,
}

/// A request under construction.
pub(crate) struct Call(reqwest::RequestBuilder);

impl Call {
    /// With the version that was seen.
    pub(crate) fn seen(self, version: i64) -> Call {
        Call(self.0.header("If-Match", format!("\"{version}\"")))
    }

    /// With an idempotency key.
    pub(crate) fn key(self, key: &str) -> Call {
        Call(self.0.header("Idempotency-Key", key))
    }

    /// With a JSON body.
    pub(crate) fn json(self, body: &Value) -> Call {
        Call(self.0.json(body))
    }

    /// With any body, said to be JSON.
    pub(crate) fn raw(self, body: impl Into<reqwest::Body>) -> Call {
        Call(self.0.header("Content-Type", "application/json").body(body))
    }

    /// Sends it; None when there was no answer.
    pub(crate) async fn try_send(self) -> Option<Answer> {
        let response = self.0.send().await.ok()?;
        let header = |name: &str| {
            response
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        let (etag, location) = (header("etag"), header("location"));
        let content_type = header("content-type").unwrap_or_default();
        let status = response.status();
        let text = response.text().await.ok()?;
        let body = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap_or(json!(text))
        };
        Some(Answer {
            status: status.as_u16(),
            etag,
            location,
            content_type,
            body,
        })
    }

    /// Sends it.
    pub(crate) async fn send(self) -> Answer {
        self.try_send().await.expect("an answer")
    }

    /// Sends it and expects this status.
    pub(crate) async fn expect(self, status: StatusCode) -> Answer {
        let answer = self.send().await;
        assert_eq!(answer.status, status.as_u16(), "{:#}", answer.body);
        answer
    }

    /// Sends it and expects success.
    pub(crate) async fn ok(self) -> Value {
        let answer = self.send().await;
        assert!(
            (200..300).contains(&answer.status),
            "{} {:#}",
            answer.status,
            answer.body
        );
        answer.body
    }

    /// Sends it and expects a problem that names exactly these fields.
    pub(crate) async fn refused(self, status: u16, fields: &[&str]) -> Value {
        let answer = self.send().await;
        assert_eq!(answer.status, status, "{:#}", answer.body);
        assert_eq!(answer.content_type, "application/problem+json");
        assert!(answer.body["request_id"].is_string(), "{:#}", answer.body);
        let named: Vec<&str> = answer.body["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|e| e["field"].as_str())
            .collect();
        assert_eq!(named, fields, "{:#}", answer.body);
        answer.body
    }
}

impl Person {
    pub(crate) fn call(&self, method: Method, path: &str) -> Call {
        Call(
            self.client
                .request(method, format!("{}{path}", self.base))
                .bearer_auth(&self.token),
        )
    }

    pub(crate) fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Call {
        self.call(Method::POST, path).json(body)
    }

    pub(crate) fn patch(&self, path: &str, seen: i64, body: &Value) -> Call {
        self.call(Method::PATCH, path).seen(seen).json(body)
    }

    pub(crate) fn delete(&self, path: &str, seen: i64) -> Call {
        self.call(Method::DELETE, path).seen(seen)
    }

    /// The same person at another replica.
    pub(crate) fn at(&self, replica: &Replica) -> Person {
        Person {
            base: replica.base.clone(),
            ..self.clone()
        }
    }

    /// A new board with its columns.
    pub(crate) async fn board(&self) -> TestBoard {
        let board = self.post("/api/boards", &json!({"name": "출시"})).ok().await;
        let id = id_of(&board);
        let page = self.get(&format!("/api/boards/{id}")).ok().await;
        let columns: Vec<Uuid> = page["columns"].as_array().unwrap().iter().map(id_of).collect();
        TestBoard {
            id,
            columns: columns.try_into().unwrap(),
        }
    }

    /// A new task in the board's first column.
    pub(crate) async fn task(&self, board: &TestBoard, title: &str) -> Value {
        self.task_with(board, json!({"title": title})).await
    }

    /// A new task with more fields.
    pub(crate) async fn task_with(&self, board: &TestBoard, mut body: Value) -> Value {
        if body.get("column_id").is_none() {
            body["column_id"] = json!(board.columns[0]);
        }
        self.post(&format!("/api/boards/{}/tasks", board.id), &body)
            .ok()
            .await
    }

    /// Moves a task.
    pub(crate) fn move_task(&self, task: &Value, body: &Value) -> Call {
        let path = format!("/api/tasks/{}/move", id_of(task));
        self.post(&path, body).seen(version_of(task))
    }

    /// The titles in a column from top to bottom.
    pub(crate) async fn titles(&self, board: &TestBoard, column: usize) -> Vec<String> {
        let page = self.get(&format!("/api/boards/{}", board.id)).ok().await;
        let cards = page["cards"].as_array().unwrap().iter();
        cards
            .filter(|card| card["column_id"] == json!(board.columns[column]))
            .map(|card| card["title"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// A board with three columns: to do, doing, done.
#[derive(Clone, Copy)]
pub(crate) struct TestBoard {
    pub(crate) id: Uuid,
    pub(crate) columns: [Uuid; 3],
}

impl Person {
    /// Tries to create a task with this person in charge.
    pub(crate) async fn task_with_pic(&self, board: &TestBoard, pic: Uuid) -> StatusCode {
        let body = json!({"title": "t", "column_id": board.columns[0], "pic_id": pic});
        let answer = self
            .post(&format!("/api/boards/{}/tasks", board.id), &body)
            .send()
            .await;
        StatusCode::from_u16(answer.status).unwrap()
    }
}
