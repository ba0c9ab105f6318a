//! A lean HTTP client: one connection, no pool, so that the load generator takes little of the processor it measures.

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// One connection to one server.
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
}

impl Answer {
    /// The body as JSON, if the answer is a success.
    pub(crate) fn json(&self) -> Result<Value> {
        ensure!(
            self.status.is_success(),
            "{}: {}",
            self.status,
            String::from_utf8_lossy(&self.body)
        );
        Ok(serde_json::from_slice(&self.body)?)
    }
}

/// What goes into the headers beside the body.
#[derive(Clone, Copy, Default)]
pub(crate) struct Headers<'a> {
    pub(crate) token: Option<&'a str>,
    pub(crate) version: Option<i64>,
    pub(crate) key: Option<&'a str>,
}

impl Connection {
    /// Connects to `host:port`.
    pub(crate) async fn open(host: &str) -> Result<Connection> {
        let stream = TcpStream::connect(host)
            .await
            .with_context(|| format!("cannot connect to {host}"))?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Connection {
            sender,
            host: host.to_owned(),
        })
    }

    /// Sends a request and waits for the whole answer.
    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: Headers<'_>,
        body: Option<&Value>,
    ) -> Result<Answer> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", &self.host);
        if let Some(token) = headers.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(version) = headers.version {
            request = request.header("if-match", format!("\"{version}\""));
        }
        if let Some(key) = headers.key {
            request = request.header("idempotency-key", key);
        }
        let bytes = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Bytes::from(body.to_string())
            }
            None => Bytes::new(),
        };
        self.sender.ready().await?;
        let answer = self.sender.send_request(request.body(Full::new(bytes))?).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        Ok(Answer { status, body })
    }
}
