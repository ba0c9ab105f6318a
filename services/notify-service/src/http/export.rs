//! `GET /api/notifications/export/me`: taking along what is kept of oneself.

use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};
use auth_token::Proven;
use policy::Operation;
use problem::{Problem, ProblemBody};
use web_kit::download::{PAGE, download, pages};

use super::notifications::owner_of;
use crate::app::App;
use crate::store::export::{self, List};

/// Gives, as a file, the caller's preferences, notifications and mails in this workspace. Dangerous: wants a fresh proof
/// of identity.
#[utoipa::path(
    get,
    path = "/api/notifications/export/me",
    operation_id = "exportMyNotifications",
    extensions(("x-policy" = json!(["own_export"]))),
    tag = "notifications",
    security(("token" = [])),
    responses(
        (status = 200, body = Object, content_type = "application/json", description = "The lists, each under its name."),
        (status = 401, description = "There is no valid token.", body = ProblemBody),
        (status = 403, description = "A fresh proof of identity is needed.", body = ProblemBody),
        (status = 503, description = "The database is not available.", body = ProblemBody),
    )
)]
pub(super) async fn me(app: web::Data<App>, caller: Proven) -> Result<HttpResponse, Problem> {
    let Proven(caller) = caller;
    caller.require(Operation::OwnExport)?;
    let owner = owner_of(&app, &caller).await?;
    let list = |list: List| {
        let app = app.clone();
        pages(move |after| {
            let app = app.clone();
            async move {
                let mut conn = app.db.read().await?;
                Ok(export::page(&mut conn, owner, list, after, PAGE).await?)
            }
        })
    };
    let lists = vec![
        ("preferences", list(List::Preferences)),
        ("notifications", list(List::Notifications)),
        ("deliveries", list(List::Deliveries)),
        ("mails", list(List::Mails)),
    ];
    Ok(download("onus-notifications.json", lists))
}

/// Makes the route known.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/api/notifications/export/me").route(web::get().to(me)));
}
