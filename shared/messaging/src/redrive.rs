//! Giving quarantined events another chance, once the cause is mended.

use futures::FutureExt as _;
use postgres::{Database, DbError};

use crate::store::{gap, inbox, quarantine};

/// Frees the parked streams of a queue, or one of them, and gives their names. Running consumers then fetch what these
/// streams are missing from its producer, beginning with the event that was rejected.
///
/// # Errors
/// When the database fails; nothing is freed then.
pub async fn redrive(db: &Database, queue: &str, stream: Option<&str>) -> Result<Vec<String>, DbError> {
    let (queue, stream) = (queue.to_owned(), stream.map(str::to_owned));
    db.write(move |conn| {
        async move {
            let freed = inbox::unpark(conn, &queue, stream.as_deref()).await?;
            quarantine::redriven(conn, &queue, stream.as_deref()).await?;
            gap::hurry(conn, &queue, &freed).await?;
            Ok(freed.into_iter().map(|key| key.stream).collect())
        }
        .boxed()
    })
    .await
}
