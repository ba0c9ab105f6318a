//! Who am I?

use crate::{access, app::App, error::Error, store::memberships::Bearer, views::Me};

/// The caller, as they are now.
pub async fn me(app: &App, bearer: Bearer) -> Result<Me, Error> {
    Ok(access::acting(&mut *app.db.read().await?, bearer).await?.into())
}
