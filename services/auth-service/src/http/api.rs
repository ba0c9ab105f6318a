//! The API document (OpenAPI 3.1), from which the web app's client is generated.

use problem::{FieldError, ProblemBody};
use utoipa::{
    Modify, OpenApi, ToResponse,
    openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use super::{
    account, api_tokens, external, invitations, me, members, own_data, own_sessions, passkeys, pictures,
    second_factor, service_accounts, sessions, sign_up, well_known, workspace, workspaces,
};

/// Any error: problem details (RFC 9457).
#[derive(ToResponse)]
#[response(description = "Problem details", content_type = "application/problem+json")]
#[expect(dead_code, reason = "only its shape is used, in the document")]
pub(super) struct AnyProblem(ProblemBody);

struct SecuritySchemes;

impl Modify for SecuritySchemes {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let components = api.components.get_or_insert_default();
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let cookie = ApiKey::Cookie(ApiKeyValue::new("__Host-onus_refresh"));
        components.add_security_scheme("refresh_cookie", SecurityScheme::ApiKey(cookie));
    }
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Onus: auth-service", description = "People, workspaces, roles and sessions."),
    modifiers(&SecuritySchemes),
    components(responses(AnyProblem), schemas(ProblemBody, FieldError)),
    tags(
        (name = "sessions", description = "Signing up, in and out"),
        (name = "account", description = "One's own password, address and second factor"),
        (name = "external", description = "Signing in by an identity provider"),
        (name = "me", description = "The signed-in person"),
        (name = "workspaces", description = "The workspaces of a person"),
        (name = "tokens", description = "API tokens, and what they are exchanged for"),
        (name = "service accounts", description = "Members that are programs"),
        (name = "members", description = "Who belongs to the workspace"),
        (name = "invitations", description = "Who is asked to join"),
        (name = "keys", description = "How tokens are verified")
    ),
    paths(
        sign_up::sign_up,
        sign_up::begin_sign_up,
        sign_up::complete_sign_up,
        sessions::options,
        sessions::sign_in,
        sessions::refresh,
        sessions::sign_out,
        own_sessions::present_code,
        own_sessions::step_up,
        own_sessions::list,
        own_sessions::end,
        own_sessions::end_others,
        account::change_password,
        account::forgot_password,
        account::reset_password,
        account::send_verification,
        account::verify_address,
        second_factor::status,
        second_factor::propose,
        second_factor::confirm,
        second_factor::remove,
        second_factor::renew_codes,
        passkeys::begin_enrolment,
        passkeys::enrol,
        passkeys::remove,
        passkeys::begin,
        passkeys::sign_in,
        passkeys::begin_proof,
        external::start,
        external::callback,
        external::complete,
        external::link,
        external::list,
        external::unlink,
        external::logged_out,
        workspaces::list,
        workspaces::create,
        workspaces::switch,
        workspaces::leave,
        workspace::get,
        workspace::edit,
        workspace::delete,
        api_tokens::list,
        api_tokens::create,
        api_tokens::revoke,
        api_tokens::exchange,
        service_accounts::list,
        service_accounts::create,
        service_accounts::remove,
        service_accounts::create_token,
        service_accounts::revoke_token,
        me::get_me,
        me::edit_me,
        pictures::choose,
        pictures::remove,
        own_data::export,
        own_data::erase,
        members::list,
        members::change_role,
        members::remove,
        pictures::get,
        invitations::list,
        invitations::create,
        invitations::withdraw,
        invitations::inspect,
        invitations::accept,
        well_known::configuration,
        well_known::jwks
    )
)]
struct Document;

/// The document.
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
