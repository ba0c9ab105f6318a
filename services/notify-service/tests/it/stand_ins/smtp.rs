//! A tiny mail server.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;

/// How it treats mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Takes it.
    Takes,
    /// Does not know the recipient.
    KnowsNobody,
    /// Is too busy for recipients now.
    Busy,
    /// Takes the message and goes away without an answer.
    Vanishes,
}

/// The server; down until it is [`SmtpStandIn::up`].
pub(crate) struct SmtpStandIn {
    socket: Mutex<Option<TcpSocket>>,
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    running: Mutex<Option<JoinHandle<()>>>,
}

struct State {
    manner: Manner,
    taken: Vec<String>,
    connections: usize,
}

impl Drop for SmtpStandIn {
    fn drop(&mut self) {
        if let Some(running) = self.running.lock().unwrap().take() {
            running.abort();
        }
    }
}

impl SmtpStandIn {
    /// Takes a port without listening on it: connections are refused.
    pub(crate) fn down(manner: Manner) -> SmtpStandIn {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = socket.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State {
            manner,
            taken: Vec::new(),
            connections: 0,
        }));
        SmtpStandIn {
            socket: Mutex::new(Some(socket)),
            address,
            state,
            running: Mutex::new(None),
        }
    }

    /// Begins to listen.
    pub(crate) fn up(&self) {
        let listener = self.socket.lock().unwrap().take().unwrap().listen(64).unwrap();
        let running = tokio::spawn(serve(listener, Arc::clone(&self.state)));
        *self.running.lock().unwrap() = Some(running);
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn behave(&self, manner: Manner) {
        self.state.lock().unwrap().manner = manner;
    }

    /// The messages that came in whole.
    pub(crate) fn taken(&self) -> Vec<String> {
        self.state.lock().unwrap().taken.clone()
    }

    /// How often somebody connected.
    pub(crate) fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }
}

async fn serve(listener: TcpListener, state: Arc<Mutex<State>>) {
    while let Ok((stream, _)) = listener.accept().await {
        state.lock().unwrap().connections += 1;
        tokio::spawn(talk(stream, Arc::clone(&state)));
    }
}

async fn talk(stream: TcpStream, state: Arc<Mutex<State>>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    say(&mut stream, "220 stand-in ready").await?;
    loop {
        let line = hear(&mut stream).await?;
        let manner = state.lock().unwrap().manner;
        let verb = line
            .split([' ', ':'])
            .next()
            .unwrap_or_default()
            .to_ascii_uppercase();
        let answer = match (verb.as_str(), manner) {
            ("RCPT", Manner::KnowsNobody) => "550 no such person here",
            ("RCPT", Manner::Busy) => "451 come back later",
            ("DATA", _) => {
                say(&mut stream, "354 go on").await?;
                let message = message(&mut stream).await?;
                state.lock().unwrap().taken.push(message);
                if manner == Manner::Vanishes {
                    return None;
                }
                "250 taken"
            }
            ("QUIT", _) => {
                say(&mut stream, "221 bye").await?;
                return None;
            }
            _ => "250 fine",
        };
        say(&mut stream, answer).await?;
    }
}

async fn message(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut lines = Vec::new();
    loop {
        let line = hear(stream).await?;
        if line == "." {
            return Some(lines.join("\n"));
        }
        lines.push(line);
    }
}

async fn hear(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await {
        Ok(0) | Err(_) => None,
        Ok(_) => Some(line.trim_end_matches(['\r', '\n']).to_owned()),
    }
}

async fn say(stream: &mut BufReader<TcpStream>, line: &str) -> Option<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await.ok()
}
