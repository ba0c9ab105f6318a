//! The API document, which the web app's client is generated from.

use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "notify-service",
        description = "Who hears of changes: the inbox, mail, and what people want of both."
    ),
    paths(
        super::export::me,
        super::notifications::list,
        super::notifications::count,
        super::notifications::read,
        super::preferences::get,
        super::preferences::edit,
        super::mailbox::list,
        super::mailbox::get,
    ),
    modifiers(&Security)
)]
struct Document;

struct Security;

impl utoipa::Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(bearer));
    }
}

/// The OpenAPI document of this service.
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
