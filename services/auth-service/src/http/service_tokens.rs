//! The token endpoint for services, on the internal port. It is the one internal route that asks for no token: whoever
//! comes shows a name and a secret.

use actix_web::{
    HttpRequest, HttpResponse, ResponseError as _,
    http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE},
    web::Data,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use policy::Scopes;
use problem::Problem;
use secrecy::SecretString;
use web_kit::Form;

use super::grant::{ACCESS_TOKEN, TOKEN_EXCHANGE, given, needed};
use crate::{app::App, commands::act_for_person::Delegation, domain::grant::Refused};

/// Gives a service a token of its own (RFC 6749, section 4.4), or one with which it acts for a person (RFC 8693).
pub(super) async fn token(app: Data<App>, request: HttpRequest, form: Form) -> Result<HttpResponse, Problem> {
    let Some(client) = client(&app, &request) else {
        return Ok(unknown_client());
    };
    match needed(&form, "grant_type")? {
        "client_credentials" => Ok(HttpResponse::Ok().json(app.give_service_token(&client).await?)),
        TOKEN_EXCHANGE => {
            let wanted = delegation(client, &form)?;
            Ok(HttpResponse::Ok().json(app.act_for_person(wanted).await?))
        }
        _ => Err(Refused::GrantType.into()),
    }
}

fn delegation(client: String, form: &Form) -> Result<Delegation, Refused> {
    if needed(form, "subject_token_type")? != ACCESS_TOKEN {
        return Err(Refused::Request("subject_token_type"));
    }
    let wanted = given(form, "requested_token_type")?;
    if wanted.is_some_and(|wanted| wanted != ACCESS_TOKEN) {
        return Err(Refused::Request("requested_token_type"));
    }
    // Who acts is the client itself, and one service is enough for one token.
    for none in ["actor_token", "actor_token_type", "resource"] {
        if given(form, none)?.is_some() {
            return Err(Refused::Request(none));
        }
    }
    let scope = given(form, "scope")?.map(str::parse::<Scopes>).transpose();
    Ok(Delegation {
        client,
        subject: SecretString::from(needed(form, "subject_token")?),
        audience: needed(form, "audience")?.to_owned(),
        scope: scope.map_err(|_unknown| Refused::Scope)?,
    })
}

/// The client that the one `Authorization: Basic …` header names and proves.
fn client(app: &App, request: &HttpRequest) -> Option<String> {
    let mut values = request.headers().get_all(AUTHORIZATION);
    let (value, None) = (values.next()?, values.next()) else {
        return None;
    };
    let (scheme, pair) = value.to_str().ok()?.split_once(' ')?;
    let pair = STANDARD.decode(pair.trim()).ok()?;
    let (name, secret) = std::str::from_utf8(&pair).ok()?.split_once(':')?;
    let known = scheme.eq_ignore_ascii_case("basic") && app.clients.knows(name, secret);
    known.then(|| name.to_owned())
}

/// The refusal names the scheme that is taken here (RFC 6749, section 5.2).
fn unknown_client() -> HttpResponse {
    let mut answer = Problem::from(Refused::Client).error_response();
    answer
        .headers_mut()
        .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"onus\""));
    answer
}
