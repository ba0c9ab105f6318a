//! One run of xtask: where things are kept (the checkout, `.onus/` in it, the state of the databases), and when to stop.

use std::fs::{self, File, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::account::Account;
use crate::stop::Stop;

/// The folders of one checkout, and the signal to stop.
#[derive(Clone)]
pub(crate) struct Session {
    /// The checkout.
    pub(crate) root: PathBuf,
    /// `.onus/`: logs, stamps and the demo's passwords. Belongs to whoever runs us.
    pub(crate) files: PathBuf,
    /// What is shared by every checkout of this user: downloaded binaries.
    pub(crate) shared: PathBuf,
    /// What the unprivileged account owns: databases and the emulator's state. `.onus/` itself for an ordinary user;
    /// a folder of this checkout's own below /var/lib/onus for root, whose checkout no other account may enter.
    pub(crate) state: PathBuf,
    /// Who runs Postgres, nginx and the emulator when we are root.
    pub(crate) account: Option<Account>,
    /// Whether we were asked to stop.
    pub(crate) stop: Stop,
}

impl Session {
    /// Finds the folders and listens for signals. For commands that run no server.
    pub(crate) fn open() -> Result<Self> {
        let stop = Stop::listen()?;
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let root = root.ancestors().nth(2).context("the checkout's root")?.to_owned();
        let files = root.join(".onus");
        fs::create_dir_all(files.join("logs"))?;
        if !rustix::process::geteuid().is_root() {
            return Ok(Self {
                shared: files.clone(),
                state: files.clone(),
                root,
                files,
                account: None,
                stop,
            });
        }
        let shared = PathBuf::from("/var/lib/onus");
        let state = shared.join(checkout_name(&root));
        Ok(Self {
            root,
            files,
            shared,
            state,
            account: None,
            stop,
        })
    }

    /// The same, ready to run servers: for root with an account that may do nothing else.
    pub(crate) fn open_with_state() -> Result<Self> {
        let mut session = Self::open()?;
        if session.state != session.files {
            let account = Account::unprivileged()?;
            for folder in [&session.shared, &session.state] {
                fs::create_dir_all(folder)?;
                fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
            }
            // What root starts lies in the shared folder, so that one stays root's.
            account.own(&session.state)?;
            session.account = Some(account);
        }
        Ok(session)
    }

    /// Takes a lock of this checkout, or says who has it.
    pub(crate) fn lock(&self, name: &str, taken: &str) -> Result<File> {
        let file = File::options()
            .create(true)
            .append(true)
            .open(self.files.join(name))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => bail!("{taken}"),
            Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("locking .onus/{name}")),
        }
    }

    /// A secret that belongs to a database and lives as long as it: made once, kept beside the data.
    pub(crate) fn secret(&self, name: &str) -> Result<String> {
        let file = self.state.join(name);
        match fs::read_to_string(&file) {
            Ok(secret) => Ok(secret.trim().to_owned()),
            Err(_) => {
                let secret = random_secret();
                write_private(&file, &format!("{secret}\n"))?;
                Ok(secret)
            }
        }
    }

    /// A log file in `.onus/logs`.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.files.join("logs").join(format!("{name}.log"))
    }

    /// A built binary.
    pub(crate) fn binary(&self, name: &str, release: bool) -> PathBuf {
        self.binaries(release).join(name)
    }

    /// The folder of the built binaries.
    pub(crate) fn binaries(&self, release: bool) -> PathBuf {
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.root.join("target"), PathBuf::from);
        target.join(if release { "release" } else { "debug" })
    }

    /// The web app's source.
    pub(crate) fn web(&self) -> PathBuf {
        self.root.join("services/web")
    }
}

/// The checkout's folder name and a hash of its path: two checkouts never share a database.
fn checkout_name(root: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    root.hash(&mut hasher);
    let name = root
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    format!("{name}-{:08x}", hasher.finish() as u32)
}

/// Writes a file that only its owner may read.
pub(crate) fn write_private(path: &Path, content: &str) -> Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let part = path.with_extension("part");
    if part.exists() {
        fs::remove_file(&part)?;
    }
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&part)?;
    file.write_all(content.as_bytes())?;
    fs::rename(&part, path).with_context(|| format!("writing {}", path.display()))
}

/// Something nobody guesses.
pub(crate) fn random_secret() -> String {
    format!("{:032x}{:032x}", rand::random::<u128>(), rand::random::<u128>())
}
