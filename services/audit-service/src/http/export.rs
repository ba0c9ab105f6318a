//! `GET /api/audit/export/me`: taking along what the log says of oneself.

use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};
use auth_token::{Caller, Proven};
use policy::Operation;
use problem::{Problem, ProblemBody};
use web_kit::download::{PAGE, Pages, download, pages};

use crate::app::App;
use crate::domain::filter::{Filter, Log};
use crate::queries::list_entries::list_entries;

/// Gives, as a file, the changes the caller made and what the security log says of their account, in this workspace.
/// Dangerous: wants a fresh proof of identity.
#[utoipa::path(
    get,
    path = "/api/audit/export/me",
    operation_id = "exportMyEntries",
    extensions(("x-policy" = json!(["own_export"]))),
    tag = "audit",
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
    let changes = Filter {
        actor: Some(caller.person),
        ..Filter::default()
    };
    let security = Filter {
        log: Log::Security,
        account: Some(caller.person),
        ..Filter::default()
    };
    let lists = vec![
        ("changes", list(&app, &caller, changes)),
        ("security", list(&app, &caller, security)),
    ];
    Ok(download("onus-history.json", lists))
}

/// The newest entries first, as everywhere.
fn list(app: &web::Data<App>, caller: &Caller, filter: Filter) -> Pages {
    let (app, workspace) = (app.clone(), caller.workspace);
    pages(move |before| {
        let (app, filter) = (app.clone(), filter.clone());
        async move {
            let entries = list_entries(&app.database, workspace, &filter, before, PAGE).await?;
            let texts = entries
                .iter()
                .map(|entry| Ok((entry.index, serde_json::to_string(entry)?)));
            texts
                .collect::<Result<_, serde_json::Error>>()
                .map_err(Problem::internal)
        }
    })
}

/// Makes the route known.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/api/audit/export/me").route(web::get().to(me)));
}
