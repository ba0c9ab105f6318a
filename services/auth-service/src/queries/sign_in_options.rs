//! What the page for signing in can offer.

use crate::{
    app::App,
    config::SignUpMode,
    error::Error,
    store::workspaces,
    views::{ProviderName, SignInOptions},
};

/// Says who may sign up now, and how one can sign in.
pub async fn sign_in_options(app: &App) -> Result<SignInOptions, Error> {
    let sign_up = match app.settings.sign_up {
        SignUpMode::Closed => SignUpMode::Closed,
        _ if workspaces::is_empty(&mut *app.db.read().await?).await? => SignUpMode::First,
        SignUpMode::First => SignUpMode::Closed,
        SignUpMode::Open => SignUpMode::Open,
    };
    Ok(SignInOptions {
        sign_up,
        passkeys: app.passkeys.are_possible(),
        providers: app
            .providers
            .iter()
            .map(|provider| ProviderName {
                id: provider.id().to_owned(),
                name: provider.settings().name.clone(),
            })
            .collect(),
    })
}
