//! The API document, which the web app's client is generated from.

use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

#[derive(OpenApi)]
#[openapi(
    info(title = "audit-service", description = "What happened to tasks, boards and people, and who did it."),
    paths(super::entries::list, super::entries::list_security, super::export::me),
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
