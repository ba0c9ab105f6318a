//! Making another workspace, of which one is the first admin.

use futures::FutureExt;
use postgres::idempotency::Key;
use uuid::Uuid;

use crate::{
    access,
    app::{App, now},
    commands::{
        open_session::Opened,
        sign_up::{Admitted, announce_joined},
        switch_workspace::switch_workspace,
    },
    config::SignUpMode,
    domain::{arrival::Arrival, profile::Name},
    error::Error,
    store::{
        memberships::{self, Bearer},
        people, workspaces,
    },
};
use policy::Role;

/// Makes the workspace and goes on in it. Who may sign up with a workspace of their own may have several.
pub async fn found_workspace(
    app: &App,
    bearer: Bearer,
    name: Name,
    arrival: Arrival,
    key: Option<Key>,
) -> Result<Opened, Error> {
    if app.settings.sign_up != SignUpMode::Open {
        return Err(Error::SignUpClosed);
    }
    let now = now();
    let admitted = app
        .write_once(key, move |conn| {
            async move {
                access::acting(conn, bearer).await?;
                let workspace = Uuid::now_v7();
                workspaces::insert(conn, workspace, name.as_str(), now).await?;
                people::share(conn, bearer.person).await?;
                memberships::insert(conn, workspace, bearer.person, Role::Admin, now).await?;
                announce_joined(conn, workspace, bearer.person).await?;
                Ok(Admitted {
                    person: bearer.person,
                    workspace,
                })
            }
            .boxed()
        })
        .await?;
    switch_workspace(app, bearer, admitted.workspace, arrival).await
}
