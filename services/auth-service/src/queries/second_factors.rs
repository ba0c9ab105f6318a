//! Reading which second factors the caller has.

use chrono::{DateTime, Utc};

use crate::{
    access,
    app::App,
    error::Error,
    store::{memberships::Bearer, passkeys, second_factors},
    views::PasskeyView,
};

/// A person's second factors.
pub struct OwnFactors {
    /// Since when the authenticator app counts.
    pub app_since: Option<DateTime<Utc>>,
    /// Recovery codes that were not used yet.
    pub codes_left: i64,
    /// The passkeys.
    pub passkeys: Vec<PasskeyView>,
}

/// Reads them.
pub async fn second_factors(app: &App, bearer: Bearer) -> Result<OwnFactors, Error> {
    let mut conn = app.db.read().await?;
    access::acting(&mut conn, bearer).await?;
    let passkeys = passkeys::of_person(&mut conn, bearer.person).await?;
    Ok(OwnFactors {
        app_since: second_factors::app_since(&mut conn, bearer.person).await?,
        codes_left: second_factors::codes_left(&mut conn, bearer.person).await?,
        passkeys: passkeys.into_iter().map(PasskeyView::from).collect(),
    })
}
