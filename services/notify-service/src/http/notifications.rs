//! `/api/notifications`: the inbox.

use std::collections::HashMap;

use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use auth_token::Caller;
use chrono::{DateTime, Utc};
use garde::Validate;
use problem::{Code, Problem, ProblemBody};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web_kit::{Json, Page, Query, cursor};

use crate::app::App;
use crate::commands::mark_read::{Which, mark_read};
use crate::error::Error;
use crate::events::FieldChange;
use crate::queries::access::owner;
use crate::queries::inbox::{Entry, inbox};
use crate::store::notifications::unread_count;

/// The most ids in one request.
const MOST_IDS: usize = 200;

/// Which notifications, and which page of them.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
#[garde(allow_unvalidated)]
pub(super) struct InboxQuery {
    /// `true`: only what has not been read.
    unread: Option<bool>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// Notifications on the page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

/// Something that concerns the caller.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Notification {
    /// Its id.
    id: Uuid,
    /// What was done: `created`, `edited`, `moved`, `deleted`, `restored`, `commented`, or a later word.
    kind: String,
    /// Why the caller hears of it: `assigned`, `unassigned`, `in_charge` or `creator`.
    reason: String,
    /// The task.
    task_id: Uuid,
    /// Its board.
    board_id: Option<Uuid>,
    /// The board's name.
    board_name: Option<String>,
    /// The task's title after the change.
    title: String,
    /// Who did it; null when the system did.
    actor_id: Option<Uuid>,
    /// Their name.
    actor_name: Option<String>,
    /// What changed.
    fields: Vec<ChangedField>,
    /// When it was done.
    occurred_at: DateTime<Utc>,
    /// When it came in.
    created_at: DateTime<Utc>,
    /// When it was read; null while it is not.
    read_at: Option<DateTime<Utc>>,
}

/// A field before and after; texts longer than 1,000 characters are cut.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChangedField {
    /// The field's name.
    name: String,
    /// Before; null when there was nothing.
    before: Value,
    /// After; null when nothing is left.
    after: Value,
    /// For `pic_id`: the name of the person in charge before.
    #[serde(skip_serializing_if = "Option::is_none")]
    before_name: Option<String>,
    /// For `pic_id`: the name of the person in charge after.
    #[serde(skip_serializing_if = "Option::is_none")]
    after_name: Option<String>,
}

/// How many notifications wait.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UnreadCount {
    /// Unread notifications.
    #[schema(minimum = 0)]
    count: i64,
}

/// Which notifications have been read: `ids` or `all`, not both.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadNotifications {
    /// These; 1 to 200.
    #[serde(default)]
    #[garde(inner(length(min = 1, max = MOST_IDS)))]
    #[schema(min_items = 1, max_items = 200)]
    ids: Option<Vec<Uuid>>,
    /// `true`: every one.
    #[serde(default)]
    #[garde(skip)]
    all: Option<bool>,
}

impl ReadNotifications {
    fn which(self) -> Result<Which, Problem> {
        let faulty = |field: &str, message: &str| Problem::new(Code::Invalid).field(field, message);
        match (self.ids, self.all) {
            (Some(ids), None) => Ok(Which::These(ids)),
            (None, Some(true)) => Ok(Which::All),
            (None, Some(false)) => Err(faulty("all", "must be true, or left out in favour of ids")),
            (Some(_), Some(_)) => Err(faulty("all", "must be left out when there are ids")),
            (None, None) => Err(faulty("ids", "either ids or all must be given")),
        }
    }
}

/// The caller's notifications, newest first.
#[utoipa::path(
    get,
    path = "/api/notifications",
    operation_id = "listNotifications",
    extensions(("x-policy" = json!(["own_inbox"]))),
    tag = "notifications",
    params(InboxQuery),
    security(("token" = [])),
    responses(
        (status = 200, description = "One page of notifications.", body = Page<Notification>),
        (status = 401, description = "There is no valid token.", body = ProblemBody),
        (status = 422, description = "A parameter is faulty; the problem names it.", body = ProblemBody),
        (status = 503, description = "The database is not available.", body = ProblemBody),
    )
)]
pub(super) async fn list(
    app: web::Data<App>,
    caller: Caller,
    query: Query<InboxQuery>,
) -> Result<impl Responder, Problem> {
    let limit = web_kit::limit(query.limit)?;
    let before: Option<Uuid> = query.cursor.as_deref().map(cursor::decode).transpose()?;
    let mut conn = app.db.read().await?;
    let owner = owner(&mut conn, &caller).await?;
    let unread = query.unread.unwrap_or(false);
    let (entries, names) = inbox(&mut conn, owner, unread, before, limit + 1).await?;
    let page = Page::of(entries, limit, |last| last.row.id)?;
    Ok(HttpResponse::Ok().json(page.map(|entry| Notification::of(entry, &names))))
}

