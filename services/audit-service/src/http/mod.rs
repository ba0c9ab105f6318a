//! The service's routes.

mod entries;
mod export;
mod openapi;

use actix_web::web::ServiceConfig;

pub use openapi::document;

/// Makes the routes known.
pub fn routes(cfg: &mut ServiceConfig) {
    entries::routes(cfg);
    export::routes(cfg);
}
