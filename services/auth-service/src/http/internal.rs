//! Routes for other services, on the internal port.

use actix_web::{HttpResponse, web::Data};
use auth_token::ServiceCaller;
use problem::Problem;
use serde::Serialize;
use web_kit::PathId;

use crate::app::App;

#[derive(Serialize)]
struct Link {
    url: String,
}

/// The link of an open invitation, for the mail that is about to be sent.
pub(super) async fn invitation_link(
    app: Data<App>,
    _service: ServiceCaller,
    id: PathId,
) -> Result<HttpResponse, Problem> {
    let url = app.invitation_link(id.0).await?;
    Ok(HttpResponse::Ok().json(Link { url }))
}
