//! Showing that an address is one's own.

use futures::FutureExt;
use secrecy::SecretString;

use crate::{
    access,
    app::{App, now},
    commands::send_link::send_link,
    error::Error,
    events::LinkMail,
    queries::account_link::find_with_owner,
    store::{account_links, memberships::Bearer, people},
};

/// Sends the caller a link to their address; nothing to do where it is verified already.
pub async fn send_verification(app: &App, bearer: Bearer) -> Result<(), Error> {
    let now = now();
    app.write(move |conn| {
        async move {
            let caller = access::acting(conn, bearer).await?;
            if caller.email_verified_at.is_some() {
                return Ok(());
            }
            send_link(conn, bearer.person, LinkMail::Verify, now).await
        }
        .boxed()
    })
    .await
}

/// Takes the token of such a link as proof.
pub async fn verify_address(app: &App, token: &SecretString) -> Result<(), Error> {
    let (link, person) = find_with_owner(app, token, "verify").await?;
    let now = now();
    app.write(move |conn| {
        async move {
            if !account_links::consume(conn, link.id, now).await? {
                return Err(Error::LinkOver { state: "used" });
            }
            Ok(people::verify_email(conn, person, now).await?)
        }
        .boxed()
    })
    .await
}
