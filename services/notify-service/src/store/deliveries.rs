//! Deliveries: gathered, claimed, settled.

use std::collections::HashMap;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Double, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use postgres::{Connection, DbError};
use uuid::Uuid;

use crate::domain::delivery::Next;

/// Whom a mail about changes is for, and about which task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Group {
    /// The workspace.
    pub workspace: Uuid,
    /// The person.
    pub recipient: Uuid,
    /// The task.
    pub task: Uuid,
}

/// What a delivery is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A mail about changes to one task.
    Change(Group),
    /// An invitation.
    Invitation,
    /// A mail about somebody's account.
    Account,
}

impl Purpose {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Purpose::Change(_) => "change",
            Purpose::Invitation => "invitation",
            Purpose::Account => "account",
        }
    }
}

/// A delivery that this process has claimed.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The delivery.
    pub id: Uuid,
    /// The workspace.
    pub workspace: Uuid,
    /// What it is for.
    pub purpose: Purpose,
    /// Which try this is; a settlement names it.
    pub attempt: i32,
    /// How long ago the delivery was made.
    pub age: Duration,
}

#[derive(QueryableByName)]
struct GroupRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    workspace_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    recipient_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    task_id: Uuid,
}

/// Puts notifications into deliveries: into one that is still waiting for the same person and task, or
/// into a new one that is due after the gathering time.
///
/// A waiting delivery is locked first. The sender skips locked rows, and a row it has claimed meanwhile
/// is not waiting any more, so nothing can be added to a mail that is already on its way.
pub async fn gather(
    conn: &mut Connection,
    notifications: &[(Uuid, Group)],
    gathering: Duration,
) -> Result<(), DbError> {
    if notifications.is_empty() {
        return Ok(());
    }
    let mut groups: Vec<Group> = Vec::new();
    for (_, group) in notifications {
        if !groups.contains(group) {
            groups.push(*group);
        }
    }
    let mut deliveries = waiting(conn, &groups).await?;
    let fresh: Vec<Group> = groups
        .into_iter()
        .filter(|group| !deliveries.contains_key(group))
        .collect();
    deliveries.extend(create(conn, &fresh, gathering).await?);
    let (carried, by): (Vec<Uuid>, Vec<Uuid>) = notifications
        .iter()
        .filter_map(|(id, group)| deliveries.get(group).map(|delivery| (*id, *delivery)))
        .unzip();
    diesel::sql_query(
        "INSERT INTO carried (notification_id, channel, delivery_id)
         SELECT notification_id, 'mail', delivery_id
         FROM unnest($1, $2) AS pair (notification_id, delivery_id)",
    )
    .bind::<Array<SqlUuid>, _>(carried)
    .bind::<Array<SqlUuid>, _>(by)
    .execute(conn)
    .await?;
    Ok(())
}