/// How many of the caller's notifications are unread.
#[utoipa::path(
    get,
    path = "/api/notifications/unread-count",
    operation_id = "countUnreadNotifications",
    extensions(("x-policy" = json!(["own_inbox"]))),
    tag = "notifications",
    security(("token" = [])),
    responses(
        (status = 200, description = "The number.", body = UnreadCount),
        (status = 401, description = "There is no valid token.", body = ProblemBody),
        (status = 503, description = "The database is not available.", body = ProblemBody),
    )
)]
pub(super) async fn count(app: web::Data<App>, caller: Caller) -> Result<impl Responder, Problem> {
    let mut conn = app.db.read().await?;
    let owner = owner(&mut conn, &caller).await?;
    let count = unread_count(&mut conn, owner).await?;
    Ok(HttpResponse::Ok().json(UnreadCount { count }))
}

/// Marks notifications as read. It may be repeated without harm.
#[utoipa::path(
    post,
    path = "/api/notifications/read",
    operation_id = "readNotifications",
    extensions(("x-policy" = json!(["own_inbox"]))),
    tag = "notifications",
    request_body = ReadNotifications,
    security(("token" = [])),
    responses(
        (status = 204, description = "They are read."),
        (status = 401, description = "There is no valid token.", body = ProblemBody),
        (status = 404, description = "An id is not in the caller's inbox; nothing was marked.", body = ProblemBody),
        (status = 422, description = "A field is faulty; the problem names it.", body = ProblemBody),
        (status = 503, description = "The database is not available.", body = ProblemBody),
    )
)]
pub(super) async fn read(
    app: web::Data<App>,
    caller: Caller,
    body: Json<ReadNotifications>,
) -> Result<impl Responder, Problem> {
    let which = body.into_inner().which()?;
    let owner = owner_of(&app, &caller).await?;
    mark_read(&app.db, owner, which).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Gives the connection back before the command takes one of its own.
pub(super) async fn owner_of(
    app: &App,
    caller: &Caller,
) -> Result<crate::store::notifications::Owner, Error> {
    let mut conn = app.db.read().await?;
    owner(&mut conn, caller).await
}

impl Notification {
    fn of(entry: Entry, names: &HashMap<Uuid, String>) -> Notification {
        let row = entry.row;
        Notification {
            id: row.id,
            kind: row.kind,
            reason: row.reason,
            task_id: row.task_id,
            board_id: row.board_id,
            board_name: row.board_name,
            title: row.title,
            actor_id: row.actor_id,
            actor_name: row.actor_name,
            fields: entry
                .fields
                .into_iter()
                .map(|field| ChangedField::of(field, names))
                .collect(),
            occurred_at: row.occurred_at,
            created_at: row.created_at,
            read_at: row.read_at,
        }
    }
}

impl ChangedField {
    fn of(field: FieldChange, names: &HashMap<Uuid, String>) -> ChangedField {
        let name_of = |value: &Value| {
            let id = value.as_str().filter(|_| field.name == "pic_id")?;
            names.get(&Uuid::parse_str(id).ok()?).cloned()
        };
        let (before_name, after_name) = (name_of(&field.before), name_of(&field.after));
        ChangedField {
            name: field.name,
            before: field.before,
            after: field.after,
            before_name,
            after_name,
        }
    }
}

/// Makes the routes known.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/api/notifications").route(web::get().to(list)))
        .service(web::resource("/api/notifications/unread-count").route(web::get().to(count)))
        .service(web::resource("/api/notifications/read").route(web::post().to(read)));
}
