//! The service's routes.

mod export;
mod mailbox;
mod notifications;
mod openapi;
mod preferences;

use actix_web::web::ServiceConfig;

pub use openapi::document;

/// Makes the routes known.
pub fn routes(cfg: &mut ServiceConfig) {
    export::routes(cfg);
    notifications::routes(cfg);
    preferences::routes(cfg);
    mailbox::routes(cfg);
}
