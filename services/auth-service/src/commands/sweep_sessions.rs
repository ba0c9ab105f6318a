//! Forgetting sessions, refresh tokens, revocations, links, tickets, ceremonies and wrong tries whose time is over.

use chrono::TimeDelta;
use futures::FutureExt;

use crate::{
    app::{App, now},
    error::Error,
    store::{account_links, ceremonies, revocations, second_factors, sessions, throttles},
};

/// Rows in one transaction: few enough that nobody waits for it.
const BATCH: i64 = 1000;
/// Longer than any access token lives.
const REMEMBERED: TimeDelta = TimeDelta::hours(1);
/// A used or expired link can tell for so long what became of it.
const KEPT_LINKS: TimeDelta = TimeDelta::days(7);

/// Deletes in batches until nothing is left to delete. Gives how many rows went.
pub async fn sweep_sessions(app: &App) -> Result<usize, Error> {
    let mut total = 0;
    loop {
        let now = now();
        let gone = app
            .db
            .write(move |conn| {
                async move {
                    let old = now - REMEMBERED;
                    let gone = revocations::purge(conn, old).await?
                        + throttles::purge(conn, old).await?
                        + second_factors::purge_tickets(conn, old).await?
                        + ceremonies::purge(conn, now).await?
                        + account_links::purge(conn, now - KEPT_LINKS).await?;
                    Ok::<_, Error>(gone + sessions::sweep(conn, now, BATCH).await?)
                }
                .boxed()
            })
            .await?;
        total += gone;
        if gone == 0 {
            return Ok(total);
        }
    }
}
