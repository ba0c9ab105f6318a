//! What is kept of a person, row by row as JSON. Every function gives one page, with the key after which the next begins.

use diesel::sql_types::{BigInt, Nullable, Text, Uuid as SqlUuid};
use postgres::{Connection, DbError, statement};
use uuid::Uuid;

#[derive(diesel::QueryableByName)]
struct ById {
    #[diesel(sql_type = SqlUuid)]
    key: Uuid,
    #[diesel(sql_type = Text)]
    value: String,
}

#[derive(diesel::QueryableByName)]
struct ByNumber {
    #[diesel(sql_type = BigInt)]
    key: i64,
    #[diesel(sql_type = Text)]
    value: String,
}

/// The lists whose rows have an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// The person.
    Profile,
    /// Workspaces they belong or belonged to.
    Memberships,
    /// Sessions, those that are over too.
    Sessions,
    /// Their passkeys.
    Passkeys,
    /// Their identities at providers.
    Identities,
    /// Their picture.
    Picture,
    /// Invitations they made.
    Invitations,
}

impl List {
    fn sql(self) -> &'static str {
        match self {
            Self::Profile => {
                "SELECT p.id AS key, json_build_object(
                     'id', p.id, 'email', p.email, 'email_verified_at', p.email_verified_at, 'name', p.name,
                     'language', p.language, 'time_zone', p.time_zone, 'created_at', p.created_at,
                     'authenticator_since', t.confirmed_at)::text AS value
                 FROM person p LEFT JOIN totp t ON t.person_id = p.id
                 WHERE p.id = ? AND (p.id > ?) IS NOT FALSE ORDER BY p.id LIMIT ?"
            }
            Self::Memberships => {
                "SELECT w.id AS key, json_build_object(
                     'workspace_id', w.id, 'workspace', w.name, 'role', m.role, 'joined_at', m.joined_at,
                     'left_at', m.removed_at)::text AS value
                 FROM membership m JOIN workspace w ON w.id = m.workspace_id
                 WHERE m.person_id = ? AND (w.id > ?) IS NOT FALSE ORDER BY w.id LIMIT ?"
            }
            Self::Sessions => {
                "SELECT s.id AS key, json_build_object(
                     'id', s.id, 'workspace_id', s.workspace_id, 'device', s.device, 'place', s.place,
                     'created_at', s.created_at, 'last_used_at', s.last_used_at, 'ended_at', s.ended_at)::text AS value
                 FROM session s WHERE s.person_id = ? AND (s.id > ?) IS NOT FALSE ORDER BY s.id LIMIT ?"
            }
            Self::Passkeys => {
                "SELECT k.id AS key, json_build_object(
                     'id', k.id, 'name', k.name, 'created_at', k.created_at,
                     'last_used_at', k.last_used_at)::text AS value
                 FROM passkey k WHERE k.person_id = ? AND (k.id > ?) IS NOT FALSE ORDER BY k.id LIMIT ?"
            }
            Self::Identities => {
                "SELECT e.id AS key, json_build_object(
                     'id', e.id, 'issuer', e.issuer, 'subject', e.subject, 'email', e.email, 'name', e.name,
                     'picture', e.picture, 'linked_at', e.linked_at, 'last_used_at', e.last_used_at)::text AS value
                 FROM external_identity e WHERE e.person_id = ? AND (e.id > ?) IS NOT FALSE ORDER BY e.id LIMIT ?"
            }
            Self::Picture => {
                "SELECT c.person_id AS key, json_build_object(
                     'chosen', c.chosen, 'media_type', c.media_type, 'url', c.url, 'fetched_at', c.fetched_at,
                     'base64', translate(encode(c.bytes, 'base64'), E'\n', ''))::text AS value
                 FROM picture c WHERE c.person_id = ? AND (c.person_id > ?) IS NOT FALSE ORDER BY c.person_id LIMIT ?"
            }
            Self::Invitations => {
                "SELECT i.id AS key, json_build_object(
                     'id', i.id, 'workspace_id', i.workspace_id, 'email', i.email, 'role', i.role,
                     'created_at', i.created_at, 'expires_at', i.expires_at, 'accepted_at', i.accepted_at,
                     'withdrawn_at', i.withdrawn_at)::text AS value
                 FROM invitation i WHERE i.invited_by = ? AND (i.id > ?) IS NOT FALSE ORDER BY i.id LIMIT ?"
            }
        }
    }
}

/// A page of a list.
pub async fn page(
    conn: &mut Connection,
    list: List,
    person: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<(Uuid, String)>, DbError> {
    let rows: Vec<ById> = statement(list.sql())
        .bind::<SqlUuid, _>(person)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.key, row.value)).collect())
}

/// A page of what the security log says of the person's account.
pub async fn incidents(
    conn: &mut Connection,
    person: Uuid,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<(i64, String)>, DbError> {
    let rows: Vec<ByNumber> = statement(
        r#"SELECT id AS key, json_build_object(
               'kind', record::json ->> 'kind', 'time', time, 'workspace_id', workspace_id,
               'device', particulars::json #> '{fields,device,after,value}',
               'place', particulars::json #> '{fields,place,after,value}')::text AS value
           FROM event_log
           WHERE type = 'security.logged'
             AND substring(particulars from '"account":\{"after":\{"value":"([0-9a-f-]{36})"') = ?
             AND id > ? ORDER BY id LIMIT ?"#,
    )
    .bind::<Text, _>(person.to_string())
    .bind::<BigInt, _>(after.unwrap_or(0))
    .bind::<BigInt, _>(limit)
    .all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.key, row.value)).collect())
}
