//! `/api/preferences`: which mails the caller wants.

use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use auth_token::Caller;
use garde::Validate;
use problem::{Problem, ProblemBody};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web_kit::{Idempotency, IfMatch, Json, etag};

use super::notifications::owner_of;
use crate::app::App;
use crate::commands::set_preferences::set_preferences;
use crate::domain::planning::Wish;
use crate::queries::access::owner;
use crate::store::preferences::{self, Preference};

/// Which mails about changes: all that concern the caller, only those about tasks they are in charge of, or
/// none.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum MailWish {
    /// About everything that concerns me.
    All,
    /// Only about tasks I am in charge of.
    Mine,
    /// None.
    None,
}

impl From<Wish> for MailWish {
    fn from(wish: Wish) -> MailWish {
        match wish {
            Wish::All => MailWish::All,
            Wish::Mine => MailWish::Mine,
            Wish::None => MailWish::None,
        }
    }
}

impl From<MailWish> for Wish {
    fn from(wish: MailWish) -> Wish {
        match wish {
            MailWish::All => Wish::All,
            MailWish::Mine => Wish::Mine,
            MailWish::None => Wish::None,
        }
    }
}

/// The caller's preferences.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Preferences {
    /// Which mails.
    mail: MailWish,
    /// Raised by every change; also the ETag.
    version: i64,
}

/// A change of preferences.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditPreferences {
    /// Which mails.
    #[garde(skip)]
    mail: MailWish,
}

/// The caller's preferences.
#[utoipa::path(
    get,
    path = "/api/preferences",
    operation_id = "getPreferences",
    extensions(("x-policy" = json!(["own_inbox"]))),
    tag = "preferences",
    security(("token" = [])),
    responses(
        (status = 200, description = "The preferences.", body = Preferences, headers(("ETag" = String))),
        (status = 401, description = "There is no valid token.", body = ProblemBody),
        (status = 503, description = "The database is not available.", body = ProblemBody),
    )
)]
pub(super) async fn get(app: web::Data<App>, caller: Caller) -> Result<impl Responder, Problem> {
    let mut conn = app.db.read().await?;
    let owner = owner(&mut conn, &caller).await?;
    let found = preferences::find(&mut conn, owner.workspace, owner.person).await?;
    Ok(answer(found))
}

/// Changes the caller's preferences.
#[utoipa::path(
    patch,
    path = "/api/preferences",
    operation_id = "editPreferences",
    extensions(("x-policy" = json!(["own_inbox"]))),
    tag = "preferences",
    params(
        ("If-Match" = String, Header, description = "The version the writer has seen, in double quotes."),
        ("Idempotency-Key" = Option<String>, Header, description = "Repeating the key repeats the answer."),
    ),
    request_body = EditPreferences,
    security(("token" = [])),
    responses(
        (status = 200, description = "The preferences after the change.", body = Preferences,
            headers(("ETag" = String))),
        (status = 401, description = "There is no valid token.", body = ProblemBody),
        (status = 409, description = "The idempotency key is in flight.", body = ProblemBody),
        (status = 412, description = "They have another version: see `current`.", body = ProblemBody),
        (status = 422, description = "A field is faulty; the problem names it.", body = ProblemBody),
        (status = 428, description = "If-Match is missing.", body = ProblemBody),
        (status = 503, description = "The database is not available.", body = ProblemBody),
    )
)]
pub(super) async fn edit(
    app: web::Data<App>,
    caller: Caller,
    seen: IfMatch,
    key: Idempotency,
    body: Json<EditPreferences>,
) -> Result<impl Responder, Problem> {
    let owner = owner_of(&app, &caller).await?;
    let changed = set_preferences(&app.db, owner, body.mail.into(), seen.0, key.into_inner()).await?;
    Ok(answer(changed))
}

fn answer(found: Preference) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(etag::header(found.version))
        .json(Preferences {
            mail: found.wish.into(),
            version: found.version,
        })
}

/// Makes the routes known.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(
        web::resource("/api/preferences")
            .route(web::get().to(get))
            .route(web::patch().to(edit)),
    );
}
