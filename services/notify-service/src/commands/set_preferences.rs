//! Sets which mails a person wants.

use futures::FutureExt as _;
use postgres::Database;
use postgres::idempotency::Key;
use serde::{Deserialize, Serialize};

use crate::domain::planning::Wish;
use crate::error::Error;
use crate::store::notifications::Owner;
use crate::store::preferences;

/// What is stored as the answer to an idempotency key.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Stored {
    mail: String,
    version: i64,
}

/// Sets the wish, if the preferences still have the version that the writer saw, and gives the new ones.
///
/// # Errors
/// [`Error::VersionConflict`] with the current ones.
pub async fn set_preferences(
    db: &Database,
    owner: Owner,
    wish: Wish,
    seen: i64,
    key: Option<Key>,
) -> Result<preferences::Preference, Error> {
    let answer = db
        .write_once(key, move |conn| {
            async move {
                match preferences::set(conn, owner.workspace, owner.person, wish, seen).await? {
                    Some(now) => Ok(Stored {
                        mail: now.wish.as_str().to_owned(),
                        version: now.version,
                    }),
                    None => {
                        let current = preferences::find(conn, owner.workspace, owner.person).await?;
                        Err(Error::VersionConflict(current))
                    }
                }
            }
            .boxed()
        })
        .await?;
    let wish = Wish::from_word(&answer.value.mail).unwrap_or_default();
    Ok(preferences::Preference {
        wish,
        version: answer.value.version,
    })
}