async fn waiting(conn: &mut Connection, groups: &[Group]) -> Result<HashMap<Group, Uuid>, DbError> {
    let rows: Vec<GroupRow> = diesel::sql_query(
        "SELECT delivery.id, delivery.workspace_id, delivery.recipient_id, delivery.task_id
         FROM delivery
         JOIN unnest($1, $2, $3) AS wanted (workspace_id, recipient_id, task_id)
           USING (workspace_id, recipient_id, task_id)
         WHERE delivery.state = 'pending' AND delivery.purpose = 'change' AND delivery.channel = 'mail'
         ORDER BY delivery.id
         FOR UPDATE OF delivery",
    )
    .bind::<Array<SqlUuid>, _>(groups.iter().map(|group| group.workspace).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(groups.iter().map(|group| group.recipient).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(groups.iter().map(|group| group.task).collect::<Vec<_>>())
    .load(conn)
    .await?;
    let group = |row: &GroupRow| Group {
        workspace: row.workspace_id,
        recipient: row.recipient_id,
        task: row.task_id,
    };
    Ok(rows.iter().map(|row| (group(row), row.id)).collect())
}

async fn create(
    conn: &mut Connection,
    groups: &[Group],
    gathering: Duration,
) -> Result<HashMap<Group, Uuid>, DbError> {
    let made: HashMap<Group, Uuid> = groups.iter().map(|group| (*group, Uuid::now_v7())).collect();
    if made.is_empty() {
        return Ok(made);
    }
    diesel::sql_query(
        "INSERT INTO delivery (id, purpose, workspace_id, recipient_id, task_id, due_at)
         SELECT id, 'change', workspace_id, recipient_id, task_id, now() + make_interval(secs => $5)
         FROM unnest($1, $2, $3, $4) AS made (id, workspace_id, recipient_id, task_id)",
    )
    .bind::<Array<SqlUuid>, _>(made.values().copied().collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(made.keys().map(|group| group.workspace).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(made.keys().map(|group| group.recipient).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(made.keys().map(|group| group.task).collect::<Vec<_>>())
    .bind::<Double, _>(gathering.as_secs_f64())
    .execute(conn)
    .await?;
    Ok(made)
}

#[derive(QueryableByName)]
struct ClaimRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    purpose: String,
    #[diesel(sql_type = SqlUuid)]
    workspace_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    recipient_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    task_id: Option<Uuid>,
    #[diesel(sql_type = Integer)]
    attempts: i32,
    #[diesel(sql_type = Double)]
    age: f64,
}

/// Claims up to `limit` deliveries that are due, for sending by `via`. They stay claimed for `lease`.
pub async fn claim(
    conn: &mut Connection,
    via: &str,
    lease: Duration,
    limit: usize,
) -> Result<Vec<Claim>, DbError> {
    let rows: Vec<ClaimRow> = diesel::sql_query(
        "WITH due AS MATERIALIZED (
             SELECT id FROM delivery
             WHERE state = 'pending' AND due_at <= now()
             ORDER BY due_at, id LIMIT $1
             FOR UPDATE SKIP LOCKED)
         UPDATE delivery
         SET state = 'sending', via = $2, attempts = delivery.attempts + 1, reason = NULL,
             leased_until = now() + make_interval(secs => $3)
         FROM due WHERE delivery.id = due.id
         RETURNING delivery.id, delivery.purpose, delivery.workspace_id, delivery.recipient_id,
             delivery.task_id, delivery.attempts,
             greatest(extract(epoch FROM now() - delivery.created_at), 0)::float8 AS age",
    )
    .bind::<BigInt, _>(i64::try_from(limit).unwrap_or(i64::MAX))
    .bind::<Text, _>(via)
    .bind::<Double, _>(lease.as_secs_f64())
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(ClaimRow::into_claim).collect())
}

impl ClaimRow {
    fn into_claim(self) -> Claim {
        let purpose = match (self.purpose.as_str(), self.recipient_id, self.task_id) {
            (_, Some(recipient), Some(task)) => Purpose::Change(Group {
                workspace: self.workspace_id,
                recipient,
                task,
            }),
            ("account", ..) => Purpose::Account,
            _ => Purpose::Invitation,
        };
        Claim {
            id: self.id,
            workspace: self.workspace_id,
            purpose,
            attempt: self.attempts,
            age: Duration::try_from_secs_f64(self.age).unwrap_or_default(),
        }
    }
}

/// How a try ended, for the row.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// The next state.
    pub next: Next,
    /// Why, unless it was sent.
    pub reason: Option<String>,
    /// The id the channel gave.
    pub message_id: Option<String>,
}

/// Writes down how a try ended. An answer that comes after the lease has run out still tells that the
/// mail was sent; everything else is too late then.
pub async fn settle(conn: &mut Connection, claim: &Claim, end: &Settlement) -> Result<bool, DbError> {
    let (state, wait) = match end.next {
        Next::Sent => ("sent", Duration::ZERO),
        Next::Failed => ("failed", Duration::ZERO),
        Next::Unknown => ("unknown", Duration::ZERO),
        Next::Again(wait) => ("pending", wait),
    };
    let changed = diesel::sql_query(
        "UPDATE delivery
         SET state = $3, reason = $4, message_id = $5, leased_until = NULL,
             due_at = now() + make_interval(secs => $6),
             settled_at = CASE WHEN $3 = 'pending' THEN NULL ELSE now() END
         WHERE id = $1 AND attempts = $2
           AND (state = 'sending' OR (state = 'unknown' AND $3 = 'sent'))",
    )
    .bind::<SqlUuid, _>(claim.id)
    .bind::<Integer, _>(claim.attempt)
    .bind::<Text, _>(state)
    .bind::<Nullable<Text>, _>(end.reason.as_deref())
    .bind::<Nullable<Text>, _>(end.message_id.as_deref())
    .bind::<Double, _>(wait.as_secs_f64())
    .execute(conn)
    .await?;
    Ok(changed == 1)
}

/// Ends the claims of a sender that died. Whether their mails went out is not known: change mail becomes
/// `unknown` and is never repeated; every other mail goes again, and so does what went to the mailbox, which
/// knows a repeated delivery.
pub async fn lapse(conn: &mut Connection) -> Result<usize, DbError> {
    let changed = diesel::sql_query(
        "WITH lapsed AS MATERIALIZED (
             SELECT id, purpose <> 'change' OR via = 'mailbox' AS again FROM delivery
             WHERE state = 'sending' AND leased_until < now()
             FOR UPDATE SKIP LOCKED)
         UPDATE delivery
         SET state = CASE WHEN again THEN 'pending' ELSE 'unknown' END,
             settled_at = CASE WHEN again THEN NULL ELSE now() END,
             leased_until = NULL, due_at = now(), reason = 'the sender stopped before the answer came'
         FROM lapsed WHERE delivery.id = lapsed.id",
    )
    .execute(conn)
    .await?;
    Ok(changed)
}

/// Gives up what has waited for too long.
pub async fn expire(conn: &mut Connection, max_age: Duration) -> Result<usize, DbError> {
    let changed = diesel::sql_query(
        "WITH old AS MATERIALIZED (
             SELECT id FROM delivery
             WHERE state = 'pending' AND created_at < now() - make_interval(secs => $1)
             FOR UPDATE SKIP LOCKED)
         UPDATE delivery
         SET state = 'failed', settled_at = now(),
             reason = concat_ws('; ', 'it could not be sent in time', delivery.reason)
         FROM old WHERE delivery.id = old.id",
    )
    .bind::<Double, _>(max_age.as_secs_f64())
    .execute(conn)
    .await?;
    Ok(changed)
}

#[derive(QueryableByName)]
struct Waiting {
    #[diesel(sql_type = Integer)]
    waiting: i32,
}

/// How many mails have been tried, were definitely not taken, and wait for another try.
pub async fn waiting_for_channel(conn: &mut Connection) -> Result<i32, DbError> {
    let Waiting { waiting } = diesel::sql_query(
        "SELECT count(*)::integer AS waiting FROM delivery WHERE state = 'pending' AND attempts > 0",
    )
    .get_result(conn)
    .await?;
    Ok(waiting)
}
