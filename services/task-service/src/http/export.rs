//! Taking along what is kept of oneself.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};
use auth_token::Proven;
use policy::Operation;
use problem::Problem;
use web_kit::download::{PAGE, download, pages};

use crate::app::App;
use crate::store::export::List;

/// Gives, as a file, the tasks the caller is in charge of or created, and the comments they wrote, in this workspace.
/// Dangerous: wants a fresh proof of identity.
#[utoipa::path(
    get,
    path = "/api/tasks/export/me",
    operation_id = "exportMyTasks",
    extensions(("x-policy" = json!(["own_export"]))),
    tag = "tasks",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Object, content_type = "application/json", description = "The lists, each under its name"),
    )
)]
pub(super) async fn me(caller: Proven, app: Data<App>) -> Result<HttpResponse, Problem> {
    let Proven(caller) = caller;
    caller.require(Operation::OwnExport)?;
    // The first page is read before anything is sent, so that a refusal is one.
    app.export_me(&caller, List::InCharge, None, 1).await?;
    let list = |list: List| {
        let (app, caller) = (app.clone(), caller.clone());
        pages(move |after| {
            let (app, caller) = (app.clone(), caller.clone());
            async move { Ok(app.export_me(&caller, list, after, PAGE).await?) }
        })
    };
    let lists = vec![
        ("in_charge", list(List::InCharge)),
        ("created", list(List::Created)),
        ("comments", list(List::Comments)),
    ];
    Ok(download("onus-tasks.json", lists))
}

/// Registers the route of this file.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/api/tasks/export/me").route(web::get().to(me)));
}
