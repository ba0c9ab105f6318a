//! `/api/mailbox`: the mails that the channel `mailbox` keeps.

use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use auth_token::Caller;
use chrono::{DateTime, Utc};
use problem::{Code, Problem, ProblemBody};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use web_kit::{Page, PageQuery, PathId, Query};

use crate::app::App;
use crate::queries::access::owner;
use crate::queries::mailbox::sight;
use crate::store::mailbox::{self, MailLine, MailRow};

/// A mail in the list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MailSummary {
    /// Its id.
    id: Uuid,
    /// Whom it was written to.
    to: String,
    /// Its subject.
    subject: String,
    /// When it was written.
    created_at: DateTime<Utc>,
}

/// A whole mail.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Mail {
    /// Its id.
    id: Uuid,
    /// Whom it was written to.
    to: String,
    /// Its subject.
    subject: String,
    /// The plain text.
    text: String,
    /// The HTML.
    html: String,
    /// When it was written.
    created_at: DateTime<Utc>,
}

/// The workspace's mails that the caller may see, newest first. 404 unless mails are kept here.
#[utoipa::path(
    get,
    path = "/api/mailbox",
    operation_id = "listMails",
    extensions(("x-policy" = json!(["own_inbox", "mailbox_read"]))),
    tag = "mailbox",
    params(PageQuery),
    security(("token" = [])),
    responses(
        (status = 200, description = "One page of mails.", body = Page<MailSummary>),
        (status = 401, description = "There is no valid token.", body = ProblemBody),
        (status = 404, description = "Mails are sent, and not kept here.", body = ProblemBody),
        (status = 422, description = "A parameter is faulty; the problem names it.", body = ProblemBody),
        (status = 503, description = "The database is not available.", body = ProblemBody),
    )
)]
pub(super) async fn list(
    app: web::Data<App>,
    caller: Caller,
    query: Query<PageQuery>,
) -> Result<impl Responder, Problem> {
    only_if_kept(&app)?;
    let (limit, before) = (query.limit(), query.after::<Uuid>()?);
    let mut conn = app.db.read().await?;
    let owner = owner(&mut conn, &caller).await?;
    let rows = mailbox::page(&mut conn, owner.workspace, sight(&caller), before, limit + 1).await?;
    Ok(HttpResponse::Ok().json(Page::of(rows, limit, |last| last.id)?.map(MailSummary::from)))
}

/// One mail.
#[utoipa::path(
    get,
    path = "/api/mailbox/{id}",
    operation_id = "getMail",
    extensions(("x-policy" = json!(["own_inbox", "mailbox_read"]))),
    tag = "mailbox",
    params(("id" = Uuid, Path, description = "The mail.")),
    security(("token" = [])),
    responses(
        (status = 200, description = "The mail.", body = Mail),
        (status = 401, description = "There is no valid token.", body = ProblemBody),
        (status = 404, description = "There is no such mail for the caller.", body = ProblemBody),
        (status = 503, description = "The database is not available.", body = ProblemBody),
    )
)]
pub(super) async fn get(app: web::Data<App>, caller: Caller, id: PathId) -> Result<impl Responder, Problem> {
    only_if_kept(&app)?;
    let mut conn = app.db.read().await?;
    let owner = owner(&mut conn, &caller).await?;
    let found = mailbox::find(&mut conn, owner.workspace, sight(&caller), id.0).await?;
    let row = found.ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok(HttpResponse::Ok().json(Mail::from(row)))
}

fn only_if_kept(app: &App) -> Result<(), Problem> {
    if app.keeps_mail {
        return Ok(());
    }
    Err(Problem::new(Code::NotFound).detail("mails are sent by this installation, and not kept"))
}

impl From<MailLine> for MailSummary {
    fn from(row: MailLine) -> MailSummary {
        MailSummary {
            id: row.id,
            to: row.address,
            subject: row.subject,
            created_at: row.created_at,
        }
    }
}

impl From<MailRow> for Mail {
    fn from(row: MailRow) -> Mail {
        Mail {
            id: row.id,
            to: row.address,
            subject: row.subject,
            text: row.body_text,
            html: row.body_html,
            created_at: row.created_at,
        }
    }
}

/// Makes the routes known.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/api/mailbox").route(web::get().to(list)))
        .service(web::resource("/api/mailbox/{id}").route(web::get().to(get)));
}
