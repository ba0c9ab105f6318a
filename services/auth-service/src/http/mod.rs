//! The HTTP side: requests become use cases, and what goes wrong becomes problem details.

mod account;
mod account_bodies;
mod api;
mod api_tokens;
mod arrival;
mod bodies;
mod cookie;
mod external;
mod grant;
mod internal;
mod invitations;
mod me;
mod members;
mod own_data;
mod own_sessions;
mod passkeys;
mod pictures;
mod second_factor;
mod service_accounts;
mod service_tokens;
mod sessions;
mod sign_up;
mod well_known;
mod workspace;
mod workspaces;

use actix_web::web::{self, Data};
use auth_token::{TOKEN_PATH, Verifier};

use crate::app::App;

pub use actix_web::web::ServiceConfig;
pub use api::document;
pub use external::callback_url;
pub use well_known::Configuration;

/// The public routes. `verifier` knows our keys already; the server's own would fetch them from us.
pub fn routes(cfg: &mut ServiceConfig, app: &App, verifier: Verifier) {
    cfg.app_data(Data::new(verifier)).app_data(Data::new(app.clone()));
    cfg.configure(sign_up::routes)
        .service(web::resource("/api/auth/sign-in").route(web::post().to(sessions::sign_in)))
        .service(web::resource("/api/auth/sign-in-options").route(web::get().to(sessions::options)))
        .service(web::resource("/api/auth/refresh").route(web::post().to(sessions::refresh)))
        .service(web::resource("/api/auth/sign-out").route(web::post().to(sessions::sign_out)))
        .configure(own_sessions::routes)
        .configure(own_account)
        .configure(passkeys::routes)
        .configure(external::routes)
        .configure(workspaces::routes)
        .configure(workspace::routes)
        .configure(own_data::routes)
        .configure(pictures::routes)
        .configure(api_tokens::routes)
        .configure(service_accounts::routes)
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

/// One's own password, address and second factor.
fn own_account(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/api/auth/password").route(web::post().to(account::change_password)))
        .service(web::resource("/api/auth/password/forgot").route(web::post().to(account::forgot_password)))
        .service(web::resource("/api/auth/password/reset").route(web::post().to(account::reset_password)))
        .service(
            web::resource("/api/auth/email/send-verification")
                .route(web::post().to(account::send_verification)),
        )
        .service(web::resource("/api/auth/email/verify").route(web::post().to(account::verify_address)))
        .service(web::resource("/api/auth/mfa").route(web::get().to(second_factor::status)))
        .service(
            web::resource("/api/auth/mfa/totp")
                .route(web::post().to(second_factor::propose))
                .route(web::delete().to(second_factor::remove)),
        )
        .service(web::resource("/api/auth/mfa/totp/confirm").route(web::post().to(second_factor::confirm)))
        .service(
            web::resource("/api/auth/mfa/recovery-codes").route(web::post().to(second_factor::renew_codes)),
        );
}

/// The routes for other services, whose tokens are ours as well.
pub fn internal_routes(cfg: &mut ServiceConfig, app: &App, verifier: Verifier) {
    cfg.app_data(Data::new(verifier)).app_data(Data::new(app.clone()));
    cfg.service(web::resource("/internal/sessions/{id}/proof").route(web::get().to(internal::proof)));
    cfg.service(web::resource(TOKEN_PATH).route(web::post().to(service_tokens::token)));
    cfg.service(web::resource("/internal/links/{id}").route(web::get().to(internal::account_link)))
        .service(web::resource("/internal/revocations").route(web::get().to(internal::revocations)));
    cfg.service(
        web::resource("/internal/invitations/{id}/link").route(web::get().to(internal::invitation_link)),
    );
}
