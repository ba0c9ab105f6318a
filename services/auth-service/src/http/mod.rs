//! The HTTP side: requests become use cases, and what goes wrong becomes problem details.

mod api;
mod bodies;
mod cookie;
mod internal;
mod invitations;
mod me;
mod members;
mod sessions;
mod well_known;

use actix_web::web::{self, Data};
use auth_token::Verifier;

use crate::app::App;

pub use actix_web::web::ServiceConfig;
pub use api::document;

/// The public routes. `verifier` knows our keys already; the server's own would fetch them from us.
pub fn routes(cfg: &mut ServiceConfig, app: &App, verifier: Verifier) {
    cfg.app_data(Data::new(verifier)).app_data(Data::new(app.clone()));
    cfg.service(web::resource("/api/auth/sign-up").route(web::post().to(sessions::sign_up)))
        .service(web::resource("/api/auth/sign-in").route(web::post().to(sessions::sign_in)))
        .service(web::resource("/api/auth/refresh").route(web::post().to(sessions::refresh)))
        .service(web::resource("/api/auth/sign-out").route(web::post().to(sessions::sign_out)))
        .service(
            web::resource("/api/auth/me")
                .route(web::get().to(me::get_me))
                .route(web::patch().to(me::edit_me)),
        )
        .service(web::resource("/api/auth/invitations/inspect").route(web::post().to(invitations::inspect)))
        .service(web::resource("/api/auth/invitations/accept").route(web::post().to(invitations::accept)))
        .service(web::resource("/api/members").route(web::get().to(members::list)))
        .service(
            web::resource("/api/members/{id}")
                .route(web::patch().to(members::change_role))
                .route(web::delete().to(members::remove)),
        )
        .service(
            web::resource("/api/invitations")
                .route(web::get().to(invitations::list))
                .route(web::post().to(invitations::create)),
        )
        .service(web::resource("/api/invitations/{id}").route(web::delete().to(invitations::withdraw)))
        .service(
            web::resource("/.well-known/openid-configuration")
                .route(web::get().to(well_known::configuration)),
        )
        .service(web::resource("/.well-known/jwks.json").route(web::get().to(well_known::jwks)));
}

/// The routes for other services.
pub fn internal_routes(cfg: &mut ServiceConfig, app: &App) {
    cfg.app_data(Data::new(app.clone()));
    cfg.service(
        web::resource("/internal/invitations/{id}/link").route(web::get().to(internal::invitation_link)),
    );
}
