//! What is kept of oneself, to take along. It is read page by page while it is being sent.

use policy::Operation;
use uuid::Uuid;

use crate::{
    access,
    app::App,
    error::Error,
    store::{
        export::{self, List},
        memberships::Bearer,
    },
};

/// Refuses who may not, before anything is sent.
pub async fn check(app: &App, bearer: Bearer) -> Result<(), Error> {
    access::allowed(&mut *app.db.read().await?, bearer, Operation::OwnExport).await?;
    Ok(())
}

/// A page of a list, with the keys of its rows.
pub async fn page(
    app: &App,
    list: List,
    person: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<(Uuid, String)>, Error> {
    Ok(export::page(&mut *app.db.read().await?, list, person, after, limit).await?)
}

/// A page of what the security log says of the caller's account.
pub async fn incidents(
    app: &App,
    person: Uuid,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<(i64, String)>, Error> {
    Ok(export::incidents(&mut *app.db.read().await?, person, after, limit).await?)
}
