//! Forgetting sessions and refresh tokens whose time is over.

use futures::FutureExt;

use crate::{
    app::{App, now},
    error::Error,
    store::sessions,
};

/// Rows in one transaction: few enough that nobody waits for it.
const BATCH: i64 = 1000;

/// Deletes in batches until nothing is left to delete. Gives how many rows went.
pub async fn sweep_sessions(app: &App) -> Result<usize, Error> {
    let mut total = 0;
    loop {
        let now = now();
        let gone = app
            .db
            .write(move |conn| {
                async move { Ok::<_, Error>(sessions::sweep(conn, now, BATCH).await?) }.boxed()
            })
            .await?;
        total += gone;
        if gone == 0 {
            return Ok(total);
        }
    }
}
