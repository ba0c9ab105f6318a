//! Erasing a person: what belongs to their account goes, their row becomes a pseudonym, and the events that speak of
//! them are found.
//!
//! Whoever adds a table that holds something of a person adds it to [`account`].

use chrono::{DateTime, Utc};
use contracts::{PSEUDONYM, Stream, erased_address};
use diesel::{
    QueryDsl,
    prelude::*,
    sql_types::{Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError, statement};
use uuid::Uuid;

use super::{
    memberships::Member,
    revocations,
    schema::{
        account_link, address_note, external_identity, invitation, membership, passkey, password_credential,
        person, picture, recovery_code, session, sign_in_ticket, throttle, totp, workspace,
    },
};

/// Where a person was signed in: what their wrong tries were counted by.
pub type SignedIn = (Uuid, String);

/// Locks the workspaces that a person belongs to, in one order, and gives their ids.
pub async fn lock_workspaces(conn: &mut Connection, person: Uuid) -> Result<Vec<Uuid>, DbError> {
    let theirs = present(conn, person).await?;
    Ok(workspace::table
        .filter(workspace::id.eq_any(theirs))
        .order(workspace::id)
        .select(workspace::id)
        .for_no_key_update()
        .load(conn)
        .await?)
}

/// The workspaces that a person belongs to, in the order in which they are locked.
pub async fn present(conn: &mut Connection, person: Uuid) -> Result<Vec<Uuid>, DbError> {
    Ok(membership::table
        .filter(membership::person_id.eq(person))
        .filter(membership::removed_at.is_null())
        .order(membership::workspace_id)
        .select(membership::workspace_id)
        .load(conn)
        .await?)
}

#[derive(QueryableByName)]
struct Company {
    #[diesel(sql_type = SqlUuid)]
    workspace_id: Uuid,
    #[diesel(sql_type = diesel::sql_types::Bool)]
    alone: bool,
    #[diesel(sql_type = diesel::sql_types::Bool)]
    last_admin: bool,
}

/// What would be left behind: workspaces in which nobody else is, and those that would have members and no admin.
#[derive(Debug, Default)]
pub struct Left {
    /// They end with the person.
    pub empty: Vec<Uuid>,
    /// Somebody else must be made admin first.
    pub leaderless: Vec<Uuid>,
}

/// Looks at the workspaces of a person, which must be locked.
pub async fn left_behind(conn: &mut Connection, person: Uuid) -> Result<Left, DbError> {
    let rows: Vec<Company> = statement(
        "SELECT m.workspace_id,
                NOT EXISTS (SELECT FROM membership o WHERE o.workspace_id = m.workspace_id
                            AND o.person_id <> m.person_id AND o.removed_at IS NULL) AS alone,
                m.role = 'admin' AND NOT EXISTS (
                    SELECT FROM membership o WHERE o.workspace_id = m.workspace_id
                    AND o.person_id <> m.person_id AND o.removed_at IS NULL AND o.role = 'admin') AS last_admin
         FROM membership m WHERE m.person_id = ? AND m.removed_at IS NULL",
    )
    .bind::<SqlUuid, _>(person)
    .all(conn)
    .await?;
    let mut left = Left::default();
    for row in rows {
        if row.alone {
            left.empty.push(row.workspace_id);
        } else if row.last_admin {
            left.leaderless.push(row.workspace_id);
        }
    }
    Ok(left)
}

/// Ends and deletes all sessions of a person, and gives which they were and from where.
pub async fn sessions(
    conn: &mut Connection,
    who: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<SignedIn>, DbError> {
    let _locked: Vec<Uuid> = session::table
        .filter(session::person_id.eq(who))
        .order(session::id)
        .select(session::id)
        .for_update()
        .load(conn)
        .await?;
    // Their refresh tokens go with them.
    let gone: Vec<SignedIn> = diesel::delete(session::table.filter(session::person_id.eq(who)))
        .returning((session::id, session::place))
        .get_results(conn)
        .await?;
    let ids: Vec<Uuid> = gone.iter().map(|(id, _place)| *id).collect();
    for some in ids.chunks(1000) {
        revocations::insert(conn, some, revocations::OVER, now).await?;
    }
    Ok(gone)
}

/// Deletes what a person signs in with, what was noted at their address, and their counted tries; withdraws the
/// invitations that they made, and those to their address, which become nobody's.
pub async fn account(
    conn: &mut Connection,
    who: Uuid,
    email: &str,
    tries: &[Vec<u8>],
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::delete(password_credential::table.find(who))
        .execute(conn)
        .await?;
    diesel::delete(passkey::table.filter(passkey::person_id.eq(who)))
        .execute(conn)
        .await?;
    diesel::delete(external_identity::table.filter(external_identity::person_id.eq(who)))
        .execute(conn)
        .await?;
    diesel::delete(picture::table.find(who)).execute(conn).await?;
    diesel::delete(totp::table.find(who)).execute(conn).await?;
    diesel::delete(recovery_code::table.filter(recovery_code::person_id.eq(who)))
        .execute(conn)
        .await?;
    diesel::delete(sign_in_ticket::table.filter(sign_in_ticket::person_id.eq(who)))
        .execute(conn)
        .await?;
    diesel::delete(account_link::table.filter(account_link::email.eq(email)))
        .execute(conn)
        .await?;
    diesel::delete(account_link::table.filter(account_link::person_id.eq(who)))
        .execute(conn)
        .await?;
    diesel::delete(address_note::table.filter(address_note::email.eq(email)))
        .execute(conn)
        .await?;
    diesel::delete(throttle::table.filter(throttle::key.eq_any(tries)))
        .execute(conn)
        .await?;
    let open = invitation::table
        .filter(invitation::email.eq(email).or(invitation::invited_by.eq(who)))
        .filter(invitation::accepted_at.is_null())
        .filter(invitation::withdrawn_at.is_null());
    diesel::update(open)
        .set((
            invitation::withdrawn_at.eq(now),
            invitation::version.eq(invitation::version + 1),
        ))
        .execute(conn)
        .await?;
    statement("UPDATE invitation SET email = id || '@erased.invalid' WHERE email = ?")
        .bind::<Text, _>(email)
        .run(conn)
        .await?;
    Ok(())
}

/// Puts a pseudonym in the place of a person, whose address is then free for another account.
pub async fn pseudonymise(conn: &mut Connection, who: Uuid, now: DateTime<Utc>) -> Result<(), DbError> {
    diesel::update(person::table.find(who))
        .set((
            person::name.eq(PSEUDONYM),
            person::email.eq(erased_address(who)),
            person::email_verified_at.eq(None::<DateTime<Utc>>),
            person::language.eq("en"),
            person::time_zone.eq("UTC"),
            person::picture.eq(None::<String>),
            person::erased_at.eq(now),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends every membership of a person and raises the version of former ones too, since all of them tell of the erasure;
/// gives them as they are now.
pub async fn memberships(
    conn: &mut Connection,
    who: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<Member>, DbError> {
    let _locked: Vec<Uuid> = membership::table
        .filter(membership::person_id.eq(who))
        .order(membership::workspace_id)
        .select(membership::workspace_id)
        .for_no_key_update()
        .load(conn)
        .await?;
    statement(
        "UPDATE membership SET removed_at = coalesce(removed_at, ?), version = version + 1, epoch = epoch + 1
         WHERE person_id = ?",
    )
    .bind::<diesel::sql_types::Timestamptz, _>(now)
    .bind::<SqlUuid, _>(who)
    .run(conn)
    .await?;
    Ok(membership::table
        .inner_join(person::table)
        .inner_join(workspace::table)
        .filter(membership::person_id.eq(who))
        .order(membership::workspace_id)
        .select(Member::as_select())
        .load(conn)
        .await?)
}

#[derive(QueryableByName)]
struct EventRow {
    #[diesel(sql_type = SqlUuid)]
    event_id: Uuid,
    #[diesel(sql_type = Text)]
    stream: String,
}

/// The mails that were asked for at a person's address or in their name: which events, and on which streams. So many at
/// most that the event which names them can be sent.
pub async fn mails(
    conn: &mut Connection,
    who: Uuid,
    email: &str,
) -> Result<(Vec<Uuid>, Vec<Stream>), DbError> {
    let rows: Vec<EventRow> = statement(
        r#"SELECT event_id, stream FROM event_log WHERE type = 'mail.requested'
           AND (substring(particulars from '"email":"([^"]*)"') = ?
                OR substring(record from '"actor":"([0-9a-f-]{36})"') = ?)
           ORDER BY id DESC LIMIT 20000"#,
    )
    .bind::<Text, _>(email)
    .bind::<Text, _>(who.to_string())
    .all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.event_id, Stream::from_wire(row.stream)))
        .unzip())
}

#[derive(QueryableByName)]
struct StreamRow {
    #[diesel(sql_type = Text)]
    stream: String,
}

/// The streams of what the security log says of a person's account.
pub async fn incidents(conn: &mut Connection, who: Uuid) -> Result<Vec<Stream>, DbError> {
    let rows: Vec<StreamRow> = statement(
        r#"SELECT stream FROM event_log WHERE type = 'security.logged'
           AND substring(particulars from '"account":\{"after":\{"value":"([0-9a-f-]{36})"') = ?"#,
    )
    .bind::<Text, _>(who.to_string())
    .all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Stream::from_wire(row.stream))
        .collect())
}
