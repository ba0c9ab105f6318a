//! SES as far as `SendEmail` goes: it takes every mail, and loses every fifth answer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// How it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Takes mail and drops the answer of every fifth.
    LosesAnswers,
    /// Refuses everything, as an account over its rate is refused.
    Throttles,
    /// Answers with an error of its own, after which nobody knows.
    Breaks,
}

/// The stand-in.
#[derive(Clone)]
pub(crate) struct SesStandIn {
    state: Arc<Mutex<State>>,
    pub(crate) url: String,
}

struct State {
    manner: Manner,
    /// Mails taken, by the delivery they are tagged with.
    taken: BTreeMap<String, Vec<Value>>,
    requests: usize,
}

impl SesStandIn {
    pub(crate) async fn start(manner: Manner) -> SesStandIn {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State {
            manner,
            taken: BTreeMap::new(),
            requests: 0,
        }));
        let stand_in = SesStandIn { state, url };
        let server = stand_in.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = server.clone();
                tokio::spawn(async move { server.talk(stream).await });
            }
        });
        stand_in
    }

    pub(crate) fn behave(&self, manner: Manner) {
        self.state.lock().unwrap().manner = manner;
    }

    /// How many requests came.
    pub(crate) fn requests(&self) -> usize {
        self.state.lock().unwrap().requests
    }

    /// The mails that were taken, by delivery.
    pub(crate) fn taken(&self) -> BTreeMap<String, Vec<Value>> {
        self.state.lock().unwrap().taken.clone()
    }

    async fn talk(&self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        while let Some(body) = request(&mut stream).await {
            let Some(answer) = self.answer(&body) else {
                // The connection closes without a word, though the mail was taken.
                return;
            };
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }

    fn answer(&self, body: &Value) -> Option<String> {
        let mut state = self.state.lock().unwrap();
        state.requests += 1;
        match state.manner {
            Manner::Throttles => Some(http("429 Too Many Requests", Some("TooManyRequestsException"))),
            Manner::Breaks => Some(http("500 Internal Server Error", None)),
            Manner::LosesAnswers => {
                let delivery = body["EmailTags"][0]["Value"].as_str().unwrap().to_owned();
                state.taken.entry(delivery).or_default().push(body.clone());
                let number: usize = state.taken.values().map(Vec::len).sum();
                (!number.is_multiple_of(5)).then(|| http("200 OK", None))
            }
        }
    }
}

fn http(status: &str, error: Option<&str>) -> String {
    let body = r#"{"MessageId": "0100-test"}"#;
    let error = error.map_or_else(String::new, |kind| format!("x-amzn-errortype: {kind}\r\n"));
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{error}content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Reads one request and gives its body.
async fn request(stream: &mut BufReader<TcpStream>) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    serde_json::from_slice(&body).ok()
}
