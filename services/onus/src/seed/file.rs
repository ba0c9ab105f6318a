//! The file with the sign-ins.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use rand::Rng as _;
use serde::{Deserialize, Serialize};

/// Letters and digits that nobody takes for one another.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// What the file holds.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Content {
    pub(crate) url: String,
    pub(crate) admin: SignIn,
    pub(crate) supervisor: SignIn,
    pub(crate) pic: SignIn,
    pub(crate) pic2: SignIn,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) board: Option<String>,
    pub(crate) finished: bool,
}

/// A way to sign in.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SignIn {
    pub(crate) email: String,
    pub(crate) password: String,
}

/// The file and what is in it.
#[derive(Debug)]
pub(crate) struct DemoFile {
    path: PathBuf,
    pub(crate) content: Content,
}

impl DemoFile {
    /// Reads the file, or writes a new one with passwords of its own.
    pub(crate) fn open(path: &Path, url: &str) -> anyhow::Result<Self> {
        let content = match fs::read_to_string(path) {
            Ok(text) => {
                let old: Content = serde_json::from_str(&text)
                    .with_context(|| format!("understanding {}", path.display()))?;
                Content {
                    url: url.to_owned(),
                    ..old
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Content {
                url: url.to_owned(),
                admin: SignIn::new("admin"),
                supervisor: SignIn::new("supervisor"),
                pic: SignIn::new("pic"),
                pic2: SignIn::new("pic2"),
                board: None,
                finished: false,
            },
            Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
        };
        let file = Self {
            path: path.to_owned(),
            content,
        };
        file.write()?;
        Ok(file)
    }

    /// Notes that everything is there.
    pub(crate) fn finish(&mut self, board: &str) -> anyhow::Result<()> {
        self.content.board = Some(board.to_owned());
        self.content.finished = true;
        self.write()
    }

    /// Takes the file away: its sign-ins open nothing.
    pub(crate) fn discard(self) -> anyhow::Result<()> {
        fs::remove_file(&self.path).with_context(|| format!("removing {}", self.path.display()))
    }

    fn write(&self) -> anyhow::Result<()> {
        let part = self.path.with_extension("part");
        // The mode counts only for a file that is made here.
        if part.exists() {
            fs::remove_file(&part)?;
        }
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&part)?;
        writeln!(file, "{}", serde_json::to_string_pretty(&self.content)?)?;
        fs::rename(&part, &self.path).with_context(|| format!("writing {}", self.path.display()))
    }
}

impl SignIn {
    fn new(name: &str) -> Self {
        let mut random = rand::rng();
        let mut group = || -> String {
            (0..5)
                .map(|_| char::from(ALPHABET[random.random_range(0..ALPHABET.len())]))
                .collect()
        };
        Self {
            email: format!("{name}@example.com"),
            password: format!("{}-{}-{}", group(), group(), group()),
        }
    }
}
