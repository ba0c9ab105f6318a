//! Who am I?

use crate::{access, app::App, error::Error, store::memberships::Bearer, views::Me};

/// The caller, as they are now.
pub async fn me(app: &App, bearer: Bearer) -> Result<Me, Error> {
    let mut conn = app.db.read().await?;
    let member = access::acting(&mut conn, bearer).await?;
    let second_factor_needed = access::lacks_second_factor(&mut conn, &member).await?;
    Ok(Me::of(member, second_factor_needed))
}
