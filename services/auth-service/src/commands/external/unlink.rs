//! Seeing and removing one's identities at providers.

use futures::FutureExt;
use policy::Operation;
use postgres::Connection;
use uuid::Uuid;

use crate::{
    access,
    app::App,
    domain::arrival::Arrival,
    error::Error,
    events::Notice,
    security_log,
    store::{identities, memberships::Bearer, people},
};

/// Removes one of the caller's identities, unless it is their last way in.
pub async fn unlink(app: &App, bearer: Bearer, id: Uuid, arrival: Arrival) -> Result<(), Error> {
    app.write(move |conn| async move { unlink_in(conn, bearer, id, &arrival).await }.boxed())
        .await
}

async fn unlink_in(conn: &mut Connection, bearer: Bearer, id: Uuid, arrival: &Arrival) -> Result<(), Error> {
    // Two who remove the last two ways in at once wait for each other.
    people::lock(conn, bearer.person).await?;
    access::allowed(conn, bearer, Operation::IdentityChange).await?;
    if !identities::remove(conn, bearer.person, id).await? {
        return Err(Error::NotFound("identity"));
    }
    access::check_way_in(conn, bearer.person).await?;
    security_log::tell_of(conn, Notice::IdentityUnlinked, bearer.person, arrival).await
}
