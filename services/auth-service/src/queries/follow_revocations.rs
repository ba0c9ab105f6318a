//! The feed by which other services learn that tokens ended before their time.

use std::time::Duration;

use futures::FutureExt;

use crate::{
    app::App,
    error::Error,
    store::revocations::{self, Revocation},
};

/// Entries of one answer.
const PAGE: i64 = 1000;
/// How often a waiter looks for itself: what another replica committed wakes nobody here.
const POLL: Duration = Duration::from_millis(250);

/// Entries after a position: at once where there are some, otherwise as soon as there are, at the latest when `until`
/// is over. Whoever reads gives positions to what was committed since; so the feed needs no worker of its own.
pub async fn follow_revocations(
    app: &App,
    position: i64,
    until: impl Future<Output = ()>,
) -> Result<Vec<Revocation>, Error> {
    tokio::pin!(until);
    loop {
        // Registered before the look, so that a commit in between is not slept through.
        let woken = app.revoked.notified();
        tokio::pin!(woken);
        woken.as_mut().enable();
        let found = look(app, position).await?;
        if !found.is_empty() {
            return Ok(found);
        }
        tokio::select! {
            () = &mut woken => {}
            () = tokio::time::sleep(POLL) => {}
            () = &mut until => return Ok(found),
        }
    }
}

async fn look(app: &App, position: i64) -> Result<Vec<Revocation>, Error> {
    let waiting = revocations::any_unstamped(&mut *app.db.read().await?).await?;
    if waiting {
        app.db
            .write(|conn| async move { Ok::<_, Error>(revocations::stamp(conn, PAGE).await?) }.boxed())
            .await?;
    }
    Ok(revocations::after(&mut *app.db.read().await?, position, PAGE).await?)
}
