//! The service's routes.

mod mailbox;
mod notifications;
mod openapi;
mod preferences;

use actix_web::web::ServiceConfig;

pub use openapi::document;

/// Makes the routes known.
pub fn routes(cfg: &mut ServiceConfig) {
    notifications::routes(cfg);
    preferences::routes(cfg);
    mailbox::routes(cfg);
}
