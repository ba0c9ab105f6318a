//! Idempotency keys, stored in the transaction of the work.
//!
//! The contract: the same key with the same request gets the first answer back; with another request it
//! is refused; while the first is still under way it is refused too, at once and without waiting for the
//! first one's row lock, because the key is try-locked before it is looked up. Only successes are stored:
//! a refused request left nothing behind and may be corrected and sent again. A key is kept for a day.

use std::time::Duration;

use diesel::sql_types::{Array, BigInt, Binary, Bool, Nullable, Text};
use diesel::{QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use problem::{Code, Problem};
use sha2::{Digest as _, Sha256};

use crate::{Database, DbError, statement};

/// How long a first answer is kept.
const KEPT_HOURS: i64 = 24;

/// A client's key together with what it was sent for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Whose key it is: two callers may use the same one.
    pub scope: String,
    /// The key as the client sent it.
    pub key: String,
    /// SHA-256 of the method, the path and the body.
    pub fingerprint: [u8; 32],
}

/// Why a key cannot be used now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The first request is still under way.
    #[error("a request with this idempotency key is still under way")]
    InFlight,
    /// The key was sent with another request before.
    #[error("this idempotency key belongs to another request")]
    Reused,
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::InFlight => Problem::new(Code::KeyInFlight).retry_after(1),
            Refusal::Reused => Problem::new(Code::KeyReused).field(
                "Idempotency-Key",
                "was sent with another request before; use a new one",
            ),
        }
    }
}

/// What a look at the key gave.
pub(crate) enum Claim {
    Fresh,
    Replay(String),
    Refused(Refusal),
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = Bool)]
    locked: bool,
}

#[derive(QueryableByName)]
struct Stored {
    #[diesel(sql_type = Nullable<Binary>)]
    fingerprint: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Text>)]
    answer: Option<String>,
}

/// Locks the key until the transaction ends and looks it up. Two statements, since the look-up must see
/// what was committed before the lock was had.
pub(crate) async fn claim(connection: &mut AsyncPgConnection, key: &Key) -> Result<Claim, DbError> {
    let lock: Option<Locked> = statement("SELECT pg_try_advisory_xact_lock(?) AS locked")
        .bind::<BigInt, _>(lock_number(key))
        .first_row(connection)
        .await?;
    if !lock.is_some_and(|lock| lock.locked) {
        return Ok(Claim::Refused(Refusal::InFlight));
    }
    let stored: Option<Stored> =
        statement("SELECT fingerprint, answer FROM idempotency_key WHERE scope = ? AND key = ?")
            .bind::<Text, _>(&key.scope)
            .bind::<Text, _>(&key.key)
            .first_row(connection)
            .await?;
    Ok(match stored {
        None => Claim::Fresh,
        Some(Stored {
            fingerprint: Some(seen),
            answer: Some(answer),
        }) if seen == key.fingerprint => Claim::Replay(answer),
        Some(_) => Claim::Refused(Refusal::Reused),
    })
}

/// Stores the first answer.
pub(crate) async fn save(connection: &mut AsyncPgConnection, key: &Key, answer: &str) -> Result<(), DbError> {
    statement("INSERT INTO idempotency_key (scope, key, fingerprint, answer) VALUES (?, ?, ?, ?)")
        .bind::<Text, _>(&key.scope)
        .bind::<Text, _>(&key.key)
        .bind::<Binary, _>(&key.fingerprint[..])
        .bind::<Text, _>(answer)
        .run(connection)
        .await?;
    Ok(())
}

/// Deletes keys older than a day, a few thousand at a time. Gives how many went.
///
/// # Errors
/// When the database cannot be reached.
pub async fn purge(database: &Database) -> Result<usize, DbError> {
    let mut connection = database.read().await?;
    let gone = sql_query(
        "DELETE FROM idempotency_key WHERE ctid = ANY (ARRAY(
             SELECT ctid FROM idempotency_key
             WHERE created_at < now() - make_interval(hours => $1::int) ORDER BY created_at LIMIT 5000))",
    )
    .bind::<BigInt, _>(KEPT_HOURS)
    .execute(&mut connection)
    .await?;
    Ok(gone)
}

/// Forgets the first answers in a scope, and those that hold one of these texts. They are kept for a day only, so
/// the few that there are may be read through.
///
/// # Errors
/// When the database cannot be reached.
pub async fn forget(
    connection: &mut AsyncPgConnection,
    scope: &str,
    texts: &[String],
) -> Result<(), DbError> {
    statement(
        "DELETE FROM idempotency_key
         WHERE scope = ? OR EXISTS (SELECT FROM unnest(?) AS t (part) WHERE strpos(answer, part) > 0)",
    )
    .bind::<Text, _>(scope)
    .bind::<Array<Text>, _>(texts)
    .run(connection)
    .await?;
    Ok(())
}

/// Purges every ten minutes for as long as it is polled.
pub async fn keep_purging(database: Database) {
    let mut tick = tokio::time::interval(Duration::from_secs(600));
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(error) = purge(&database).await {
            tracing::warn!(%error, "old idempotency keys were not purged");
        }
    }
}

fn lock_number(key: &Key) -> i64 {
    let mut hash = Sha256::new();
    hash.update(b"idempotency");
    hash.update((key.scope.len() as u64).to_be_bytes());
    hash.update(key.scope.as_bytes());
    hash.update(key.key.as_bytes());
    let digest = hash.finalize();
    let mut first = [0_u8; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(first)
}
