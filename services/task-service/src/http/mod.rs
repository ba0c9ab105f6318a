//! The routes: they read requests, call one use case each, and write answers.

mod boards;
mod changes;
mod columns;
mod comments;
mod export;
mod openapi;
mod params;
mod requests;
mod rules;
mod tasks;

use actix_web::http::header::{CONTENT_TYPE, LOCATION};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, HttpResponseBuilder};
use auth_token::Caller;
use serde::Serialize;
use web_kit::{Idempotency, etag};

use crate::app::App;
use crate::commands::By;

pub(crate) use openapi::document;

/// Registers the routes of the public port.
pub(crate) fn routes(app: &App, cfg: &mut ServiceConfig) {
    cfg.app_data(web::Data::new(app.clone()));
    boards::routes(cfg);
    changes::routes(cfg);
    columns::routes(cfg);
    tasks::routes(cfg);
    comments::routes(cfg);
    export::routes(cfg);
}

fn by(caller: Caller, key: Idempotency) -> By {
    By {
        caller,
        key: key.into_inner(),
    }
}

/// An answer that carries a version.
fn versioned(mut answer: HttpResponseBuilder, body: &impl Serialize, version: i64) -> HttpResponse {
    answer.insert_header(etag::header(version)).json(body)
}

/// An answer to a creation.
fn created(body: &impl Serialize, version: i64, location: String) -> HttpResponse {
    let mut answer = HttpResponse::Created();
    answer.insert_header((LOCATION, location));
    versioned(answer, body, version)
}

/// An answer whose JSON is written already.
fn written(json: String, version: i64) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(etag::header(version))
        .insert_header((CONTENT_TYPE, "application/json"))
        .body(json)
}
