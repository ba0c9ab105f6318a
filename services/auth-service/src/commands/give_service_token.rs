//! Giving a service a token of its own, with which other services let it in.

use crate::{
    app::{App, now},
    clients::{self, LIFETIME},
    error::Error,
    views::Granted,
};

/// Makes a token for a client that has shown its secret.
pub async fn give_service_token(app: &App, client: &str) -> Result<Granted, Error> {
    let keys = app.keys().await?;
    let now = now();
    let token = keys
        .signer(now)?
        .sign_service(&clients::claims(app, client, now))?;
    Ok(Granted {
        access_token: token,
        token_type: "Bearer",
        expires_in: LIFETIME,
    })
}
