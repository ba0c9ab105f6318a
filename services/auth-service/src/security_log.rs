//! Writing into the security log, inside the transaction of what it tells about.

use messaging::outbox;
use postgres::Connection;
use uuid::Uuid;

use crate::{
    domain::arrival::Arrival,
    error::Error,
    events::{self, Incident},
    store::memberships::{self, Member},
};

/// Notes an incident in the log of the account's workspace.
pub async fn note(
    conn: &mut Connection,
    incident: Incident,
    account: &Member,
    arrival: &Arrival,
) -> Result<(), Error> {
    note_about(conn, incident, account, arrival, &[]).await
}

/// Notes an incident, and by name what it concerns beside the account.
pub async fn note_about(
    conn: &mut Connection,
    incident: Incident,
    account: &Member,
    arrival: &Arrival,
    about: &[(&'static str, String)],
) -> Result<(), Error> {
    Ok(outbox::append(conn, &events::logged(incident, account, arrival, about)?).await?)
}

/// Notes an incident of a person in the log of the workspace they used last; one who belongs to none has no log.
pub async fn note_of(
    conn: &mut Connection,
    incident: Incident,
    person: Uuid,
    arrival: &Arrival,
) -> Result<(), Error> {
    let Some(workspace) = memberships::usual_workspace(conn, person).await? else {
        return Ok(());
    };
    match memberships::get(conn, workspace, person).await? {
        Some(account) => note(conn, incident, &account, arrival).await,
        None => Ok(()),
    }
}
