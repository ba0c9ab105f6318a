//! The service's routes.

mod entries;
mod openapi;

pub use entries::routes;
pub use openapi::document;
