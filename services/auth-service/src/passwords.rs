//! Hashing passwords with argon2id without letting a flood of sign-ins slow everything else down.
//!
//! A hash costs some 50 ms of a core and 19 MiB. So only a few run at once, a few more may wait, and everybody else is
//! told to come back: [`HashError::Busy`]. An unknown address is checked against a dummy hash and costs the same.

use std::{sync::Arc, time::Duration};

use argon2::{Params, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{argon::Argon, config::PasswordSettings, domain::password::Password, threads::Threads};

/// Seconds after which a refused client may try again.
pub const RETRY_SECONDS: u32 = 2;

/// Hashes and verifies.
#[derive(Clone)]
pub struct Passwords {
    argon: Argon,
    dummy: Arc<str>,
    /// Places at work and in the queue.
    places: Arc<Semaphore>,
    /// Places at work.
    benches: Arc<Semaphore>,
    threads: Arc<Threads>,
    patience: Duration,
}

/// A place in the queue for one hash. Taken before anything else is done for a request, it makes refusing a flood cost
/// next to nothing.
pub struct Place {
    passwords: Passwords,
    permit: OwnedSemaphorePermit,
}

/// Why a password could not be hashed or checked.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Everybody's first guess.
    #[error("is among the passwords that are guessed first")]
    Common,
    /// Too many others are waiting.
    #[error("too many sign-ins at once")]
    Busy,
    /// The parameters or a stored hash are unusable.
    #[error("cannot hash a password")]
    Hash(#[source] argon2::password_hash::Error),
    /// The parameters make no sense to argon2.
    #[error("the settings auth.password do not fit together")]
    Params(#[source] argon2::Error),
    /// No threads can be started.
    #[error("no threads can be started")]
    Threads(#[source] std::io::Error),
    /// The thread that hashed is gone.
    #[error("the hashing thread broke off")]
    Thread(#[source] tokio::task::JoinError),
}

/// Whether a password was right, and whether its hash has grown old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// The password belongs to the hash.
    pub right: bool,
    /// The hash was made with other parameters than today's.
    pub outdated: bool,
}

impl Passwords {
    /// Prepares the parameters and the dummy hash.
    pub fn new(settings: &PasswordSettings) -> Result<Self, HashError> {
        let params = Params::new(settings.memory_kib, settings.iterations, settings.lanes, None)
            .map_err(HashError::Params)?;
        let argon = Argon::new(params);
        let dummy = argon.nobody().map_err(HashError::Hash)?;
        Ok(Self {
            argon,
            dummy: dummy.into(),
            places: Arc::new(Semaphore::new(settings.concurrent + settings.queue)),
            benches: Arc::new(Semaphore::new(settings.concurrent)),
            threads: Arc::new(Threads::new("password", settings.concurrent).map_err(HashError::Threads)?),
            patience: Duration::from_millis(settings.max_wait_ms),
        })
    }

    /// Joins the queue.
    ///
    /// # Errors
    /// [`HashError::Busy`] where it is full.
    pub fn place(&self) -> Result<Place, HashError> {
        let permit = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_full| busy())?;
        Ok(Place {
            passwords: self.clone(),
            permit,
        })
    }
}

impl Place {
    /// Hashes a password that somebody chooses now, unless it would be guessed soon: by lists of the commonest
    /// passwords, or by whoever knows the person. `about` holds their address and name.
    pub async fn choose(self, password: Password, about: &[&str]) -> Result<String, HashError> {
        let argon = self.passwords.argon.clone();
        let about: Vec<String> = about.iter().map(ToString::to_string).collect();
        self.at_a_bench(move || {
            if is_guessed_soon(&password, &about) {
                return Err(HashError::Common);
            }
            hash(&argon, password.expose_bytes())
        })
        .await
    }

    /// Hashes a password that is known to be good into a PHC string.
    pub async fn hash(self, password: Password) -> Result<String, HashError> {
        let argon = self.passwords.argon.clone();
        self.at_a_bench(move || hash(&argon, password.expose_bytes()))
            .await
    }

    /// Checks a password against a stored hash, or against nobody's: then it is wrong, at the same cost.
    pub async fn verify(self, password: Password, stored: Option<String>) -> Result<Verdict, HashError> {
        let (argon, dummy) = (self.passwords.argon.clone(), self.passwords.dummy.clone());
        self.at_a_bench(move || {
            let verdict = verify(
                &argon,
                password.expose_bytes(),
                stored.as_deref().unwrap_or(&dummy),
            )?;
            Ok(Verdict {
                right: verdict.right && stored.is_some(),
                ..verdict
            })
        })
        .await
    }

    /// Runs work on a thread of ours, in turn. The places travel with the work: a client that hangs up
    /// does not free the core that is still busy with it.
    async fn at_a_bench<T: Send + 'static>(
        self,
        work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let Self { passwords, permit } = self;
        let turn = Arc::clone(&passwords.benches).acquire_owned();
        let waited = tokio::time::timeout(passwords.patience, turn).await;
        let bench: OwnedSemaphorePermit = waited.map_err(|_elapsed| busy())?.map_err(|_closed| busy())?;
        let done = passwords.threads.run(move || {
            let result = work();
            drop((bench, permit));
            result
        });
        done.await.map_err(HashError::Thread)?
    }
}

/// Guesses after which even an attacker who is slowed down by us has tried everything that comes to mind.
const FEW_GUESSES: u64 = 1_000_000;

fn is_guessed_soon(password: &Password, about: &[String]) -> bool {
    let mut words: Vec<&str> = about.iter().map(String::as_str).collect();
    words.extend(
        about
            .iter()
            .flat_map(|text| text.split(['@', '.', ' ', '-', '_'])),
    );
    words.retain(|word| word.chars().count() > 2);
    words.push("onus");
    zxcvbn::zxcvbn(password.expose_text(), &words).guesses() < FEW_GUESSES
}

fn busy() -> HashError {
    metrics::counter!("auth_password_refused_total").increment(1);
    HashError::Busy
}

fn hash(argon: &Argon, password: &[u8]) -> Result<String, HashError> {
    argon
        .hash_password(password)
        .map(|hash| hash.to_string())
        .map_err(HashError::Hash)
}

fn verify(argon: &Argon, password: &[u8], stored: &str) -> Result<Verdict, HashError> {
    let stored = PasswordHash::new(stored).map_err(|error| HashError::Hash(error.into()))?;
    let outdated = Params::try_from(&stored).map_or(true, |params| {
        let now = argon.params();
        (params.m_cost(), params.t_cost(), params.p_cost()) != (now.m_cost(), now.t_cost(), now.p_cost())
    });
    match argon.verify_password(password, &stored) {
        Ok(()) => Ok(Verdict {
            right: true,
            outdated,
        }),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(Verdict {
            right: false,
            outdated,
        }),
        Err(error) => Err(HashError::Hash(error)),
    }
}
