//! Writing into the security log, and telling the account's owner by mail, inside the transaction of what it is about.

use messaging::outbox;
use postgres::Connection;
use uuid::Uuid;

use crate::{
    domain::arrival::Arrival,
    error::Error,
    events::{self, FieldChange, Incident, Notice},
    store::{
        memberships::{self, Member},
        workspaces,
    },
};

/// Events in one statement: Postgres takes 65,535 parameters.
const STATEMENT: usize = 500;

/// Notes an incident in the log of the account's workspace.
pub async fn note(
    conn: &mut Connection,
    incident: Incident,
    account: &Member,
    arrival: &Arrival,
) -> Result<(), Error> {
    note_change(conn, incident, account, arrival, Vec::new()).await
}

/// Notes an incident together with what it changed.
pub async fn note_change(
    conn: &mut Connection,
    incident: Incident,
    account: &Member,
    arrival: &Arrival,
    fields: Vec<FieldChange>,
) -> Result<(), Error> {
    let event = events::logged(incident, account, arrival, fields)?;
    Ok(outbox::append(conn, &event).await?)
}

/// Notes an incident, and by name what it concerns beside the account.
pub async fn note_about(
    conn: &mut Connection,
    incident: Incident,
    account: &Member,
    arrival: &Arrival,
    about: &[(&'static str, String)],
) -> Result<(), Error> {
    let fields = about
        .iter()
        .map(|(name, value)| FieldChange::new(name, None::<String>, value.as_str()));
    note_change(conn, incident, account, arrival, fields.collect()).await
}

/// Notes an incident of a person in the log of the workspace they used last; one who belongs to none has no log.
pub async fn note_of(
    conn: &mut Connection,
    incident: Incident,
    person: Uuid,
    arrival: &Arrival,
) -> Result<(), Error> {
    match account_of(conn, person).await? {
        Some(account) => note(conn, incident, &account, arrival).await,
        None => Ok(()),
    }
}

/// Notes a change of how an account is guarded, and tells its owner.
pub async fn tell(
    conn: &mut Connection,
    notice: Notice,
    account: &Member,
    arrival: &Arrival,
) -> Result<(), Error> {
    note(conn, notice.incident(), account, arrival).await?;
    Ok(outbox::append(conn, &events::security_notice(notice, account, arrival)?).await?)
}

/// The same for a person, in the workspace they used last.
pub async fn tell_of(
    conn: &mut Connection,
    notice: Notice,
    person: Uuid,
    arrival: &Arrival,
) -> Result<(), Error> {
    match account_of(conn, person).await? {
        Some(account) => tell(conn, notice, &account, arrival).await,
        None => Ok(()),
    }
}

/// Notes what became of a signing key, in the log of every workspace. Keys change a few times a year, so this may take
/// its time.
pub async fn note_key(conn: &mut Connection, incident: Incident, kid: &str) -> Result<(), Error> {
    for workspaces in workspaces::all(conn).await?.chunks(STATEMENT) {
        let events: Result<Vec<_>, _> = workspaces
            .iter()
            .map(|workspace| events::key_logged(incident, kid, *workspace))
            .collect();
        outbox::append_all(conn, &events?).await?;
    }
    Ok(())
}

async fn account_of(conn: &mut Connection, person: Uuid) -> Result<Option<Member>, Error> {
    match memberships::usual_workspace(conn, person).await? {
        Some(workspace) => Ok(memberships::get(conn, workspace, person).await?),
        None => Ok(None),
    }
}
