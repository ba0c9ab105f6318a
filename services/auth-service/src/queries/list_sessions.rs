//! A person's sessions, so that they can recognise their own devices and end what is not theirs.

use crate::{
    access,
    app::{App, now},
    error::Error,
    store::{memberships::Bearer, sessions},
    views::SessionView,
};

/// More than anybody looks through; the latest used come first.
const MOST: i64 = 200;

/// The caller's live sessions in every workspace.
pub async fn list_sessions(app: &App, bearer: Bearer) -> Result<Vec<SessionView>, Error> {
    let mut conn = app.db.read().await?;
    access::acting(&mut conn, bearer).await?;
    let live = sessions::live(&mut conn, bearer.person, now(), MOST).await?;
    Ok(live
        .into_iter()
        .map(|session| SessionView::of(session, bearer.session))
        .collect())
}
