//! A stand-in for SES v2 that loses every fifth answer: the mail counts as sent, and nobody is told.
//!
//! It speaks just enough HTTP/1.1 for `POST /v2/email/outbound-emails`. A real server library would not let us
//! hang up between the request and its answer, and that is the whole point.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Every answer with this ordinal is lost.
pub const LOST: usize = 5;

const HEAD_MAX: usize = 64 * 1024;

/// The stand-in. It listens until it is dropped.
#[derive(Debug)]
pub struct Ses {
    address: SocketAddr,
    mails: Arc<Mutex<Vec<Value>>>,
    task: JoinHandle<()>,
}

impl Ses {
    /// Listens on a free port of the loopback interface.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let mails: Arc<Mutex<Vec<Value>>> = Arc::default();
        let task = tokio::spawn(accept(listener, Arc::clone(&mails)));
        Ok(Self { address, mails, task })
    }

    /// What to configure as the endpoint of SES.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The bodies of all SendEmail calls so far, whether they were answered or not.
    pub fn mails(&self) -> Vec<Value> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Ses {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, mails: Arc<Mutex<Vec<Value>>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let mails = Arc::clone(&mails);
        tokio::spawn(async move {
            // A client that was killed half-way is what the tests are about, not a fault of the stand-in.
            let _ = serve(stream, &mails).await;
        });
    }
}

async fn serve(mut stream: TcpStream, mails: &Mutex<Vec<Value>>) -> Result<()> {
    let mut buffer = Vec::new();
    while let Some((is_mail, body)) = request(&mut stream, &mut buffer).await? {
        if !is_mail {
            answer(
                &mut stream,
                "404 Not Found",
                "{\"message\":\"only SendEmail is spoken here\"}",
            )
            .await?;
            continue;
        }
        let mail = serde_json::from_slice(&body).context("the mail is not JSON")?;
        let count = {
            let mut mails = mails.lock().unwrap_or_else(PoisonError::into_inner);
            mails.push(mail);
            mails.len()
        };
        if count % LOST == 0 {
            return Ok(());
        }
        answer(
            &mut stream,
            "200 OK",
            &format!("{{\"MessageId\":\"stand-in-{count}\"}}"),
        )
        .await?;
    }
    Ok(())
}

/// Reads one request: whether it is SendEmail, and its body. None when the client is done.
async fn request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<Option<(bool, Vec<u8>)>> {
    let head_end = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if buffer.len() > HEAD_MAX {
            bail!("the head of the request does not end");
        }
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&buffer[..head_end]).to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(Ok(0), |value| value.trim().parse::<usize>())?;
    while buffer.len() < head_end + length {
        if stream.read_buf(buffer).await? == 0 {
            bail!("the body of the request breaks off");
        }
    }
    let body = buffer[head_end..head_end + length].to_vec();
    buffer.drain(..head_end + length);
    Ok(Some((head.starts_with("post /v2/email/outbound-emails "), body)))
}

async fn answer(stream: &mut TcpStream, status: &str, body: &str) -> Result<()> {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    Ok(())
}
