//! Listing one's identities at providers.

use crate::{
    access,
    app::App,
    error::Error,
    store::{identities, memberships::Bearer},
    views::IdentityView,
};

/// The caller's identities, the oldest first. One whose provider is no longer set is shown by its issuer.
pub async fn list_identities(app: &App, bearer: Bearer) -> Result<Vec<IdentityView>, Error> {
    let mut conn = app.db.read().await?;
    access::acting(&mut conn, bearer).await?;
    let own = identities::of_person(&mut conn, bearer.person).await?;
    Ok(own
        .into_iter()
        .map(|identity| {
            let provider = app.providers.by_issuer(&identity.issuer);
            let named = provider.map(|provider| (provider.id().to_owned(), provider.settings().name.clone()));
            let (provider, provider_name) = named.unwrap_or_else(|| (String::new(), identity.issuer.clone()));
            IdentityView {
                id: identity.id,
                provider,
                provider_name,
                email: identity.email,
                name: identity.name,
                picture: identity.picture,
                linked_at: identity.linked_at,
                last_used_at: identity.last_used_at,
            }
        })
        .collect())
}
