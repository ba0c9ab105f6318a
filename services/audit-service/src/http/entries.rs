//! `GET /api/audit/entries`: the history of a workspace, a board, a task or a person.

use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use auth_token::Caller;
use chrono::{DateTime, Utc};
use garde::Validate;
use policy::Operation;
use problem::{Code, Problem, ProblemBody};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use web_kit::{Page, Query, cursor};

use crate::app::App;
use crate::domain::filter::{Filter, Log};
use crate::queries::list_entries::{Entry, list_entries};

/// Which entries, and which page of them.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
#[garde(allow_unvalidated)]
pub(super) struct EntriesQuery {
    /// Only entries about this task.
    task: Option<Uuid>,
    /// Only entries about this board, its columns and its tasks.
    board: Option<Uuid>,
    /// Only changes that this person made.
    actor: Option<Uuid>,
    /// Only changes of this kind, such as `moved`.
    #[param(min_length = 1, max_length = 64)]
    kind: Option<String>,
    /// Only changes made at this moment or later (RFC 3339).
    from: Option<DateTime<Utc>>,
    /// Only changes made before this moment (RFC 3339).
    to: Option<DateTime<Utc>>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// Entries on the page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

/// Which entries of the security log, and which page of them.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
#[garde(allow_unvalidated)]
pub(super) struct SecurityQuery {
    /// Only what this person did.
    actor: Option<Uuid>,
    /// Only what is about the account of this person, also what nobody knows who did.
    account: Option<Uuid>,
    /// Only entries of this kind, such as `signed_in`.
    #[param(min_length = 1, max_length = 64)]
    kind: Option<String>,
    /// Only what happened at this moment or later (RFC 3339).
    from: Option<DateTime<Utc>>,
    /// Only what happened before this moment (RFC 3339).
    to: Option<DateTime<Utc>>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// Entries on the page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

impl EntriesQuery {
    fn filter(&self) -> Result<Filter, Problem> {
        checked(Filter {
            log: Log::Changes,
            task: self.task,
            board: self.board,
            actor: self.actor,
            account: None,
            kind: self.kind.clone(),
            from: self.from,
            to: self.to,
        })
    }
}

impl SecurityQuery {
    fn filter(&self) -> Result<Filter, Problem> {
        checked(Filter {
            log: Log::Security,
            task: None,
            board: None,
            actor: self.actor,
            account: self.account,
            kind: self.kind.clone(),
            from: self.from,
            to: self.to,
        })
    }
}

fn checked(filter: Filter) -> Result<Filter, Problem> {
    filter
        .check()
        .map_err(|(name, error)| Problem::new(Code::Invalid).field(name, error.to_string()))?;
    Ok(filter)
}

/// The index before which a page begins.
fn before(cursor: Option<&str>) -> Result<Option<i64>, Problem> {
    let before: Option<i64> = cursor.map(cursor::decode).transpose()?;
    match before {
        Some(index) if index < 0 => {
            Err(Problem::new(Code::Invalid).field("cursor", "must be the `next` of an earlier page"))
        }
        _ => Ok(before),
    }
}

/// One page of the caller's workspace.
async fn page(
    app: &App,
    caller: &Caller,
    filter: &Filter,
    (cursor, limit): (Option<&str>, Option<i64>),
) -> Result<HttpResponse, Problem> {
    let (before, limit) = (before(cursor)?, web_kit::limit(limit)?);
    let entries = list_entries(&app.database, caller.workspace, filter, before, limit + 1).await?;
    let page = Page::of(entries, limit, |last| last.index)?;
    Ok(HttpResponse::Ok().json(page))
}

/// Changes of the caller's workspace, newest first, each with its fields before and after.
///
/// Tasks, boards and people of other workspaces have no entries here, just like those that never existed.
#[utoipa::path(
    get,
    path = "/api/audit/entries",
    operation_id = "listAuditEntries",
    extensions(("x-policy" = json!(["audit_read"]))),
    tag = "audit",
    params(EntriesQuery),
    security(("token" = [])),
    responses(
        (status = 200, description = "One page of entries.", body = Page<Entry>),
        (status = 401, description = "There is no valid token.", body = ProblemBody),
        (status = 422, description = "A parameter is faulty; the problem names it.", body = ProblemBody),
        (status = 503, description = "The database is not available.", body = ProblemBody),
    )
)]
pub(super) async fn list(
    app: web::Data<App>,
    caller: Caller,
    query: Query<EntriesQuery>,
) -> Result<impl Responder, Problem> {
    caller.require(Operation::AuditRead)?;
    let at = (query.cursor.as_deref(), query.limit);
    page(&app, &caller, &query.filter()?, at).await
}

/// Who signed in from where, who was refused, and what else concerns the security of accounts, newest first.
#[utoipa::path(
    get,
    path = "/api/audit/security",
    operation_id = "listSecurityEntries",
    extensions(("x-policy" = json!(["security_read"]))),
    tag = "audit",
    params(SecurityQuery),
    security(("token" = [])),
    responses(
        (status = 200, description = "One page of entries.", body = Page<Entry>),
        (status = 401, description = "There is no valid token.", body = ProblemBody),
        (status = 403, description = "Only admins may see this.", body = ProblemBody),
        (status = 422, description = "A parameter is faulty; the problem names it.", body = ProblemBody),
        (status = 503, description = "The database is not available.", body = ProblemBody),
    )
)]
pub(super) async fn list_security(
    app: web::Data<App>,
    caller: Caller,
    query: Query<SecurityQuery>,
) -> Result<impl Responder, Problem> {
    caller.require(Operation::SecurityRead)?;
    let at = (query.cursor.as_deref(), query.limit);
    page(&app, &caller, &query.filter()?, at).await
}

/// Makes the routes known.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/api/audit/entries").route(web::get().to(list)))
        .service(web::resource("/api/audit/security").route(web::get().to(list_security)));
}
